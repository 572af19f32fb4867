"""The thread of one SQLite connection. It knows its jobs, not the wire that makes them."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from ferrow.errors import ConnectionLost, QueryCancelled
from ferrow.wire.sqlite import connect

if TYPE_CHECKING:
    import asyncio

    from ferrow._core import SqliteConnection, SqliteInterrupt
    from ferrow.wire.aio.sqlite import AsyncioSqliteWire
    from ferrow.wire.settings import Settings

_EXIT = 2.0  # seconds that all threads together get to end when the interpreter does


class Job:
    """One operation of a connection and the future of whoever waits for it."""

    __slots__ = ("abandoned", "arguments", "function", "future", "wire")

    def __init__(
        self,
        wire: AsyncioSqliteWire,
        future: asyncio.Future[Any],
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
    ) -> None:
        self.wire: AsyncioSqliteWire = wire
        self.future: asyncio.Future[Any] = future
        self.function: Callable[..., Any] = function
        self.arguments: tuple[Any, ...] = arguments
        self.abandoned: bool = False

    def deliver(self, result: Any, error: BaseException | None) -> None:
        """Called in the loop."""
        self.wire.answered(self)
        if not self.future.done():
            if error is None:
                self.future.set_result(result)
            elif isinstance(error, StopIteration):
                # A future refuses it, as it would end the coroutine that awaits; PEP 479 says what to raise instead.
                stopped = RuntimeError("StopIteration was raised while a result was built")
                stopped.__cause__ = error
                self.future.set_exception(stopped)
            else:
                self.future.set_exception(error)


class Worker:
    """Opens the database, does jobs one after the other, closes the database."""

    __slots__ = ("__weakref__", "_handle", "_jobs", "_killed", "_lock", "_loop", "_pid", "_running", "_thread", "ended")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, settings: Settings, opened: asyncio.Future[SqliteConnection]
    ) -> None:
        self._loop = loop
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        # Held while a job begins and while one is interrupted: an interrupt never hits the job after the one it is meant for.
        self._lock = threading.Lock()
        self._running: Job | None = None
        self._handle: SqliteInterrupt  # set by the thread, before the first job
        self._killed = False
        self.ended: asyncio.Future[None] = loop.create_future()
        self._pid = os.getpid()
        self._thread = threading.Thread(target=self._serve, args=(settings, opened), name="ferrow-sqlite", daemon=True)
        self._thread.start()
        _LIVE.add(self)

    # --- called by others ---

    def put(self, job: Job) -> None:
        self._jobs.put(job)

    def abandon(self, jobs: Iterable[Job]) -> None:
        """Nobody waits for these any more: skip them, or interrupt the one that runs."""
        with self._lock:
            for job in jobs:
                job.abandoned = True
                if job is self._running:
                    self._handle.interrupt()

    def stop(self) -> None:
        """Close once the jobs already put are done."""
        self._jobs.put(None)

    def kill(self) -> None:
        """Close now: interrupt what runs and refuse what waits."""
        if self.elsewhere:
            return  # and the lock may have been held when this process was forked
        with self._lock:
            self._killed = True
            if self._running is not None:
                self._handle.close()
        self._jobs.put(None)

    @property
    def elsewhere(self) -> bool:
        """Whether this is a forked child, which has the connection's memory but not its thread, and must not touch it."""
        return self._pid != os.getpid()

    def join(self, timeout: float | None = None) -> None:
        self._thread.join(timeout)

    # --- the thread ---

    def _serve(self, settings: Settings, opened: asyncio.Future[SqliteConnection]) -> None:
        try:
            core = connect(settings, inline_reads=settings.inline_reads)
        except BaseException as error:
            self._call(_fail, opened, error)
            return
        self._handle = core.interrupt_handle()
        self._call(_succeed, opened, core)
        while (job := self._jobs.get()) is not None:
            self._do(job)
            del job  # its result would live until the next one comes
        core.close()
        self._call(_succeed, self.ended, None)

    def _do(self, job: Job) -> None:
        result: Any = None
        error: BaseException | None = None
        with self._lock:
            if not job.abandoned and not self._killed:
                self._running = job
                self._handle.clear()  # what came too late for the job before
        if self._running is job:
            try:
                result = job.function(*job.arguments)
            except BaseException as raised:
                error = raised
            # Without the lock: an interrupt that still comes is cleared, behind the lock, before the next job begins.
            self._running = None
        elif self._killed:
            error = ConnectionLost("Connection is closed")
        else:
            error = QueryCancelled("the statement was cancelled before it began")
        try:
            self._loop.call_soon_threadsafe(job.deliver, result, error)
        except RuntimeError:
            pass  # the loop has ended, and with it everybody who could want the answer

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:
            pass  # as above


def _succeed(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


_LIVE: weakref.WeakSet[Worker] = weakref.WeakSet()


def _stop_all() -> None:
    """A thread that comes back from the core after the interpreter has gone would be torn out of it."""
    import time

    workers = [worker for worker in _LIVE if not worker.elsewhere]
    for worker in workers:
        worker.kill()
    deadline = time.monotonic() + _EXIT
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))


atexit.register(_stop_all)
