"""Rows that were read on a connection of their own while the same session wrote them elsewhere: what was read is older than what is known."""

from __future__ import annotations

from _thread import RLock
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ferrow.orm.unit.log import Saved

if TYPE_CHECKING:
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.log import Entry


class Reading:
    """The moment in which rows were asked for: `written` is what was committed between this one and the `next`, if there is one already."""

    __slots__ = ("next", "written")

    def __init__(self) -> None:
        self.written: Collection[Entry] = ()
        self.next: Reading | None = None

    def since(self) -> list[Entry]:
        """What was committed after it."""
        found: list[Entry] = []
        moment, later = self, self.next
        while later is not None:
            found += moment.written
            moment, later = later, later.next
        return found


class Overtaken:
    """What the transactions of one unit commit. Only who reads meanwhile knows of it: what lies before the moment that he has, nobody holds."""

    __slots__ = ("_mutex", "now")

    def __init__(self) -> None:
        self._mutex = RLock()  # reentrant for the reason given in engine/shard.py
        self.now: Reading = Reading()

    def note(self, entries: Collection[Entry]) -> None:
        """This is committed, or about to be."""
        if entries:
            with self._mutex:
                before, after = self.now, Reading()
                before.written, before.next = [*entries], after
                self.now = after


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
