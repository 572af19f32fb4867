"""Run a coroutine that never waits: what makes one implementation serve both call styles.

In the blocking world every wait happens inside a plain call, so a coroutine comes to its end within one `send`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def drive(coro: Coroutine[Any, Any, T]) -> T:
    """Run `coro` to its end and return its result.

    Raises RuntimeError if it suspends, i.e. if it waits for something other than the blocking world.
    """
    try:
        coro.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    coro.close()
    raise RuntimeError(
        f"{getattr(coro, '__qualname__', coro)!s} waited in the blocking world; "
        "it must take what it waits for from the World it was given"
    )


def drive_iter(iterator: AsyncIterator[T]) -> Iterator[T]:
    """Run an asynchronous iterator step by step; closes it when the consumer stops early."""
    try:
        while True:
            try:
                yield drive(iterator.__anext__())  # type: ignore[arg-type]
            except StopAsyncIteration:
                return
    finally:
        aclose = getattr(iterator, "aclose", None)
        if aclose is not None:
            drive(aclose())
