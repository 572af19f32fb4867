"""The blocking world: every wait blocks the calling thread, so coroutines over it never suspend."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from ferrow.process import pid
from ferrow.wire.blocking import background
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.abc import Waiter, Wire, World
    from ferrow.wire.settings import Settings

T = TypeVar("T")


class ThreadWaiter:
    """A one-shot signal between threads. A bare lock: an Event costs four times as much to make."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def set(self) -> None:
        try:
            self._lock.release()
        except RuntimeError:
            pass  # set before: once is enough

    async def wait(self, timeout: float | None) -> bool:
        if self._lock.acquire(timeout=-1 if timeout is None else max(0.0, timeout)):
            self._lock.release()
            return True
        return False


class BlockingWorld:
    name = "blocking"

    now: staticmethod[[], float] = staticmethod(time.monotonic)

    def waiter(self) -> Waiter:
        return ThreadWaiter()

    def spawn(self, coro: Coroutine[Any, Any, Any]) -> None:
        try:
            drive(coro)
        except Exception:
            import logging

            logging.getLogger("ferrow").exception("a background task failed")

    def detach(self, coro: Coroutine[Any, Any, Any]) -> None:
        background.run(partial(self.spawn, coro))

    async def unless(self, stop: Waiter, coro: Coroutine[Any, Any, T]) -> T | None:
        outcome: list[Callable[[], T]] = []
        try:
            background.run(partial(_kept, coro, outcome, stop))
        except RuntimeError:  # no more threads
            return await coro
        await stop.wait(None)
        return outcome[0]() if outcome else None

    async def finish(self, coro: Coroutine[Any, Any, T]) -> T:
        return await coro

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    async def open(self, settings: Settings) -> Wire:
        if settings.dialect == "sqlite":
            from ferrow.wire.blocking.sqlite import open_sqlite

            return open_sqlite(settings)
        if settings.dialect == "mysql":
            from ferrow.wire.blocking.mysql import open_mysql

            return open_mysql(settings)
        from ferrow.wire.blocking.postgresql import open_postgresql

        return open_postgresql(settings)

    def key(self) -> Any:
        return pid()

    def ended(self, key: Any) -> bool:
        return False

    def call_in(self, key: Any, function: Callable[[], object]) -> None:
        function()


def _kept(coro: Coroutine[Any, Any, T], outcome: list[Callable[[], T]], over: Waiter) -> None:
    """Keep what comes of it for another thread."""
    try:
        result = drive(coro)
        outcome.append(lambda: result)
    except BaseException as error:
        outcome.append(partial(_raised, error))
    finally:
        over.set()


def _raised(error: BaseException) -> NoReturn:
    raise error


BLOCKING: World = BlockingWorld()
