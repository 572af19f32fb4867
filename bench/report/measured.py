"""The samples of one case."""

from __future__ import annotations

import statistics

from bench.case import Case


class Measured:
    """Times in seconds per operation. Without samples, `trouble` says why."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.trouble: str | None = None
        self.wall: list[float] = []
        self.cpu: list[float] = []
        self.others: list[float] = []
        """The share of the machine that other programs used before each measurement, where known."""

    def add(self, wall: float, cpu: float, others: float | None) -> None:
        """One measurement of a whole run."""
        self.wall.append(wall / self.case.group.ops)
        self.cpu.append(cpu / self.case.group.ops)
        if others is not None:
            self.others.append(others)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        """Of all threads of the client."""
        return statistics.median(self.cpu)

    @property
    def quartiles(self) -> tuple[float, float]:
        if len(self.wall) < 2:
            return self.wall[0], self.wall[0]
        low, _, high = statistics.quantiles(self.wall, n=4)
        return low, high


def best(found: list[Measured], *kinds: str) -> Measured | None:
    """The fastest case of these kinds, by its median."""
    candidates = [one for one in found if one.case.kind in kinds and one.wall]
    return min(candidates, key=lambda one: one.median, default=None)
