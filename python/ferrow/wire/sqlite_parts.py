"""What both SQLite wires have beside plain statements: results in pieces; and what SQLite has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ferrow.errors import NotSupportedError

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape, SqliteCursor
    from ferrow.abc import Params, SqliteWire

NO_COPY = "SQLite has no COPY: write with run_many() (one transaction for all rows), read with stream()"


class SqliteWireCursor:
    """A statement that is stepped through where its connection is used."""

    __slots__ = ("_core", "_wire")

    def __init__(self, wire: SqliteWire, core: SqliteCursor) -> None:
        self._wire = wire
        self._core = core

    @property
    def columns(self) -> tuple[str, ...]:
        return self._core.columns

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        return await self._wire.call(self._core.fetch, limit)

    async def close(self) -> None:
        self._core.close()


class SqliteParts:
    """A part of both SQLite wires."""

    __slots__ = ()

    async def open_cursor(
        self: SqliteWire, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None
    ) -> SqliteWireCursor:
        return SqliteWireCursor(self, await self.call(self.core.open_cursor, sql, params, shape, kinds))

    async def describe(self, sql: str) -> NoReturn:
        raise NotSupportedError(NO_COPY)

    async def copy_in(self, sql: str) -> NoReturn:
        raise NotSupportedError(NO_COPY)

    async def copy_out(self, sql: str) -> NoReturn:
        raise NotSupportedError(NO_COPY)
