"""A wire used from an event loop, one call after the other: in a thread if it blocks, else in tasks of their own.

A caller that is cancelled, or whose deadline passes, leaves at once. What runs for it is told to end where the driver has a way, its
answer is dropped, and what it began outside of a transaction is undone in the thread: the connection stays in order.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow._core import FlatRows
from ferrow.errors import InterfaceError
from ferrow.wire.dbapi.missing import Missing
from ferrow.wire.deadline import late, limit
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc import Params, Status, WireCursor
    from ferrow.wire.dbapi.wire import DbapiWire

T = TypeVar("T")

_AGAIN = 0.05
"""Seconds after which a driver is told a second time to stop; then twice as long each time, up to one."""

Hop = Callable[["Job"], "asyncio.Future[Any]"]
"""Has a job done where the connection is used; the future of what it gives."""


class ThreadedWire(Missing):
    """A `Wire` over one that blocks."""

    __slots__ = ("__weakref__", "_closed", "_hop", "_left", "_loop", "_running", "_wire", "dialect")

    def __init__(self, wire: DbapiWire, hop: Hop) -> None:
        self._wire = wire
        self._hop = hop
        self._loop = asyncio.get_running_loop()
        self._running: Job | None = None
        self._left: set[asyncio.Future[Any]] = set()  # of callers that have gone
        self._closed = False
        self.dialect: str = wire.dialect

    async def _do(self, what: str, timeout: float | None, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        if self._closed:
            raise self._over()
        seconds = limit(timeout, None)
        job = Job(self, work)
        future = self._hop(job)
        try:
            if seconds is None or math.isinf(seconds):
                return await asyncio.shield(future)
            done, _ = await asyncio.wait((future,), timeout=seconds)
            if done:
                return future.result()  # type: ignore[no-any-return]
        except asyncio.CancelledError:
            self._leave(job, future)
            raise
        self._leave(job, future)
        raise late(seconds, what)

    def _over(self) -> InterfaceError:
        return self._wire._over()

    def _leave(self, job: Job, future: asyncio.Future[Any]) -> None:
        """Nobody waits for a job any more."""
        if future.done():
            future.exception() if not future.cancelled() else None
            return
        job.abandoned = True
        self._left.add(future)
        future.add_done_callback(self._ended)
        self._stop(job, future, _AGAIN)

    def _stop(self, job: Job, future: asyncio.Future[Any], again: float) -> None:
        """Tell what runs for a job to end, and once more until it has: it may not have begun to run."""
        if future.done():
            return
        if self._running is job:
            if self._wire.by_task:
                future.cancel()
                return
            if not self._wire.cancel():
                return
        self._loop.call_later(again, self._stop, job, future, min(2 * again, 1.0))

    def _ended(self, future: asyncio.Future[Any]) -> None:
        self._left.discard(future)
        if not future.cancelled():
            future.exception()  # nobody asks

    async def prepared(self) -> None:
        """As of the wire."""
        await self._do("", None, self._wire.prepared)

    # --- statements --------------------------------------------------------------------------------------------------

    async def run(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> Result:
        return await self._do(sql, timeout, lambda: self._wire.run(sql, params, shape, kinds))

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        # Made here: the caller's code is not for another thread.
        every = rows if isinstance(rows, FlatRows) else [*rows]
        return await self._do(sql, timeout, lambda: self._wire.run_many(sql, every, shape, kinds))

    async def script(self, sql: str, timeout: float | None = None) -> None:
        await self._do(sql, timeout, lambda: self._wire.script(sql))

    async def begin(self, sql: str, timeout: float | None = None, *, guarded: bool = False) -> None:
        await self._do(sql, timeout, lambda: self._wire.begin(sql, guarded=guarded))

    async def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]:
        return await self._do("; ".join(statements[:3]), timeout, lambda: self._wire.batch(statements))

    async def open_cursor(
        self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None, timeout: float | None = None
    ) -> WireCursor:
        cursor = await self._do(sql, timeout, lambda: self._wire.open_cursor(sql, params, shape, kinds))
        return ThreadedCursor(self, cursor)

    # --- state -------------------------------------------------------------------------------------------------------

    async def settle(self, timeout: float) -> bool:
        if self._left:
            _, late = await asyncio.wait(self._left, timeout=timeout)
            if late:
                return False
        return not self.closed

    def undo(self) -> bool:
        return False

    async def close(self) -> None:
        if self._closed:
            return
        if asyncio.get_running_loop() is not self._loop:
            self.abort()
            return
        self._closed = True
        await asyncio.shield(self._hop(Job(self, self._wire.close)))

    def abort(self) -> None:
        """Leave the connection as it is: whoever takes it next puts it in order, when what runs has ended."""
        if not self._closed:
            self._closed = True
            self._wire.abort()

    def touch(self) -> None:
        """Say that the session may have been changed."""
        self._wire.touch()

    def probe(self) -> bool:
        return not self.closed

    @property
    def closed(self) -> bool:
        return self._closed or self._wire.closed

    @property
    def busy(self) -> bool:
        return bool(self._left)

    @property
    def status(self) -> Status:
        return self._wire.status

    @property
    def clean(self) -> bool:
        return not (self._left or self._closed) and self._wire.clean

    @property
    def requests(self) -> int:
        return self._wire.requests

    @property
    def backend_pid(self) -> int | None:
        return self._wire.backend_pid

    @property
    def idle(self) -> tuple[float, Status] | None:
        return None

    @property
    def reading(self) -> str:
        return self._wire.reading

    @property
    def server_version(self) -> str:
        return self._wire.server_version

    def facts(self) -> dict[str, Any]:
        return self._wire.facts()

    def __repr__(self) -> str:
        return repr(self._wire)


class Job:
    """One call, in the thread."""

    __slots__ = ("_wire", "_work", "abandoned")

    def __init__(self, wire: ThreadedWire, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self._wire = wire
        self._work = work
        self.abandoned: bool = False

    async def task(self) -> Any:
        """Do it in a task of its own."""
        if self.abandoned:
            return None
        self._wire._running = self
        try:
            return await self._work()
        finally:
            self._wire._running = None

    def __call__(self) -> Any:
        """Do it in a thread."""
        if self.abandoned:
            return None
        self._wire._running = self
        try:
            return drive(self._work())
        except StopIteration as error:
            raise RuntimeError("StopIteration was raised while a result was built") from error
        finally:
            self._wire._running = None


class ThreadedCursor:
    """A `WireCursor` whose rows are fetched in the thread."""

    __slots__ = ("_cursor", "_wire", "columns")

    def __init__(self, wire: ThreadedWire, cursor: WireCursor) -> None:
        self._wire = wire
        self._cursor = cursor
        self.columns: tuple[str, ...] = cursor.columns

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        """As `WireCursor.fetch`."""
        return await self._wire._do("fetch", None, lambda: self._cursor.fetch(limit))

    async def close(self) -> None:
        """As `WireCursor.close`."""
        if not self._wire.closed:
            await self._wire._do("close", None, self._cursor.close)
