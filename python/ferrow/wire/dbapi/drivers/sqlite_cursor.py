"""Rows of sqlite3 in pieces."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow._core import sqlite_result

if TYPE_CHECKING:
    from ferrow._core import Shape
    from ferrow.errors import DatabaseError


class SqliteCursor:
    """A `WireCursor`."""

    __slots__ = ("_cursor", "_done", "_shape", "_sql", "_translated", "columns")

    def __init__(
        self, cursor: sqlite3.Cursor, shape: Shape, sql: str, translated: Callable[[sqlite3.Error, str], DatabaseError]
    ) -> None:
        self._cursor = cursor
        self._shape = shape
        self._sql = sql
        self._translated = translated
        self._done = False
        self.columns: tuple[str | Any, ...] = tuple([column[0] for column in cursor.description or ()])

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        """As `WireCursor.fetch`."""
        if self._done:
            return [], True
        try:
            rows = self._cursor.fetchmany(limit)
        except sqlite3.Error as error:
            raise self._translated(error, self._sql) from error
        if len(rows) < limit:
            await self.close()
        return sqlite_result(rows, self._shape, self.columns).rows, self._done

    async def close(self) -> None:
        """As `WireCursor.close`."""
        self._done = True
        try:
            self._cursor.close()
        except sqlite3.Error:
            pass  # the connection was closed before
