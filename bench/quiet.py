"""Wait for a moment in which the machine does little else."""

from __future__ import annotations

import time
from pathlib import Path

_STAT = Path("/proc/stat")
SAMPLE = 0.05
"""Seconds over which the load is looked at."""
ENOUGH = 0.3
"""The share of all cores that others may use when a measurement starts."""


def wait(patience: float) -> float | None:
    """Wait up to `patience` seconds; give the share of all cores in use by others, None where the system does not tell."""
    if not _STAT.exists():
        return None
    deadline = time.monotonic() + patience
    while True:
        busy, total = _ticks()
        time.sleep(SAMPLE)
        later_busy, later_total = _ticks()
        share = (later_busy - busy) / max(1, later_total - total)
        if share <= ENOUGH or time.monotonic() >= deadline:
            return share


def _ticks() -> tuple[int, int]:
    with _STAT.open() as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    return sum(fields) - fields[3] - fields[4], sum(fields)
