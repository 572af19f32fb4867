"""A test run in several processes (pytest-xdist): how many, in what order, and who must not be disturbed.

Each process has servers of its own, which start with the first test that needs them: what a test does to a whole server
(roles, connections, settings) concerns no other. Files about a marker:

alone   measures time: nothing else runs meanwhile
xdist_group("name")   these tests run in one process, one after the other: they share something dear
slow    begins early, so that the run does not end with one process at work
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MOST = 8
"""Each has a PostgreSQL, a MariaDB and half a gigabyte of its own."""


def processes() -> int:
    """One for each core that this process may use (`taskset` and containers take some away)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(max(cores, 2), MOST)


def ordered(items: list[pytest.Item]) -> list[pytest.Item]:
    """Groups first, then what is slow, then the rest; what must be alone waits for the end, when little else is left."""
    for item in items:
        if item.get_closest_marker("alone"):
            item.add_marker(pytest.mark.xdist_group("alone"))
    return sorted(items, key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("alone"):
        return 3
    if item.get_closest_marker("xdist_group"):
        return 0
    return 1 if item.get_closest_marker("slow") else 2


class Quiet:
    """Lets tests run beside those of the other processes, or, where they are marked so, alone."""

    def __init__(self, folder: Path) -> None:
        self._gate, self._room = folder / "gate.lock", folder / "room.lock"

    @contextmanager
    def of(self, item: pytest.Item) -> Iterator[None]:
        """For the time of one test."""
        alone = item.get_closest_marker("alone") is not None
        # Whoever must be alone holds the gate while those before him leave the room: nobody new gets in.
        with locked(self._gate, shared=False):
            room = locked(self._room, shared=not alone)
            room.__enter__()
        try:
            yield
        finally:
            room.__exit__(None, None, None)


@contextmanager
def locked(path: Path, *, shared: bool) -> Iterator[None]:
    """A lock that ends with this process, if not before."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
