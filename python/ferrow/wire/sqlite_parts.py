"""What both SQLite wires have beside plain statements: results in pieces, what is known of them, words for what SQLite has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow._core import SQLITE_VERSION
from ferrow.abc import Status
from ferrow.wire.lacking import Lacking
from ferrow.wire.sqlite import STATUS, facts

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape, SqliteConnection, SqliteCursor
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

    dialect = "sqlite"
    idle = None
    refusals = 0
    news = None
    backend_pid = None

    no_codecs = "codecs are for the types of PostgreSQL; SQLite has no types to give them to"
    no_news = "SQLite has no notifications: LISTEN and NOTIFY need postgresql://"
    no_copy = "SQLite has no COPY: write with run_many() (one transaction for all rows), read with stream()"

    __slots__ = ()

    if TYPE_CHECKING:
        _core: SqliteConnection

        @property
        def closed(self) -> bool:
            """As `Wire.closed`."""
            ...

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

    @property
    def core(self) -> SqliteConnection:
        return self._core

    def touch(self) -> None:
        """Nothing: this connection has one owner."""

    def probe(self) -> bool:
        return not self.closed

    @property
    def status(self) -> Status:
        return STATUS[self._core.status]

    @property
    def requests(self) -> int:
        return self._core.requests

    @property
    def server_version(self) -> str:
        return SQLITE_VERSION

    def facts(self) -> dict[str, Any]:
        return facts(self._core)
