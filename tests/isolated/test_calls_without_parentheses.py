"""Texts that write though they look like reads: PostgreSQL says that they do, and none of them may share a connection."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from ferrow.engine.purity import pure

pytestmark = pytest.mark.postgresql

SETUP = """
CREATE SEQUENCE s;
CREATE TABLE done (what text);
CREATE FUNCTION mine(w text) RETURNS int LANGUAGE sql AS 'INSERT INTO done VALUES (w); SELECT 1';
CREATE FUNCTION first(w text) RETURNS int LANGUAGE sql AS 'SELECT mine(w)';
CREATE FUNCTION "join"(w text) RETURNS int LANGUAGE sql AS 'SELECT mine(w)';
CREATE FUNCTION "ran\u212a"() RETURNS int LANGUAGE sql AS $$ SELECT mine('x') $$
"""
WRITES = [
    "SELECT ('s'::regclass).nextval",
    "SELECT g.nextval FROM unnest(ARRAY['s'::regclass]) AS g",
    "SELECT ('x'::text).mine",
    "SELECT (ARRAY['x'])[1].mine",
    "SELECT (SELECT 'x'::text).mine",
    "SELECT 1 --\r, nextval('s')",
    "SELECT 1 -- a\r\n, 1\r -- b\r, mine('x')",
    "SELECT first('x')",
    "SELECT join('x')",
    "SELECT ran\u212a()",
]
STATE = "SELECT (SELECT count(*) FROM done), last_value, is_called FROM s"


@pytest.fixture
def conn(postgresql_url: str) -> Any:
    with driver.connect(postgresql_url) as conn:
        conn.script(SETUP)
        yield conn


@pytest.mark.parametrize("sql", WRITES)
def test_what_writes_is_no_read(conn: Any, sql: str) -> None:
    before = conn.query_one(STATE)
    conn.query(sql)
    assert conn.query_one(STATE) != before
    assert not pure(sql)
