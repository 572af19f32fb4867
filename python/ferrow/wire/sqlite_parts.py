"""What both SQLite wires have beside plain statements: results in pieces; and words for what SQLite has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.wire.lacking import Lacking

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape, SqliteCursor
    from ferrow.abc import Params, SqliteWire


class SqliteWireCursor:
    """A statement that is stepped through where its connection is used."""

    __slots__ = ("_core", "_sql", "_timeout", "_wire")

    def __init__(self, wire: SqliteWire, core: SqliteCursor, sql: str, timeout: float | None) -> None:
        self._sql = sql
        self._timeout = timeout
        self._wire = wire
        self._core = core

    @property
    def columns(self) -> tuple[str, ...]:
        return self._core.columns

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        return await self._wire.call_within(self._sql, self._timeout, self._core.fetch, limit)

    async def close(self) -> None:
        self._core.close()


class SqliteParts(Lacking):
    """A part of both SQLite wires."""

    no_news = "SQLite has no notifications: LISTEN and NOTIFY need postgresql://"
    no_copy = "SQLite has no COPY: write with run_many() (one transaction for all rows), read with stream()"

    __slots__ = ()

    def set_codec(self: SqliteWire, codec: Any) -> None:
        self.core.set_codec(codec)

    def undo(self) -> bool:
        return False  # what is interrupted ends in a moment

    async def open_cursor(
        self: SqliteWire,
        sql: str,
        params: Params,
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> SqliteWireCursor:
        core = await self.call_within(sql, timeout, self.core.open_cursor, sql, params, shape, kinds)
        return SqliteWireCursor(self, core, sql, timeout)
