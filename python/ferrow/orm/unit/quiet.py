"""What a session writes or loads by itself, in the midst of which nothing is flushed: neither by the code that does so, nor by other tasks.

Nor does the block's transaction begin or end meanwhile. What is written by itself would wait for what that transaction holds, and the
transaction's end for whoever waits; and what is undone with a transaction must be what was written in it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import TYPE_CHECKING

from ferrow.errors import PoolTimeout
from ferrow.orm.unit.waiting import Waiting

if TYPE_CHECKING:
    from ferrow.abc import World

_AROUND: ContextVar[tuple[object, ...]] = ContextVar("ferrow_quiet", default=())
"""The quiet blocks around the running code."""


class Quiet(Waiting):
    """The quiet blocks of one unit that are open; those of several tasks may overlap, and end in any order."""

    __slots__ = ("_closing", "_open", "_over")

    def __init__(self, over: Callable[[object], None]) -> None:
        super().__init__()
        self._over = over  # called with what `outermost` was, when that has ended
        self._open: dict[object, bool] = {}  # whether a flush need not wait for it
        self._closing: set[object] = set()

    @property
    def here(self) -> bool:
        """Whether the running code is inside one of them."""
        return bool(self._open) and not self._open.keys().isdisjoint(_AROUND.get())

    @property
    def outermost(self) -> object | None:
        """What the first of them around the running code is known by."""
        return next((one for one in _AROUND.get() if one in self._open), None) if self._open else None

    @staticmethod
    def around() -> tuple[object, ...]:
        """What those around the running code are known by."""
        return _AROUND.get()

    def block(
        self,
        world: World,
        seconds: float,
        *,
        alone: Callable[[], bool],
        waits: Callable[[], bool],
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> QuietBlock:
        """A quiet block.

        Args:
            world: how to wait.
            seconds: how long at most.
            alone: whether it writes outside of the unit's transactions, so that a flush in one of them must not wait for it.
            waits: whether it begins when no transaction is beginning or ending.
            before: what is done first, while nothing is quiet yet.
        """
        return QuietBlock(self, world, seconds, alone, waits, before)

    async def _begin(
        self, world: World, seconds: float, alone: Callable[[], bool], *, waits: bool
    ) -> tuple[object, tuple[object, ...]]:
        mine, around = object(), _AROUND.get()
        while True:
            with self._mutex:
                if not waits or not self._closing or self.here or not self._closing.isdisjoint(around):
                    self._open[mine] = alone()
                    break
                waiter = self._waiter(world)
            waits = await waiter.wait(seconds)
        _AROUND.set((*around, mine))
        return mine, around

    def _end(self, mine: object, around: tuple[object, ...]) -> None:
        _AROUND.set(around)
        with self._mutex:
            del self._open[mine]
        self._over(mine)
        self._wake()

    @asynccontextmanager
    async def closed(self, world: World, seconds: float, late: str | None = None) -> AsyncIterator[None]:
        """While no other task or thread is inside one; but nobody is waited for for ever.

        Raises PoolTimeout with the message `late`, if there is one, where somebody still writes in the unit's transaction.
        """
        mine, around = object(), _AROUND.get()
        with self._mutex:
            self._closing.add(mine)
        _AROUND.set((*around, mine))
        try:
            await self._ended(world, seconds, around, everybody=True)
            if late is not None and self._writing(around, everybody=False):
                raise PoolTimeout(late.format(seconds=seconds))
            yield
        finally:
            _AROUND.set(around)
            with self._mutex:
                self._closing.discard(mine)
            self._wake()

    async def ended(self, world: World, seconds: float) -> bool:
        """Wait for the end of those of other tasks and threads, but not for ever (False), nor for what writes outside of the unit's transactions."""
        return await self._ended(world, seconds, _AROUND.get(), everybody=False)

    async def _ended(self, world: World, seconds: float, around: tuple[object, ...], *, everybody: bool) -> bool:
        while True:
            with self._mutex:
                if not self._writing(around, everybody=everybody):
                    return True
                waiter = self._waiter(world)
            if not await waiter.wait(seconds):
                return False

    def _writing(self, around: tuple[object, ...], *, everybody: bool) -> bool:
        return any((everybody or not alone) and one not in around for one, alone in [*self._open.items()])


class QuietBlock:
    """What `Quiet.block` gives: for one `async with`. Not a generator: each call of a session that writes at once is in one."""

    __slots__ = ("_alone", "_before", "_held", "_quiet", "_seconds", "_waits", "_world")

    def __init__(
        self,
        quiet: Quiet,
        world: World,
        seconds: float,
        alone: Callable[[], bool],
        waits: Callable[[], bool],
        before: Callable[[], Awaitable[None]] | None,
    ) -> None:
        self._quiet = quiet
        self._world = world
        self._seconds = seconds
        self._alone = alone
        self._waits = waits
        self._before = before
        self._held: tuple[object, tuple[object, ...]] | None = None

    async def __aenter__(self) -> None:
        if self._before is not None:
            await self._before()
        self._held = await self._quiet._begin(self._world, self._seconds, self._alone, waits=self._waits())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._held is not None
        self._quiet._end(*self._held)
