"""What a session writes or loads by itself, in the midst of which nothing is flushed: neither by the code that does so, nor by other tasks."""

from __future__ import annotations

from _thread import RLock
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow.abc import Waiter, World

_AROUND: ContextVar[tuple[object, ...]] = ContextVar("ferrow_quiet", default=())
"""The quiet blocks around the running code."""


class Quiet:
    """The quiet blocks of one unit that are open; those of several tasks may overlap, and end in any order."""

    __slots__ = ("_mutex", "_open", "_waiting")

    def __init__(self) -> None:
        self._open: set[object] = set()
        self._waiting: list[Waiter] = []
        self._mutex = RLock()  # reentrant for the reason given in engine/shard.py

    @property
    def here(self) -> bool:
        """Whether the running code is inside one of them."""
        return bool(self._open) and not self._open.isdisjoint(_AROUND.get())

    @contextmanager
    def block(self) -> Iterator[None]:
        """A quiet block."""
        mine, around = object(), _AROUND.get()
        with self._mutex:
            self._open.add(mine)
        _AROUND.set((*around, mine))
        try:
            yield
        finally:
            _AROUND.set(around)
            with self._mutex:
                self._open.discard(mine)
                waiting: list[Waiter] = []
                if not self._open:
                    waiting, self._waiting = self._waiting, waiting
            for one in waiting:
                one.set()

    async def ended(self, world: World, seconds: float) -> None:
        """Wait for the end of those of other tasks and threads, but not for ever."""
        with self._mutex:
            if not self._open or self.here:
                return
            waiter = world.waiter()
            self._waiting.append(waiter)
        await waiter.wait(seconds)
