"""How long one attempt to connect may take when others are still to come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings


class NoAnswer(Exception):
    """An attempt came to nothing without anybody refusing it; the message says why."""


class Budget:
    """`connect_timeout` for each attempt, within the deadline for all of them."""

    __slots__ = ("_each", "_end")

    def __init__(self, settings: Settings) -> None:
        self._each = settings.connect_timeout or None
        limit = settings.connect_deadline
        self._end = None if limit is None else time.monotonic() + limit

    def share(self, others: int) -> float | None:
        """Seconds for the next attempt, None for no limit. Raises NoAnswer when the deadline has passed.

        What is left until the deadline is divided between it and the `others`: a server that does not answer must not take
        the time of those behind it.
        """
        if self._end is None:
            return self._each
        left = self._end - time.monotonic()
        if left <= 0:
            raise NoAnswer("no time was left for it")
        left /= others + 1
        return left if self._each is None else min(left, self._each)


def silence(seconds: float | None) -> NoAnswer:
    """An attempt that took too long."""
    return NoAnswer("no answer" if seconds is None else f"no answer within {seconds:g} seconds")
