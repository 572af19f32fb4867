"""Wires of an event loop: over connections that belong to it, and in a thread over those that block."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

from ferrow.wire.aio import ASYNCIO
from ferrow.wire.dbapi.threaded import Hop, Job, ThreadedWire
from ferrow.wire.dbapi.turn import TaskTurn, ThreadTurn
from ferrow.wire.dbapi.wire import DbapiWire

if TYPE_CHECKING:
    from ferrow.wire.dbapi.hold import Giving, Hold
    from ferrow.wire.settings import Settings


class Threads:
    """The thread of one connection, which is started when it is first needed."""

    __slots__ = ("_executor", "_here")

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._here: bool | None = None

    def hop(self, work: Callable[[], Any]) -> asyncio.Future[Any]:
        """Have `work` called in the thread."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, thread_name_prefix="ferrow-dbapi")
        return asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def hop_for(self, conn: Any) -> Hop:
        """The way to the connection's thread: its own (aiosqlite), one of ours, or none where it may not leave the one it was made in."""
        if (execute := getattr(conn, "_execute", None)) is not None and iscoroutinefunction(execute):
            return lambda work: asyncio.ensure_future(execute(work))
        if self._here is None:
            self._here = isinstance(conn, sqlite3.Connection) and not await self.hop(lambda: _usable(conn))
        return _here if self._here else self.hop

    def last(self, work: Callable[[], Any]) -> None:
        """Have `work` called after everything else, and end the thread; nobody waits for it."""
        if self._executor is None:
            with suppress(Exception):
                work()
        else:
            self._executor.submit(work)
            self.stop()

    def stop(self) -> None:
        """End the thread when it has nothing left to do."""
        if self._executor is not None:
            self._executor.shutdown(wait=False)
            self._executor = None


def _usable(conn: sqlite3.Connection) -> bool:
    """Whether sqlite3 lets another thread use it (`check_same_thread=False`)."""
    try:
        conn.cursor().close()
    except sqlite3.ProgrammingError as error:
        return "thread" not in str(error)
    return True


def _here(work: Callable[[], Any]) -> asyncio.Future[Any]:
    """Call it at once: the loop waits."""
    future = asyncio.get_running_loop().create_future()
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)
    return future


def _task(job: Job) -> asyncio.Future[Any]:
    return asyncio.ensure_future(job.task())


async def open_aio(
    hold: Hold, settings: Settings, conn: Any, threads: Threads, giving: Giving | None = None
) -> ThreadedWire:
    """A wire over the connection, which is ready for it."""
    if hold.driver.awaits:
        native = DbapiWire(hold, settings, TaskTurn(hold), giving)
        # One whose reading is cancelled is closed by some drivers (aiomysql), and it is the program's.
        await ASYNCIO.finish(native.prepared())
        return ThreadedWire(native, _task)
    wire = DbapiWire(hold, settings, ThreadTurn(hold), giving)
    hop = await threads.hop_for(conn)
    found = ThreadedWire(wire, hop)
    await found.prepared()
    return found
