"""Many rows of an INSERT over sqlite3: up to 250 in a statement, which takes a third of the time of one by one, or of `executemany`.

Where all that is asked for is the number of each row (`RETURNING id`), only the first and the last row return it, and the others are
counted: to return one takes as long as to insert it. That is sound where both are the rowid and exactly as far apart as there are rows,
and none was left out, since each new rowid is greater than all before. Where they are not (triggers that insert or ignore, numbers of the
program's own), all is undone and each row is asked.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ferrow._core import sqlite_numbered, sqlite_result, sqlite_rows

if TYPE_CHECKING:
    from ferrow._core import FlatRows, Kinds, Result, Shape
    from ferrow.wire.dbapi.rewritten import ManyRows

_AT_ONCE = 250
_VALUES = 1000
"""Placeholders of a statement, where the library takes as many: versions of old take 999."""
_STEP = 4
_LEAST = 10
"""Rows that are worth counting."""
_POINT = "ferrow_numbers"


class Inserting:
    """The rows of one INSERT, inside a transaction. Its methods raise errors of sqlite3, and DataError."""

    __slots__ = ("_affected", "_cursor", "_kinds", "_many", "_most", "_shape")

    def __init__(self, cursor: sqlite3.Cursor, many: ManyRows, shape: Shape, kinds: Kinds | None) -> None:
        self._affected = 0
        self._cursor = cursor
        self._many = many
        self._shape = shape
        self._kinds = kinds
        values = min(_VALUES, cursor.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))
        self._most = max(1, min(_AT_ONCE, values // (len(many.marks) - 1)))

    def run(self, rows: FlatRows) -> Result:
        """Insert them."""
        many, cursor = self._many, self._cursor
        if not many.after:
            self._send(rows, 0, len(rows), "")
            return sqlite_result([], self._shape, (), rowcount=len(rows))
        promised = None if self._shape.kinds is None else self._shape.kinds.names
        numbers = None
        if promised == ("int",) and len(rows) >= _LEAST:
            cursor.execute(f"SAVEPOINT {_POINT}")
            numbers = self._counted(rows)
            if numbers is None:
                cursor.execute(f"ROLLBACK TO {_POINT}")
            cursor.execute(f"RELEASE {_POINT}")
        if numbers is not None:
            name = many.after.split()[-1].strip('"')
            return sqlite_numbered(numbers.start, len(numbers), self._shape, name)
        found = self._send(rows, 0, len(rows), many.after)
        return sqlite_result(found, self._shape, [column[0] for column in cursor.description], rowcount=len(found))

    def _counted(self, rows: FlatRows) -> range | None:
        """Insert the rows; their numbers, or None where these cannot be told."""
        end = len(rows) - 1
        first = self._asked(rows, 0)
        if first is None:
            return None
        self._affected = 0
        self._send(rows, 1, end, "")
        if self._affected != end - 1:
            return None
        last = self._asked(rows, end)
        return range(first, last + 1) if last is not None and last - first == end else None

    def _asked(self, rows: FlatRows, place: int) -> int | None:
        """Insert one row; its number, if that is its rowid."""
        returned = self._send(rows, place, place + 1, self._many.after)
        (rowid,) = self._cursor.execute("SELECT last_insert_rowid()").fetchone()
        return rowid if returned == [(rowid,)] else None

    def _send(self, rows: FlatRows, start: int, stop: int, after: str) -> list[Any]:
        """Insert `rows[start:stop]`; what they return."""
        found: list[Any] = []
        size, begin = self._most, start
        while begin < stop:
            while size > stop - begin:  # by steps, so that batches of all sizes share a few statements
                size = max(1, size // _STEP)
            text = _text(self._many, size) + after
            for place in range(begin, stop - size + 1, size):
                begin = place + size
                self._cursor.execute(text, sqlite_rows(rows, place, begin, self._kinds))
                if after:
                    found += self._cursor.fetchall()
                else:
                    self._affected += self._cursor.rowcount
        return found


@lru_cache(256)
def _text(many: ManyRows, count: int) -> str:
    return many._replace(after="").of(count, "sqlite")


def inserted(conn: sqlite3.Connection, many: ManyRows, rows: FlatRows, shape: Shape, kinds: Kinds | None) -> Result:
    """Insert rows, each with as many values as the statement has places. Raises as `Inserting`."""
    with closing(conn.cursor(sqlite3.Cursor)) as cursor:
        cursor.row_factory = None
        return Inserting(cursor, many, shape, kinds).run(rows)
