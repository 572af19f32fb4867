"""Tasks and threads that share a unit of work write one after the other, each what was pending when its turn came."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from ferrow.engine.turns import Turns

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine

_WRITING: ContextVar[tuple[Turn, ...]] = ContextVar("ferrow_writing", default=())
"""Whose turn the running code has."""


class Turn:
    """Whose turn it is to write what is pending in one unit.

    Attributes:
        taken: whether somebody writes.
        later: what others have asked for meanwhile. Whoever writes has sorted out what goes with what already.
    """

    __slots__ = ("_turns", "later", "taken")

    def __init__(self) -> None:
        self.taken = False
        self.later: list[Callable[[], None]] = []
        self._turns: Turns | None = None

    @property
    def here(self) -> bool:
        """Whether the running code is what writes."""
        return self.taken and self in _WRITING.get()

    @property
    def elsewhere(self) -> bool:
        """Whether another task or thread does."""
        return self.taken and self not in _WRITING.get()

    @asynccontextmanager
    async def of(self, engine: AsyncEngine) -> AsyncIterator[None]:
        """Wait for the turn, and have it. Raises PoolTimeout if it does not come within the engine's `acquire_timeout`."""
        turns = self._turns
        if turns is None:
            turns = self._turns = Turns()
        await turns.take(engine.world, engine.pool.limits.acquire_timeout)
        around = _WRITING.get()
        _WRITING.set((*around, self))
        self.taken = True
        try:
            yield
        finally:
            self.taken = False
            _WRITING.set(around)
            later, self.later = self.later, []
            for ask in later:
                ask()
            turns.give()
