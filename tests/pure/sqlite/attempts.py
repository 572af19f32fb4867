"""Reads that are tried in the thread of whoever asks."""

from typing import Any

from ferrow._core import Result, Shape, SqliteConnection
from tests.pure.sqlite.ask import TUPLES

COUNT = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?1) SELECT max(x) FROM n"
ENDLESS = 2**62
TRIES = 2000
"""More than enough: the allowance runs out every two hundred reads, and a busy machine makes a read look slow now and then."""


def inline(db: SqliteConnection, sql: str, params: Any = None, shape: Shape = TUPLES) -> Result:
    """The result of a read that runs inline once it is known to be quick."""
    for _ in range(TRIES):
        found = db.attempt(sql, params, shape)
        if found is not None:
            return found
        db.run(sql, params, shape)
    raise AssertionError(f"{sql} never ran inline")


def never(db: SqliteConnection, sql: str, params: Any = None, after: Any = None) -> None:
    """The read does not run inline, not even when it is known to be quick with the parameters `after`."""
    if after is not None:
        inline(db, sql, after)
    for _ in range(3):  # the allowance is one reason for None, and there for the next
        assert db.attempt(sql, params, TUPLES) is None
