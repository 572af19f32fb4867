"""The blocking SQLite wire: the core does the work in the calling thread, without the GIL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow._core import SQLITE_VERSION
from ferrow.abc import Status
from ferrow.errors import NotSupportedError
from ferrow.wire.blocking.sequence import BlockingSequence
from ferrow.wire.sqlite import NO_NEWS, STATUS, connect, facts, no_codecs
from ferrow.wire.sqlite_parts import SqliteParts

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape, SqliteConnection
    from ferrow.abc import Params
    from ferrow.wire.inbox import Reader
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

    news = None
    backend_pid = None

    __slots__ = ("__weakref__", "_core", "_pid", "_settings")

    def __init__(self, core: SqliteConnection, settings: Settings) -> None:
        self._core = core
        self._settings = settings
        self._pid = os.getpid()

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        return self._core.run(sql, params, shape, kinds)

    def run_now(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        """As `run`, for `driver.cursor_sync`: without a coroutine."""
        return self._core.run(sql, params, shape, kinds)

    async def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> Result:
        return self._core.run_many(sql, rows, shape, kinds)

    async def script(self, sql: str) -> None:
        self._core.script(sql)

    async def begin(self, sql: str) -> None:
        self._core.script(sql)

    async def pipeline(self) -> BlockingSequence:
        return BlockingSequence(self._core)

    async def script_within(self, sql: str, timeout: float) -> None:
        await self.script(sql)  # a file on this machine answers, or `busy_timeout` ends the wait

    async def wait_news(self, reader: Reader, timeout: float | None) -> bool:
        raise NotSupportedError(NO_NEWS)

    async def batch(self, statements: tuple[str, ...]) -> list[int]:
        return self._core.batch(statements)

    async def prepare(self, sql: str) -> None:
        self._core.prepare(sql)

    async def clear_cache(self) -> None:
        self._core.clear_cache()

    def set_codec(self, codec: Any) -> None:
        raise no_codecs()

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

    @property
    def requests(self) -> int:
        return self._core.requests

    @property
    def server_version(self) -> str:
        return SQLITE_VERSION

    def facts(self) -> dict[str, Any]:
        return facts(self._core)

    def __repr__(self) -> str:
        return f"{self._settings.redacted} {'closed' if self.closed else self._core.status}"
