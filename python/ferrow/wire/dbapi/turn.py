"""One at a time on a connection, in either colour."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow.wire.dbapi.hold import Hold


class ThreadTurn:
    """A lock of threads, taken with `async with` by coroutines that never suspend."""

    __slots__ = ("_hold", "_lock")

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._lock = threading.Lock()

    async def __aenter__(self) -> None:
        self._lock.acquire()

    async def __aexit__(self, kind: object, error: BaseException | None, _: object) -> None:
        self._lock.release()
        if error is not None:
            self._hold.ended(error)


class TaskTurn(asyncio.Lock):
    """A lock of tasks."""

    def __init__(self, hold: Hold) -> None:
        super().__init__()
        self._hold = hold

    async def __aexit__(self, kind: object, error: BaseException | None, _: object) -> None:
        self.release()
        if error is not None:
            self._hold.ended(error)
