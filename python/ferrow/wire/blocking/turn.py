"""What is left to the thread that has a connection, by one that cannot wait for it."""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable


class Turn:
    """Whose turn it is: `lock`, which its own thread may take again. Whoever has released it calls `over`.

    The lock is the interpreter's own, entered and left by `with`, because a Ctrl-C in a method of ours could leave it taken.
    """

    __slots__ = ("_left", "lock")

    def __init__(self) -> None:
        self.lock = RLock()
        self._left: Callable[[], object] | None = None

    def afterwards(self, work: Callable[[], object]) -> bool:
        """Do `work` now if no other thread has the turn, else at the end of that turn; whether it is done."""
        # First: whoever has the turn looks once more after it, so one of the two sees it.
        self._left = work
        self._catch_up()
        return self._left is None

    def over(self) -> None:
        """Do what was left to this turn; an inner turn of the same thread leaves it to the outer one."""
        if self._left is not None and not self.lock._is_owned():  # type: ignore[attr-defined]  # what Condition asks
            self._catch_up()

    def _catch_up(self) -> None:
        if self.lock.acquire(blocking=False):
            try:
                work, self._left = self._left, None
                if work is not None:
                    work()
            finally:
                self.lock.release()
