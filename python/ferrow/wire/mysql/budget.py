"""One time for several statements."""

from __future__ import annotations

from time import monotonic


class Deadline:
    """One time for several statements."""

    __slots__ = ("_at",)

    def __init__(self, seconds: float | None) -> None:
        self._at = None if seconds is None else monotonic() + seconds

    def left(self) -> float:
        return float("inf") if self._at is None else max(0.001, self._at - monotonic())
