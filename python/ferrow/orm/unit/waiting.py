"""Who waits for a change of what several tasks and threads share."""

from __future__ import annotations

from _thread import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow.abc import Waiter, World


class Waiting:
    """Something that changes under `_mutex`; whoever changes it wakes all, who look again."""

    __slots__ = ("_mutex", "_waiting")

    def __init__(self) -> None:
        self._waiting: list[Waiter] = []
        self._mutex = RLock()  # reentrant for the reason given in engine/shard.py

    def _waiter(self, world: World) -> Waiter:
        """To wait by, made while the mutex is held."""
        waiter = world.waiter()
        self._waiting.append(waiter)
        return waiter

    def _wake(self) -> None:
        if self._waiting:
            with self._mutex:
                waiting, self._waiting = self._waiting, []
            for one in waiting:
                one.set()
