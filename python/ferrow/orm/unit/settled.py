"""What a session has committed, or written at once, inside a transaction that is not its own: undone in memory when that is rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet, ref

from ferrow.engine.context import known
from ferrow.orm.relations.unloading import unload
from ferrow.orm.unit.log import Applied, Inserted, Log, Saved
from ferrow.orm.unit.remembered import changed_relations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ferrow.driver.connection import AsyncConnection
    from ferrow.engine.context import Link
    from ferrow.orm.unit.beginning import Beginning
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.log import Entry


class Settled:
    """The logs of what one unit has done in such transactions, by the innermost that each is in."""

    __slots__ = ("__weakref__", "_applied", "_logs", "_unit")

    def __init__(self, unit: Beginning) -> None:
        self._unit = ref(unit)
        self._logs: dict[Link, Log] = {}
        self._applied: set[Link] = set()  # those whose log knows what relations held before

    def log(self, link: Link) -> Log:
        """Of what is done in `link`."""
        log = self._logs.get(link)
        if log is None:
            log = self._logs[link] = Log()
            if link.guests is None:
                link.guests = WeakSet()
            link.guests.add(self)
        return log

    def note(self, link: Link | None, entries: Iterable[Entry]) -> None:
        """This was committed in `link`, if there is one around it; what nobody holds any more is let go of."""
        if link is None:
            return
        log = self.log(link)
        for entry in entries:
            if isinstance(entry, Saved) or (isinstance(entry, Inserted) and entry.keys):
                entry.instances = None
            elif isinstance(entry, Applied):
                if link in self._applied:
                    entry.follows_another()  # all that relations hold, again and again
                self._applied.add(link)
            log.append(entry)

    def stands(self, link: Link, *, kept: bool) -> None:
        """As `Guest.stands`."""
        log, unit = self._logs.pop(link, None), self._unit()
        self._applied.discard(link)
        if log is None or unit is None:
            return
        if kept:
            outer = link.outer()
            self.note(outer, log)
            if outer is None:
                unit.overtaken.note(log)
        elif unit.link is not None and unit.link.inside(link):
            unit._log[:0] = log  # it is undone with what was written after it, which has not ended
        else:
            _undo(unit, log)

    async def again(self, connection: AsyncConnection, *, nested: bool) -> None:
        """As `Guest.again`."""
        unit = self._unit()
        if unit is not None:
            await unit.again(connection, nested=nested)

    def beside(self) -> list[Entry]:
        """What was done in those that the running code is not in."""
        return [entry for link, log in [*self._logs.items()] if not known(link) for entry in log] if self._logs else []

    def forget(self) -> None:
        """The unit ends."""
        self._logs.clear()
        self._applied.clear()


def _undo(unit: Beginning, log: Log) -> None:
    """Undo it, but nothing that the program has changed since."""
    for group in unit.groups.values():
        group.complete()
    relations = {(id(instance), tie.key) for instance, tie in changed_relations(unit)}
    rows = _rows(log)
    log.undo()
    for group, instance, mine in rows:
        place = group.place(instance)
        if place is not None:
            was = group.snapshots[place]
            group.put(instance, [at for at in group.differing(group.read(instance), was) if at not in mine], was)
    for instance, tie in [*changed_relations(unit)]:
        if (id(instance), tie.key) not in relations:
            unload(instance, tie)
            unit.remembered.keep(instance, tie)


def _rows(log: Log) -> list[tuple[Group, Any, Sequence[int]]]:
    """The followed instances whose rows were changed, and the places of what the program has changed since."""
    found: dict[int, tuple[Group, Any, Sequence[int]]] = {}
    for entry in log:
        if not isinstance(entry, Saved):
            continue
        for key in entry.now:
            instance = entry.group.instances.get(key)
            if instance is not None:
                mine = entry.group.differing(entry.group.read(instance), entry.group.snapshots[key])
                found[id(instance)] = entry.group, instance, mine
    return [*found.values()]
