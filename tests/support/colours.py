"""One test body for both call styles.

    async def test_transaction(engine):
        async with entered(engine.transaction()) as tx:
            assert await maybe(tx.execute("DELETE FROM users")) == 3

In the sync colour such a body never suspends, so that `drive` runs it; in the async colour an event loop does.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

from ferrow.wire.drive import drive

T = TypeVar("T")
COLOURS = ("sync", "async")


async def maybe(value: Any) -> Any:
    """The result of a call in either colour."""
    return await value if inspect.isawaitable(value) else value


@asynccontextmanager
async def entered(manager: Any) -> AsyncIterator[Any]:
    """Enter a context manager of either colour."""
    if hasattr(manager, "__enter__"):  # a sync engine has both
        with manager as value:
            yield value
    else:
        async with manager as value:
            yield value


async def items(source: Any) -> list[Any]:
    """All items of an iterable of either colour."""
    return [item async for item in source] if hasattr(source, "__aiter__") else list(source)


class Runner(Protocol):
    """What runs the coroutines of one test, its fixtures included."""

    def run(self, coro: Coroutine[Any, Any, T]) -> T: ...
    def close(self) -> None: ...


class Driven:
    """The sync colour: everything ends within one step."""

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        return drive(coro)

    def close(self) -> None:
        pass


def runner(colour: str) -> Runner:
    """A fresh event loop for `async`; none at all for `sync`."""
    return asyncio.Runner() if colour == "async" else Driven()
