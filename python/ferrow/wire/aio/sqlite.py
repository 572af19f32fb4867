"""The asyncio SQLite wire: one thread per connection, and one hop to it and back per operation that is not a short read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.errors import InterfaceError
from ferrow.wire.aio.deadline import expire
from ferrow.wire.aio.sequence import AsyncioSequence
from ferrow.wire.aio.sqlite_thread import Job, Worker
from ferrow.wire.deadline import limit
from ferrow.wire.sqlite_parts import SqliteParts
from ferrow.wire.sqlite_state import SqliteState

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape, SqliteConnection
    from ferrow.abc import Params
    from ferrow.wire.settings import Settings

T = TypeVar("T")


async def open_sqlite(settings: Settings) -> AsyncioSqliteWire:
    """Open the database. Raises OperationalError, or DatabaseError if it is none; the message names the file."""
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[SqliteConnection] = loop.create_future()
    worker = Worker(loop, settings, opened)
    try:
        return AsyncioSqliteWire(await opened, worker, settings)
    except BaseException:
        worker.stop()  # it closes what it may yet open
        raise


class AsyncioSqliteWire(SqliteState, SqliteParts):
    """One connection of one event loop. Concurrent statements run in the order in which they were made.

    A read that is known to be short runs in the loop's own thread, unless `inline_reads` is off: the core sees to it that it
    ends soon (crates/pycore/src/sqlite/inline.rs), and does nothing if it would not.

    A caller that is cancelled leaves at once; its statement is interrupted (inside a transaction SQLite may roll back all of
    it: then `status` is FAILED) and its answer dropped.
    """

    run_now = rows_now = None

    __slots__ = (
        "__weakref__",
        "_closed",
        "_core",
        "_drained",
        "_inline",
        "_jobs",
        "_limit",
        "_loop",
        "_settings",
        "_worker",
    )

    def __init__(self, core: SqliteConnection, worker: Worker, settings: Settings) -> None:
        self._core = core
        self._worker = worker
        self._settings = settings
        self._limit = settings.command_timeout
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._inline = settings.inline_reads
        # What the thread has not answered yet, whether somebody waits for it or not.
        self._jobs: set[Job] = set()
        self._drained: asyncio.Future[None] | None = None

    # `run` is `call` once more, because a coroutine more is felt in a query of 20 microseconds.

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        # Behind what was asked before, so that order is kept.
        if self._inline and not self._jobs:
            result = self._core.attempt(sql, params, shape, kinds)
            if result is not None:
                return result
        if timeout is not None or self._limit is not None:
            return await self.call_within(sql, timeout, self._core.run, sql, params, shape, kinds)
        job = self._put(self._core.run, (sql, params, shape, kinds))
        try:
            return await job.future  # type: ignore[no-any-return]
        except asyncio.CancelledError:
            self._left(job)
            raise

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        return await self.call_within(sql, timeout, self._core.run_many, sql, rows, shape, kinds)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        await self.call_within(sql, timeout, self._core.script, sql)

    async def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]:
        return await self.call_within("; ".join(statements[:3]), timeout, self._core.batch, statements)

    async def prepare(self, sql: str, timeout: float | None = None) -> None:
        await self.call_within(sql, timeout, self._core.prepare, sql)

    async def clear_cache(self) -> None:
        await self._put(self._core.clear_cache, ()).future

    async def call(self, function: Callable[..., T], *arguments: Any) -> T:
        job = self._put(function, arguments)
        try:
            return await job.future  # type: ignore[no-any-return]
        except asyncio.CancelledError:
            self._left(job)
            raise

    async def call_within(self, what: str, timeout: float | None, function: Callable[..., T], *arguments: Any) -> T:
        seconds = limit(timeout, self._limit)
        if seconds is None:
            return await self.call(function, *arguments)
        job = self._put(function, arguments)
        timer = self._loop.call_later(seconds, self._expire, job, seconds, what)
        try:
            return await job.future  # type: ignore[no-any-return]
        except asyncio.CancelledError:
            self._left(job)
            raise
        finally:
            timer.cancel()

    def _expire(self, job: Job, seconds: float, sql: str) -> None:
        """The caller leaves at its deadline, as if it were cancelled then."""
        if expire(job.future, seconds, sql):
            self._left(job)

    def _put(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Job:
        return self.put(function, arguments, self._loop.create_future())

    def put(self, function: Callable[..., Any], arguments: tuple[Any, ...], future: Any) -> Job:
        """Have the thread call `function(*arguments)`, and settle `future`, which need not be one of asyncio."""
        if self._closed:
            raise InterfaceError("Connection is closed")
        job = Job(self, future, function, arguments)
        self._jobs.add(job)
        self._worker.put(job)
        return job

    def _left(self, job: Job) -> None:
        """The caller of a job is gone."""
        if job in self._jobs:
            self._worker.abandon((job,))

    def left(self, jobs: Iterable[Job]) -> None:
        """The same of several."""
        self._worker.abandon(tuple(jobs))

    def answered(self, job: Job) -> None:
        """Called in the loop when the thread is done with a job."""
        self._jobs.discard(job)
        if not self._jobs and self._drained is not None:
            self._drained.set_result(None)
            self._drained = None

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        await self.call_within(sql, timeout, self._core.begin, sql, guarded)

    async def pipeline(self) -> AsyncioSequence:
        return AsyncioSequence(self)

    async def settle(self, timeout: float) -> bool:
        if self._jobs and not await self._drain(timeout):
            self.abort()
        return not self._closed

    async def _drain(self, timeout: float | None) -> bool:
        """End everything that was asked for. False if that took over `timeout` seconds."""
        self._worker.abandon(tuple(self._jobs))
        if self._drained is None:
            self._drained = self._loop.create_future()
        # `wait`: neither the deadline nor a cancelled caller may cancel what others wait for too.
        done, _ = await asyncio.wait((self._drained,), timeout=timeout)
        return bool(done)

    async def close(self) -> None:
        if asyncio.get_running_loop() is not self._loop or self._worker.elsewhere:
            self.abort()
            return
        self.abort()
        # `wait`: a cancelled caller leaves, others may wait for the same end.
        ended, _ = await asyncio.wait((self._worker.ended,), timeout=self.patience)
        if ended:
            self._worker.join()

    def abort(self) -> None:
        """Close, from any thread and without waiting: the connection's thread closes the file when it is free."""
        self._closed = True
        self._inline = False
        self._worker.kill()

    @property
    def closed(self) -> bool:
        return self._closed

    def refusal(self) -> InterfaceError | None:
        return InterfaceError("Connection is closed") if self._closed else None

    @property
    def busy(self) -> bool:
        return bool(self._jobs)

    @property
    def clean(self) -> bool:
        """As `Wire.clean`."""
        return not (self._jobs or self._closed) and self._core.status == "idle"

    def __del__(self) -> None:
        if not self._closed:
            self._worker.stop()

    def __repr__(self) -> str:
        return f"{self._settings.redacted} {'closed' if self.closed else self._core.status}"
