"""How long single operations take, where the slowest of them are what matters."""

from __future__ import annotations

from time import perf_counter
from types import TracebackType

_PART = 0.99


class Slowest:
    """Times of what runs under it: `with clock`, or `clock.add`."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._since = 0.0

    def clear(self) -> None:
        self._times.clear()

    def add(self, seconds: float) -> None:
        self._times.append(seconds)

    def percentile(self) -> float:
        """What 99 of 100 stay below, in seconds."""
        found = sorted(self._times)
        return found[int(len(found) * _PART)]

    def __enter__(self) -> None:
        self._since = perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._times.append(perf_counter() - self._since)
