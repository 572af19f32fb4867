"""The lock of a connection that several threads share, and what is left to the thread that has it."""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable

_release = RLock.release


class Turn(RLock):
    """One thread at a time; its own thread may take it again.

    `afterwards` is for who cannot wait, such as the one that drops a connection: it is done now if nobody has the turn,
    else by the thread that has it, at the end of its turn.
    """

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left: Callable[[], object] | None = None

    def afterwards(self, work: Callable[[], object]) -> bool:
        """Whether `work` has been done by now; else it will be."""
        # First: the thread that has the turn looks once more after it, so one of the two sees it.
        self._left = work
        self._catch_up()
        return self._left is None

    def release(self) -> None:
        """End the turn."""
        _release(self)
        # An inner turn of the same thread is in the middle of something.
        if self._left is not None and not self._is_owned():
            self._catch_up()

    def __exit__(self, *_: object) -> None:
        _release(self)
        if self._left is not None and not self._is_owned():
            self._catch_up()

    def _catch_up(self) -> None:
        if self.acquire(blocking=False):
            try:
                work, self._left = self._left, None
                if work is not None:
                    work()
            finally:
                _release(self)
