"""The loop over what comes in pieces: what `async for` holds on to, and so what goes when the loop is left."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from ferrow.driver.pieces import AsyncPieces

T = TypeVar("T")


class Loop(Generic[T]):
    """The items of `pieces`, by a generator that closes them at its end.

    Of a generator that is left early only its event loop learns, a turn later, and until then a program that goes on with the
    connection would meet a stream that nobody reads. This object goes at the `break`, and says so at once.
    """

    __slots__ = ("__anext__", "_items", "_pieces")

    __anext__: Callable[[], Awaitable[T]]
    """That of the generator, found in the slot: a method that calls it would cost a third of what a row takes."""

    def __init__(self, pieces: AsyncPieces[T], items: AsyncGenerator[T]) -> None:
        self._pieces = pieces
        self._items = items
        self.__anext__ = items.__anext__

    def __aiter__(self) -> Self:
        return self

    async def aclose(self) -> None:
        """End the loop, as leaving it does, and wait for that."""
        await self._items.aclose()

    def __del__(self) -> None:
        self._pieces._left()
