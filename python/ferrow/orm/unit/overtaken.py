"""Rows that were read on a connection of their own while the same session wrote them elsewhere: what was read is older than what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from ferrow.orm.unit.log import Saved

if TYPE_CHECKING:
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.log import Entry


class Reading:
    """Rows on their way; `written` is what was committed since they were asked for."""

    __slots__ = ("__weakref__", "written")

    def __init__(self) -> None:
        self.written: list[Entry] = []


class Overtaken:
    """What is read outside of the transactions of one unit, as long as somebody waits for it."""

    __slots__ = ("_readings",)

    def __init__(self) -> None:
        self._readings: WeakSet[Reading] = WeakSet()

    def begin(self) -> Reading:
        """Rows are about to be asked for."""
        reading = Reading()
        self._readings.add(reading)
        return reading

    def note(self, entries: Iterable[Entry]) -> None:
        """This is committed, or about to be."""
        for reading in [*self._readings]:
            reading.written += entries


@contextmanager
def keeping(written: Iterable[Entry]) -> Iterator[None]:
    """While rows are followed that may be older: instances of rows that were written stay as they are."""
    groups: dict[Group, set[Any]] = {}
    for entry in written:
        if isinstance(entry, Saved):
            groups.setdefault(entry.group, set()).update(entry.keys, entry.now)
    for group, keys in groups.items():
        group.kept = keys
    try:
        yield
    finally:
        for group in groups:
            group.kept = frozenset()
