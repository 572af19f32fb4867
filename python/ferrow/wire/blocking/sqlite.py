"""The blocking SQLite wire: the core does the work in the calling thread, without the GIL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.errors import InterfaceError, QueryTimeout
from ferrow.wire.blocking.sequence import BlockingSequence
from ferrow.wire.deadline import late, limit
from ferrow.wire.sqlite import connect
from ferrow.wire.sqlite_parts import SqliteParts
from ferrow.wire.sqlite_state import SqliteState

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape, SqliteConnection
    from ferrow.abc import Params
    from ferrow.wire.settings import Settings

T = TypeVar("T")


def open_sqlite(settings: Settings) -> BlockingSqliteWire:
    """Open the database. Raises OperationalError, or DatabaseError if it is none; the message names the file."""
    return BlockingSqliteWire(connect(settings), settings)


class BlockingSqliteWire(SqliteState, SqliteParts):
    """One connection. Threads may share it: each statement runs alone, the core sees to that."""

    busy = False
    """A caller cannot leave before its statement has ended."""

    __slots__ = ("__weakref__", "_core", "_limit", "_pid", "_settings", "run_now")

    rows_now = None

    def __init__(self, core: SqliteConnection, settings: Settings) -> None:
        self._core = core
        self._settings = settings
        self._limit = settings.command_timeout
        # As `run`, without a coroutine; the core's own method, because a method of ours would be a frame more.
        self.run_now: Callable[..., Result] = core.run if self._limit is None else self._run_limited
        self._pid = os.getpid()

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        if timeout is not None or self._limit is not None:
            return self._timed(sql, timeout, self._core.run, sql, params, shape, kinds)
        return self._core.run(sql, params, shape, kinds)

    def _run_limited(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        return self._timed(sql, None, self._core.run, sql, params, shape, kinds)

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        return self._timed(sql, timeout, self._core.run_many, sql, rows, shape, kinds)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        self._timed(sql, timeout, self._core.script, sql)

    def _timed(self, sql: str, timeout: float | None, function: Callable[..., T], *arguments: Any) -> T:
        """The core counts the time, waiting for other threads and for locks included. Raises QueryTimeout."""
        seconds = limit(timeout, self._limit)
        try:
            return function(*arguments) if seconds is None else function(*arguments, timeout=seconds)
        except QueryTimeout:
            if seconds is None:
                raise
            raise late(seconds, sql) from None

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        self._timed(sql, timeout, self._core.begin, sql, guarded)

    async def pipeline(self) -> BlockingSequence:
        return BlockingSequence(self._core)

    async def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]:
        return self._timed("; ".join(statements[:3]), timeout, self._core.batch, statements)

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        self._timed(sql, timeout, self._core.prepare, sql)

    async def clear_cache(self) -> None:
        self._core.clear_cache()

    async def call(self, function: Callable[..., T], *arguments: Any) -> T:
        return function(*arguments)

    async def call_within(self, what: str, timeout: float | None, function: Callable[..., T], *arguments: Any) -> T:
        return self._timed(what, timeout, function, *arguments)

    async def settle(self, timeout: float) -> bool:
        return not self._core.closed

    async def close(self) -> None:
        """As `Wire.close`. A statement that another thread is running is interrupted."""
        if self._pid == os.getpid():
            self._core.finish(self.patience)

    def abort(self) -> None:
        """Close. A statement that another thread is running is interrupted, and that thread closes the file."""
        # A forked child must leave its parent's connection alone: closing it would drop the parent's locks.
        if self._pid == os.getpid():
            self._core.close()

    @property
    def closed(self) -> bool:
        return self._core.closed

    def refusal(self) -> InterfaceError | None:
        return InterfaceError("Connection is closed") if self._core.closed else None

    @property
    def clean(self) -> bool:
        """As `Wire.clean`."""
        core = self._core
        return core.status == "idle" and not core.closed

    def __repr__(self) -> str:
        return f"{self._settings.redacted} {'closed' if self.closed else self._core.status}"
