"""A test run in several processes (pytest-xdist): how many, in what order, and who must not be disturbed.

Each process has servers of its own, which start with the first test that needs them: what a test does to a whole server
(roles, connections, settings) concerns no other. Two markers are about it:

alone   measures time, or takes most of the memory: nothing else runs meanwhile
slow    begins early, so that the run does not end with one process at work
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support import mariadb, postgres

TOGETHER = ("tests/typing/", "tests/isolated/packaged/")
"""Tests that one process runs one after the other, because what they share takes long to find out."""

MOST = 8
"""Each has a PostgreSQL, a MariaDB and half a gigabyte of its own."""


def processes() -> int:
    """One for each core that this process may use, and one more: many tests wait.

    0, which is pytest itself, where a server was named: several would get into each other's way there.
    """
    if os.environ.get(postgres.VARIABLE) or os.environ.get(mariadb.VARIABLE):
        return 0
    return min(cores() + 1, MOST)


def cores(control: Path = Path("/sys/fs/cgroup")) -> int:
    """The cores of which this process may use the time: `taskset` takes some away, and a container has a quota."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # "max" is no number; older systems say it elsewhere
        quota, period = (control / "cpu.max").read_text().split()
        return min(there, max(1, round(int(quota) / int(period))))
    return there


def ordered(items: list[pytest.Item]) -> list[pytest.Item]:
    """What is slow first; what must be alone waits for the end, when little else is left."""
    return sorted(items, key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("alone"):
        return 2
    return 0 if item.get_closest_marker("slow") else 1


def scheduler(config: pytest.Config, log: Any) -> Any:
    """Gives each process a test whenever it has ended another; those that are `TOGETHER` come first."""
    from xdist.scheduler import LoadScopeScheduling  # an extra: a run in one process goes without

    class Scheduler(LoadScopeScheduling):  # type: ignore[misc]  # it says no types
        def _split_scope(self, nodeid: str) -> str:
            return next((name for name in TOGETHER if nodeid.startswith(name)), nodeid)

    return Scheduler(config, log)


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
