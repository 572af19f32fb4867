"""A lock of tasks, which the task that has it may take again."""

from __future__ import annotations

import asyncio
from typing import Any


class TaskLock:
    """To tasks what `threading.RLock` is to threads."""

    __slots__ = ("_depth", "_lock", "_owner")

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None
        self._depth = 0

    async def acquire(self) -> None:
        """Wait until no other task has it."""
        task = asyncio.current_task()
        if self._owner is not task:
            await self._lock.acquire()
            self._owner = task
        self._depth += 1

    def release(self) -> None:
        """Let go of it as often as it was taken."""
        self._depth -= 1
        if not self._depth:
            self._owner = None
            self._lock.release()
