"""Run a coroutine that never waits: what makes one implementation serve both call styles.

In the blocking world every wait happens inside a plain call, so a coroutine comes to its end within one `send`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

from ferrow._core import drive

__all__ = ["drive", "drive_iter"]

T = TypeVar("T")


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
