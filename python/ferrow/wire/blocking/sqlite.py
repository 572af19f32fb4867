"""The blocking SQLite wire: the core does the work in the calling thread, without the GIL."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.abc import Status
from ferrow.wire.sqlite import STATUS, connect
from ferrow.wire.sqlite_parts import SqliteParts

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape, SqliteConnection
    from ferrow.abc import Params
    from ferrow.wire.settings import Settings

T = TypeVar("T")


def open_sqlite(settings: Settings) -> BlockingSqliteWire:
    """Open the database. Raises OperationalError, or DatabaseError if it is none; the message names the file."""
    return BlockingSqliteWire(connect(settings), settings)


class BlockingSqliteWire(SqliteParts):
    """One connection. Threads may share it: each statement runs alone, the core sees to that."""

    dialect = "sqlite"

    busy = False
    """A caller cannot leave before its statement has ended."""

    __slots__ = ("__weakref__", "_core", "_pid", "_settings")

    def __init__(self, core: SqliteConnection, settings: Settings) -> None:
        self._core = core
        self._settings = settings
        self._pid = os.getpid()

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        return self._core.run(sql, params, shape, kinds)

    async def run_many(
        self, sql: str, rows: Sequence[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> Result:
        return self._core.run_many(sql, rows, shape, kinds)

    async def script(self, sql: str) -> None:
        self._core.script(sql)

    async def call(self, function: Callable[..., T], *arguments: Any) -> T:
        return function(*arguments)

    async def settle(self, timeout: float) -> bool:
        return not self._core.closed

    async def close(self) -> None:
        if self._pid == os.getpid():
            self._core.finish()

    def abort(self) -> None:
        """Close. A statement that another thread is running is interrupted, and that thread closes the file."""
        # A forked child must leave its parent's connection alone: closing it would drop the parent's locks.
        if self._pid == os.getpid():
            self._core.close()

    @property
    def core(self) -> SqliteConnection:
        return self._core

    def touch(self) -> None:
        """Nothing: this connection has one owner."""

    def probe(self) -> bool:
        return not self.closed

    @property
    def closed(self) -> bool:
        return self._core.closed

    @property
    def status(self) -> Status:
        return STATUS[self._core.status]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._settings.redacted} {'closed' if self.closed else self._core.status}>"
