"""Many rows of an INSERT over sqlite3: a hundred in a statement, which takes a third of the time of one by one, or of `executemany`.

Where all that is asked for is the number of each row (`RETURNING id`), only the first and the last row return it, and the others are
counted: to return one takes as long as to insert it. That is sound where both are the rowid and exactly as far apart as there are rows,
since each new rowid is greater than all before. Where they are not (triggers that insert, numbers of the program's own), all is undone and
each row is asked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from ferrow._core import Kinds, sqlite_result, sqlite_values
from ferrow.errors import DataError

if TYPE_CHECKING:
    from ferrow._core import Result, Shape
    from ferrow.wire.dbapi.rewritten import ManyRows

Rows = Sequence[Sequence[Any]]

_AT_ONCE = 100
_VALUES = 900
"""Placeholders of a statement: versions of old take 999."""
_LEAST = 10
"""Rows that are worth counting."""
_POINT = "ferrow_numbers"


class Inserting:
    """The rows of one INSERT, inside a transaction. Its methods raise errors of sqlite3, and DataError."""

    __slots__ = ("_cursor", "_kinds", "_many", "_shape")

    def __init__(self, cursor: sqlite3.Cursor, many: ManyRows, shape: Shape, kinds: Kinds | None) -> None:
        self._cursor = cursor
        self._many = many
        self._shape = shape
        self._kinds = kinds

    def run(self, rows: Rows) -> Result:
        """Insert them."""
        many, cursor = self._many, self._cursor
        if not many.after:
            self._send(rows, 0, "")
            return sqlite_result([], self._shape, (), rowcount=len(rows))
        promised = None if self._shape.kinds is None else self._shape.kinds.names
        numbers = None
        if promised == ("int",) and len(rows) >= _LEAST:
            cursor.execute(f"SAVEPOINT {_POINT}")
            numbers = self._counted(rows)
            if numbers is None:
                cursor.execute(f"ROLLBACK TO {_POINT}")
            cursor.execute(f"RELEASE {_POINT}")
        found = self._send(rows, 0, many.after) if numbers is None else [*zip(numbers, strict=True)]
        columns = [many.after.split()[-1].strip('"')] if numbers is not None else self._names()
        return sqlite_result(found, self._shape, columns, rowcount=len(found))

    def _names(self) -> list[str]:
        return [column[0] for column in self._cursor.description]

    def _counted(self, rows: Rows) -> range | None:
        """Insert the rows; their numbers, or None where these cannot be told."""
        first = self._asked(rows, 0)
        if first is None:
            return None
        self._send(rows[1:-1], 1, "")
        last = self._asked(rows, len(rows) - 1)
        return range(first, last + 1) if last is not None and last - first == len(rows) - 1 else None

    def _asked(self, rows: Rows, place: int) -> int | None:
        """Insert one row; its number, if that is its rowid."""
        returned = self._send(rows[place : place + 1], place, self._many.after)
        (rowid,) = self._cursor.execute("SELECT last_insert_rowid()").fetchone()
        return rowid if returned == [(rowid,)] else None

    def _send(self, rows: Rows, start: int, after: str) -> list[Any]:
        """Insert rows, of which the first has the place `start`; what they return."""
        found: list[Any] = []
        size = min(_AT_ONCE, max(1, _VALUES // (len(self._many.marks) - 1)))
        for begin in range(0, len(rows), size):
            some = rows[begin : begin + size]
            values = self._stored(some, start + begin)
            self._cursor.execute(_text(self._many, len(some)) + after, values)
            if after:
                found += self._cursor.fetchall()
        return found

    def _stored(self, rows: Rows, start: int) -> Any:
        kinds = self._kinds
        repeated = None if kinds is None else _repeated(kinds.names, len(rows))
        try:
            return sqlite_values([*chain.from_iterable(rows)], repeated)
        except DataError:
            for place, row in enumerate(rows, start + 1):  # it is one of these, and says which
                sqlite_values(row, kinds, place)
            raise


@lru_cache(256)
def _text(many: ManyRows, count: int) -> str:
    return many._replace(after="").of(count, "sqlite")


@lru_cache(256)
def _repeated(names: tuple[str, ...], count: int) -> Kinds:
    return Kinds(names * count)


def inserted(conn: sqlite3.Connection, many: ManyRows, rows: Rows, shape: Shape, kinds: Kinds | None) -> Result:
    """Insert rows, each with as many values as the statement has places. Raises as `Inserting`."""
    with closing(conn.cursor(sqlite3.Cursor)) as cursor:
        cursor.row_factory = None
        return Inserting(cursor, many, shape, kinds).run(rows)
