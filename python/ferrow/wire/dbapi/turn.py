"""One at a time on a connection, in either colour."""

from __future__ import annotations

import threading


class ThreadTurn:
    """A lock of threads, taken with `async with` by coroutines that never suspend."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> None:
        self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()
