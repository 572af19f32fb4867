"""The savepoint of a block that several are told of, since sessions have begun transactions inside each other's."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from ferrow.engine.context import Savepoint


class Savepoints:
    """What keeps a savepoint apart from the statements of each of them."""

    __slots__ = ("_all",)

    def __init__(self, savepoints: list[Savepoint]) -> None:
        self._all = savepoints

    def __enter__(self) -> Self:
        for one in self._all:
            one.__enter__()
        return self

    async def ended(self) -> None:
        """Wait for the statements that have begun."""
        for one in self._all:
            await one.ended()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for one in self._all:
            one.__exit__(kind, error, traceback)
