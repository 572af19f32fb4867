"""What a database gives in pieces and a program reads item by item: at no time more than one piece is here."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from itertools import islice
from sys import is_finalizing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, Self, TypeVar

from ferrow.abc import async_only
from ferrow.driver.loop import Loop
from ferrow.driver.single import Single
from ferrow.errors import DatabaseError, InterfaceError
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.abc import World

T = TypeVar("T")

_MOST = 2**31 - 1
"""Rows that PostgreSQL can be asked for at once; more are in no piece."""


class AsyncPieces(Single, Generic[T]):
    """Items of type `T` that come in pieces; read once, from the beginning to the end or to where it is closed.

    `async for item in pieces`, or `async with pieces as items`, and inside the block loops, `fetch` and `close` in any mixture.
    Leaving a plain loop early closes it; leaving a loop inside the block does not, leaving the block does. One that nobody holds
    any more is closed as well.
    """

    __slots__ = ("__weakref__", "_entered", "_owner", "_ready", "_state")

    _what = "the stream"

    def __init__(self) -> None:
        self._ready: Iterator[T] = iter(())
        self._state: Literal["new", "open", "read", "closed"] = "new"
        self._entered = False
        self._owner: Any = None  # as `World.key`, once it has begun

    # What a subclass says: where it waits, how it begins, what the next piece is (empty at the end), and how it ends.

    def _world(self) -> World:
        raise NotImplementedError

    async def _begin(self) -> None:
        raise NotImplementedError

    async def _piece(self, limit: int | None) -> list[T]:
        raise NotImplementedError

    async def _end(self, complete: bool) -> None:
        raise NotImplementedError

    def _ending(self) -> None:
        """What has to be known at once of an end that a task of its own is about to bring."""

    # ---

    async def _opened(self) -> None:
        if self._state == "new":
            self._state = "open"
            try:
                self._owner = self._world().key()
                await self._begin()
            except BaseException:
                self._state = "closed"
                raise
        elif self._state == "closed":
            raise InterfaceError(f"{self._what} is closed")

    async def _next_piece(self, limit: int | None = None) -> list[T]:
        await self._opened()
        if self._state == "read":
            return []
        try:
            piece = await self._piece(limit)
        except BaseException:
            await self._finish(False)
            raise
        if not piece:
            await self._finish(True, "read")
        return piece

    async def _finish(self, complete: bool, end: Literal["read", "closed"] = "closed") -> None:
        state, self._state = self._state, end  # before waiting: another task that reads it too must find the same end
        self._ready = iter(())
        if state == "new":
            return
        if state != "open":
            self._state = state
            return
        try:
            await self._end(complete)
        except DatabaseError:
            self._state = "closed"
            if complete:
                raise  # else whoever gives up has a better reason than this

    async def _fill(self) -> bool:
        piece = await self._next_piece()
        self._ready = iter(piece)
        return bool(piece)

    async def fetch(self, limit: int | None = None) -> list[T]:
        """The next items, at most `limit` (default: as many as a piece has); an empty list at the end.

        Raises:
            InterfaceError: it is closed, or `limit` is no number of rows.
        """
        if limit is not None:
            limit = rows_at_once("limit", limit)
        if ready := list(islice(self._ready, limit)):
            return ready
        piece = await self._next_piece(limit)
        if limit is None or len(piece) <= limit:
            return piece
        self._ready = iter(piece)  # a COPY brings what the server likes
        return list(islice(self._ready, limit))

    @async_only
    def __aiter__(self) -> AsyncIterator[T]:
        return Loop(self, self._items())  # pyright: ignore[reportReturnType]  # takes its `__anext__` for a method

    async def _items(self) -> AsyncGenerator[T]:
        complete = False
        try:
            while True:
                for item in self._ready:
                    yield item
                if not await self._fill():
                    complete = True
                    return
        finally:
            if not complete and not self._entered:
                await self._finish(False)

    def _left(self) -> None:
        """A plain loop is over. What it did not read to the end is closed by a task, and nobody else's statement comes before that."""
        if self._entered or self._state != "open":
            return
        self._give_up()

    def _give_up(self) -> None:
        world = self._world()
        try:
            here = world.key()
        except RuntimeError:
            here = None
        if here is not self._owner:
            return  # collected by another thread, or after the loop's end: asyncio sees to the generator
        self._ending()
        world.spawn(self._finish(False))

    def __del__(self) -> None:
        # Dropped between two pieces it would keep its connection for ever.
        if self._state == "open" and self._owner is not None and not is_finalizing():
            self._give_up()

    async def __anext__(self) -> T:
        while True:
            for item in self._ready:
                return item
            if not await self._fill():
                raise StopAsyncIteration

    async def close(self) -> None:
        """Give up what was not read. Closing twice is fine."""
        await self._finish(True)

    @async_only
    async def aclose(self) -> None:
        """`close` by the name that `contextlib.aclosing` knows."""
        await self._finish(True)

    async def __aenter__(self) -> Self:
        self._entered = True
        await self._opened()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._finish(error is None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._state}>"


class _Face(Protocol[T]):
    @property
    def _core(self) -> AsyncPieces[T]: ...


class Flat:
    """The loop of the sync twin: one step of the core per piece, not per item."""

    __slots__ = ()

    def __iter__(self: _Face[T]) -> Iterator[T]:
        """The items, from the first one that was not read."""
        core = self._core
        complete = False
        try:
            while True:
                yield from core._ready
                if not drive(core._fill()):
                    complete = True
                    return
        finally:
            if not complete and not core._entered:
                drive(core._finish(False))


def rows_at_once(name: str, number: object) -> int:
    """The number, or what is as good as it. Raises InterfaceError for what is no number of rows."""
    if isinstance(number, bool) or not isinstance(number, int) or number <= 0:
        raise InterfaceError(f"{name} is a number of rows and must be at least 1, not {number!r}")
    return min(number, _MOST)
