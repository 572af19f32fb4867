"""sqlite3 with `autocommit=False` (Python 3.12), where there always is a transaction: whether anything has been written in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

_BUSY = 5


class _Told(Exception):
    """What the first step of a copy came to."""


def always(conn: sqlite3.Connection) -> bool:
    """Whether a connection begins the next transaction as soon as one ends. What a closed one, or another thread's, cannot say is left to
    the statement to find out."""
    try:
        return getattr(conn, "autocommit", None) is False
    except sqlite3.ProgrammingError:
        return False


def pending(conn: sqlite3.Connection) -> bool:
    """Whether its transaction has changed anything that is neither committed nor rolled back.

    sqlite3 shows this nowhere, and counts of changes know nothing of CREATE, nor of the end of a transaction. But SQLite copies no database
    whose connection is writing. A page into memory takes 50 microseconds.

    Raises:
        sqlite3.OperationalError: another process has locked the database for longer than the connection waits.
    """
    if _step(conn) != _BUSY:
        return False
    conn.execute(
        "SELECT 1 FROM sqlite_master"
    ).close()  # or is it another one's lock? While this one reads, nobody gets any.
    return _step(conn) == _BUSY


def _step(conn: sqlite3.Connection) -> int:
    with closing(sqlite3.connect(":memory:")) as aside:
        try:
            conn.backup(aside, pages=1, progress=_stop)
        except _Told as told:
            return int(told.args[0])
    return 0


def _stop(status: int, remaining: int, total: int) -> None:
    raise _Told(status)
