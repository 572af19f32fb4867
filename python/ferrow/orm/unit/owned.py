"""Foreign keys that have changed, seen by the owners: what is loaded of the old one loses the object, what is loaded of the new one gets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError
from ferrow.orm.loading.keys import reader
from ferrow.orm.loading.partial import COLLECTIONS, PARTIAL
from ferrow.orm.relations.tie import NOTHING, Tie, ties_of
from ferrow.orm.unit.remembered import Some

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.followed import Followed
    from ferrow.orm.unit.group import Group, Values
    from ferrow.orm.unit.remembered import Remembered

Move = tuple[Any, "Values", "Values"]
"""An instance with what its row held, and what it holds."""


def shift(unit: Followed, group: Group, moves: Sequence[Move]) -> Shifted:
    """Have the owners that are followed say whose these instances of a group are; no statement is sent. Returns what undoes it.

    Only what is known is told: a collection that was not loaded, or in part, gets nothing. What comes stands last.
    """
    shifted = Shifted(unit.remembered)
    for owners, tie in _ways(unit, group):
        key, find = _row_reader(group, tie.link.far), _finder(owners, tie)
        changes: dict[int, tuple[Any, dict[int, Any], list[Any]]] = {}
        for one, was, now in moves:
            before, after = key(was), key(now)
            if before == after:
                continue
            old, new = find(before), find(after)
            if old is not None:
                changes.setdefault(id(old), (old, {}, []))[1][id(one)] = one
            if new is not None and _shown(group, tie, one, new):
                changes.setdefault(id(new), (new, {}, []))[2].append(one)
        for owner, gone, came in changes.values():
            shifted.change(owners.plan, tie, owner, gone, came)
    return shifted


def _ways(unit: Followed, group: Group) -> Iterator[tuple[Group, Tie]]:
    """The relations that rest on the foreign keys of the model, with the owners that are followed."""
    for owners in [*unit.groups.values()]:
        for tie in ties_of(owners.plan) if owners.plan.table.relations else ():
            try:
                link = tie.link
            except ModelError:
                continue  # a relation that nobody could use so far
            if not link.belongs and link.junction is None and link.target is group.plan.table:
                yield owners, tie


def _row_reader(group: Group, columns: Sequence[Column]) -> Callable[[Values], Any]:
    """What takes a key out of a row as `loading.keys.reader` takes it off an object."""
    places = [(group.columns.index(column), column.encode) for column in columns]

    def read(row: Values) -> Any:
        values = [row[at] if encode is None or row[at] is None else encode(row[at]) for at, encode in places]
        return None if None in values else values[0] if len(values) == 1 else tuple(values)

    return read


def _finder(owners: Group, tie: Tie) -> Callable[[Any], Any]:
    """What finds the owner with a key. Where owners are followed by something else, all are looked at."""
    near = tie.link.near
    if near == tuple(owners.plan.table.primary_key) and all(column.encode is None for column in near):
        return owners.instances.get
    read = reader(near)
    return {read(one): one for one in owners.instances.values() if read(one) is not None}.get


def _shown(group: Group, tie: Tie, one: Any, owner: Any) -> bool:
    """Whether the new owner shows it: nothing that is marked as deleted; and Pydantic models in a circle could not be serialised."""
    visible = group.plan.table.visible
    if visible is not None and visible.deleted is not None and getattr(one, visible.deleted.key, None) is not None:
        return False
    return not (tie.tree and any(each.said(one) is owner for each in ties_of(group.plan)))


class Shifted:
    """What was taken and given, for the log. `steps` is empty if nothing was."""

    __slots__ = ("_remembered", "steps")

    def __init__(self, remembered: Remembered) -> None:
        self._remembered = remembered
        self.steps: list[tuple[Plan[Any], Tie, Any, _Step | None, _Step | None]] = []

    def change(self, plan: Plan[Any], tie: Tie, owner: Any, gone: dict[int, Any], came: list[Any]) -> None:
        """Take objects out of a relation of an owner, and give it others, both as it is and as it is remembered."""
        value, was = tie.said(owner), self._remembered.was(owner, tie)
        if was is NOTHING or was.__class__ is Some or value.__class__ in PARTIAL:
            came = []
        shown = None if value is NOTHING else _step(value, gone, came)
        known = None if was is NOTHING else _step(was, gone, came)
        if not (shown or known):
            return
        self.steps.append((plan, tie, owner, shown, known))
        if shown is not None:
            _show(plan, tie, owner, shown.made(value))
        if known is not None:
            self._remembered.hold(owner, tie, known.made(was))

    def undo(self) -> None:
        """All is where it was."""
        for plan, tie, owner, shown, known in reversed(self.steps):
            value, was = tie.said(owner), self._remembered.was(owner, tie)
            if shown is not None and value is not NOTHING:
                _show(plan, tie, owner, shown.unmade(value))
            if known is not None and was is not NOTHING:
                self._remembered.hold(owner, tie, known.unmade(was))


class _Step:
    """What is taken out of a value of a relation, by places, and put last."""

    __slots__ = ("put", "taken")

    def __init__(self, value: Any, gone: dict[int, Any], came: list[Any]) -> None:
        members = _members(value)
        there = {id(one) for one in members if id(one) not in gone}
        self.put = [one for one in came if id(one) not in there]
        if self.put and not _is_many(value):  # a single object takes the place of another
            self.put, gone = self.put[-1:], {id(one): one for one in members}
        self.taken = [(at, one) for at, one in enumerate(members) if id(one) in gone]

    def made(self, value: Any) -> Any:
        """The value with the change."""
        gone = {id(one) for _, one in self.taken}
        return _of(value, [*[one for one in _members(value) if id(one) not in gone], *self.put])

    def unmade(self, value: Any) -> Any:
        """The value without it."""
        put = {id(one) for one in self.put}
        members = [one for one in _members(value) if id(one) not in put]
        there = {*map(id, members)}
        for at, one in self.taken:
            if id(one) not in there:
                members.insert(at, one)
        return _of(value, members)


def _step(value: Any, gone: dict[int, Any], came: list[Any]) -> _Step | None:
    """None if nothing changes."""
    made = _Step(value, gone, came)
    return made if made.taken or made.put else None


def _is_many(value: Any) -> bool:
    return isinstance(value, tuple) or value.__class__ in COLLECTIONS


def _members(value: Any) -> list[Any]:
    return list(value) if _is_many(value) else [] if value is None else [value]


def _of(value: Any, members: list[Any]) -> Any:
    """A relation's value with other objects: the same list or set, if it is one."""
    if not _is_many(value):
        return members[-1] if members else None
    if isinstance(value, list):
        value[:] = members
    elif isinstance(value, set):
        value.clear()
        value.update(members)
    else:
        value = type(value)(members)
    return value


def _show(plan: Plan[Any], tie: Tie, owner: Any, value: Any) -> None:
    if tie.said(owner) is not value:
        plan.writer.attach(owner, tie.key, value)
