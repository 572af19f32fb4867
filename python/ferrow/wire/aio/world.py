"""The asyncio world: every wait is a future of the running loop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.abc import Waiter, Wire, World
    from ferrow.wire.settings import Settings

T = TypeVar("T")


class TaskWaiter:
    """A one-shot signal between tasks of one loop."""

    __slots__ = ("_future",)

    def __init__(self) -> None:
        self._future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def set(self) -> None:
        self._answer(True)

    def _answer(self, value: bool) -> None:
        if not self._future.done():
            self._future.set_result(value)

    async def wait(self, timeout: float | None) -> bool:
        if timeout is None or self._future.done():
            return await self._future
        timer = self._future.get_loop().call_later(max(0.0, timeout), self._answer, False)
        try:
            return await self._future
        finally:
            timer.cancel()


class AsyncioWorld:
    name = "asyncio"

    now: staticmethod[[], float] = staticmethod(time.monotonic)

    key: staticmethod[[], asyncio.AbstractEventLoop] = staticmethod(asyncio.get_running_loop)

    def __init__(self) -> None:
        # The loop holds its tasks only weakly.
        self._tasks: set[asyncio.Task[Any]] = set()

    def waiter(self) -> Waiter:
        return TaskWaiter()

    def spawn(self, coro: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(coro)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    detach = spawn

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logging.getLogger("ferrow").error("a background task failed", exc_info=error)

    async def unless(self, stop: Waiter, coro: Coroutine[Any, Any, T]) -> T | None:
        loop = asyncio.get_running_loop()
        task, stopped = loop.create_task(coro), loop.create_task(stop.wait(None))
        try:
            await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            stopped.cancel()
            if not task.cancel() and not task.cancelled():
                task.exception()  # its caller was cancelled in the turn in which it ended

    async def finish(self, coro: Coroutine[Any, Any, T]) -> T:
        task = asyncio.get_running_loop().create_task(coro)
        cancelled: asyncio.CancelledError | None = None
        while not task.done():
            try:
                await asyncio.wait((task,))
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            if not task.cancelled() and (failed := task.exception()) is not None:
                cancelled.__context__ = failed
            raise cancelled
        return task.result()

    def ended(self, key: asyncio.AbstractEventLoop) -> bool:
        return key.is_closed()

    def call_in(self, key: asyncio.AbstractEventLoop, function: Callable[[], object]) -> None:
        try:
            key.call_soon_threadsafe(function)
        except RuntimeError:  # the loop was closed
            function()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def open(self, settings: Settings) -> Wire:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise InterfaceError(
                "no asyncio event loop is running here: connect inside of asyncio.run(...), or use the classes without Async. "
                "Of other libraries those that run on asyncio do (uvloop, anyio with its asyncio backend), trio does not"
            ) from None
        if settings.dialect == "sqlite":
            from ferrow.wire.aio.sqlite import open_sqlite

            return await open_sqlite(settings)
        if settings.dialect == "mysql":
            from ferrow.wire.aio.mysql import open_mysql

            return await open_mysql(settings)
        from ferrow.wire.aio.postgresql import open_postgresql

        return await open_postgresql(settings)


ASYNCIO: World = AsyncioWorld()
