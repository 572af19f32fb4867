"""Tasks and threads that share a unit of work write one after the other, each what was pending when its turn came."""

from __future__ import annotations

from _thread import RLock
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ferrow.engine.turns import Turns
from ferrow.errors import ProgrammingError

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.unit.log import Log

_WRITING: ContextVar[tuple[object, ...]] = ContextVar("ferrow_writing", default=())
"""The turns that the running code has."""

_LATE = (
    "what is pending could not be written within {seconds:g} s: another task or thread is still writing for the same session. "
    "Those that share a session write one after the other; give each a session of its own"
)


class Turn:
    """Whose turn it is to write what is pending in one unit.

    Attributes:
        mutex: held by who changes what is pending, so that no thread begins to write meanwhile.
        log: of what is written in this turn and committed at its end, whatever comes of the unit's transaction; else None.
    """

    __slots__ = ("_later", "_turns", "_writing", "log", "mutex")

    def __init__(self) -> None:
        self.mutex: RLock = RLock()
        self._turns = Turns(_LATE)
        self._writing: object | None = None  # another one for each turn: a task that was started in one may outlive it
        self._later: list[tuple[object, Callable[[Any], None]]] = []
        self.log: Log | None = None

    @property
    def taken(self) -> bool:
        """Whether somebody writes."""
        return self._writing is not None

    @property
    def here(self) -> bool:
        """Whether the running code is what writes."""
        return self._writing is not None and self._writing in _WRITING.get()

    @property
    def elsewhere(self) -> bool:
        """Whether another task or thread does."""
        return self._writing is not None and self._writing not in _WRITING.get()

    def behind(self, instance: object, ask: Callable[[Any], None]) -> None:
        """Ask for it when the turn ends: who writes has sorted out what goes with what already."""
        self._later.append((instance, ask))

    def waits(self, instance: object) -> bool:
        """Whether something is asked for it then."""
        return any(one is instance for one, _ in self._later)

    def forget(self, instance: object) -> bool:
        """Ask for nothing then; whether there was something."""
        found = self.waits(instance)
        self._later = [(one, ask) for one, ask in self._later if one is not instance]
        return found

    def keep(self, which: Callable[[Any], bool]) -> None:
        """Ask for nothing then but for these."""
        self._later = [(one, ask) for one, ask in self._later if which(one)]

    @asynccontextmanager
    async def of(self, engine: AsyncEngine, undo: Callable[[], None], late: str | None = None) -> AsyncIterator[None]:
        """Wait for the turn, and have it; an exception has `undo` called before it ends. `late`: as for `Turns.take`.

        Raises PoolTimeout if it does not come within the engine's `acquire_timeout`.
        """
        await self._turns.take(engine.world, engine.pool.limits.acquire_timeout, late)
        around, mine = _WRITING.get(), object()
        try:
            _WRITING.set((*around, mine))
            with self.mutex:
                self._writing, self.log = mine, None
            yield
        except BaseException:
            undo()
            raise
        finally:
            _WRITING.set(around)
            try:
                self._end()
            finally:
                self._turns.give()

    def _end(self) -> None:
        with self.mutex:
            self._writing = self.log = None
            later, self._later = self._later, []
            for instance, ask in later:
                # To be deleted, and not inserted after all: there is nothing to delete.
                with suppress(ProgrammingError):
                    ask(instance)
