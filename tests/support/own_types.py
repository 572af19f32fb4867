"""Types that a session has to look up, and connections that find them there."""

from __future__ import annotations

from typing import Any

from tests.support import maybe

SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN short AS text CHECK (length(value) <= 5);
CREATE DOMAIN shorter AS short CHECK (length(value) <= 3);
CREATE TYPE inner_ AS (n integer, "The Name" text);
CREATE TYPE outer_ AS (id bigint, m mood, code shorter, i inner_, all_ inner_[], tags shorter[]);
CREATE TYPE moodrange AS RANGE (subtype = mood);
CREATE TYPE nothing AS ();
CREATE TABLE people (id serial PRIMARY KEY, feels mood NOT NULL DEFAULT 'ok', o outer_);
"""
OUTER = (2**40, "happy", "abc", (1, "x"), [(2, None), None], ["a", None])


async def prepared(pg: Any) -> Any:
    await maybe(pg.script(SCHEMA))
    return pg


async def one(conn: Any, sql: str, *params: Any) -> Any:
    return (await maybe(conn.query_one(sql, list(params))))[0]
