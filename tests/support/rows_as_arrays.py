"""A table whose trigger counts the statements that fill it."""

from __future__ import annotations

from typing import Any

from ferrow._core import Shape
from tests.support import maybe

TUPLES = Shape.tuples()
INSERT = "INSERT INTO t (id, word) VALUES ($1, $2)"
# A trigger for each statement says how many there were.
TABLE = """
CREATE TABLE t (id int PRIMARY KEY, word text CHECK (word <> 'bad'));
CREATE TABLE statements (at serial);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO statements DEFAULT VALUES; RETURN NULL; END';
CREATE TRIGGER noting AFTER INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION noted();
"""


async def _counts(conn: Any) -> tuple[int, int]:
    """Rows, and the statements that wrote them."""
    return tuple(await maybe(conn.query_one("SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM statements)")))


async def _ready(pg: Any) -> None:
    await maybe(pg.script(TABLE))
    await maybe(pg.prepare(INSERT))


def _rows(count: int, first: int = 0) -> list[tuple[int, str]]:
    return [(first + number, f"word {number}") for number in range(count)]
