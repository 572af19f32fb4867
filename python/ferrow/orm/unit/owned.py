"""Rows that have come, gone, or changed their foreign keys, seen by the owners: what is loaded of the old one loses the object, what is
loaded of the new one gets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError
from ferrow.orm.loading.keys import reader
from ferrow.orm.relations.tie import Tie, ties_of
from ferrow.orm.unit.shifted import Shifted

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.followed import Followed
    from ferrow.orm.unit.group import Group, Values

Move = tuple[Any, "Values", "Values"]
"""An instance with what its row held, and what it holds."""

Gone = tuple[Any, "Values"]
"""An instance with what its row held."""


class Way:
    """A relation of owners that rests on a foreign key of a model: whose a row is, and an instance."""

    __slots__ = ("by_key", "marked", "of_instance", "of_row", "plan", "tie")

    def __init__(self, owners: Plan[Any], plan: Plan[Any], tie: Tie) -> None:
        near, far = tie.link.near, tie.link.far
        self.plan = plan
        self.tie = tie
        self.of_instance = reader(far)
        self.of_row = _row_reader(plan, far)
        self.marked = _marked(plan)
        self.by_key = near == tuple(owners.table.primary_key) and all(column.encode is None for column in near)
        """Whether it refers to what owners are followed by."""

    def finder(self, owners: Group) -> Callable[[Any], Any]:
        """What finds the owner with a key. Where owners are followed by something else, all are looked at."""
        if self.by_key:
            return owners.instances.get
        read = reader(self.tie.link.near)
        return {read(one): one for one in owners.instances.values() if read(one) is not None}.get


def shift(unit: Followed, plan: Plan[Any], moves: Sequence[Move]) -> Shifted:
    """Have the owners that are followed say whose these instances of a model are; no statement is sent. Returns what undoes it.

    Only what is known is told: a collection that was not loaded, or in part, gets nothing. What comes stands last.
    """
    shifted = Shifted(unit.remembered)
    for owners, way in _ways(unit, plan):
        key, marked = way.of_row, way.marked
        shifts = [
            (one, before, None if marked(now) else after)
            for one, was, now in moves
            if (before := key(was)) != (after := key(now)) or marked(was) != marked(now)
        ]
        if shifts:
            _tell(shifted, way, owners, *zip(*shifts, strict=True))
    return shifted


def arrived(unit: Followed, plan: Plan[Any], instances: Sequence[Any]) -> Shifted:
    """The same for instances whose rows are new."""
    shifted = Shifted(unit.remembered)
    for owners, way in _ways(unit, plan):
        _tell(shifted, way, owners, instances, [None] * len(instances), [*map(way.of_instance, instances)])
    return shifted


def left(unit: Followed, plan: Plan[Any], gone: Sequence[Gone]) -> Shifted:
    """The same for instances whose rows are deleted, or marked. Whoever has got one since it was read loses it, too."""
    shifted = Shifted(unit.remembered)
    for owners, way in _ways(unit, plan):
        instances, rows = zip(*gone, strict=True)
        for keys in ([*map(way.of_row, rows)], [*map(way.of_instance, instances)]):
            _tell(shifted, way, owners, instances, keys, [None] * len(gone))
    return shifted


def _ways(unit: Followed, plan: Plan[Any]) -> Iterator[tuple[Group, Way]]:
    """The relations that rest on the foreign keys of the model, with the owners that are followed."""
    if not unit.remembered:
        return  # nothing is known of any relation, as is usual where much is written
    for owners in [*unit.groups.values()]:
        if owners.instances and owners.plan.table.relations:
            found = plan.owners.get(owners.plan)
            for way in _found(owners.plan, plan) if found is None else found:
                yield owners, way


def _found(owners: Plan[Any], plan: Plan[Any]) -> Sequence[Way]:
    """The same for two models, kept with the plan."""
    found, usable = [], True
    for tie in ties_of(owners):
        try:
            link = tie.link
        except ModelError:
            usable = False  # a relation that nobody could use so far
            continue
        if not link.belongs and link.junction is None and link.target is plan.table:
            found.append(Way(owners, plan, tie))
    if usable:
        plan.owners[owners] = found
    return found


def _tell(
    shifted: Shifted,
    way: Way,
    owners: Group,
    instances: Sequence[Any],
    before: Sequence[Any],
    after: Sequence[Any],
) -> None:
    """Have the owners with the keys `before` lose these instances, and those with the keys `after` get them."""
    find, tie = way.finder(owners), way.tie
    # Most often there are few owners, or none of which anything is known.
    known = {key: one for key in {*before, *after} if (one := find(key)) is not None and shifted.knows(one, tie)}
    if not known:
        return
    changes: dict[int, tuple[Any, dict[int, Any], list[Any]]] = {}
    for one, old, new in zip(instances, map(known.get, before), map(known.get, after), strict=True):
        if old is not None and old is not new:
            changes.setdefault(id(old), (old, {}, []))[1][id(one)] = one
        if new is not None and _shown(way.plan, tie, one, new):
            changes.setdefault(id(new), (new, {}, []))[2].append(one)
    for owner, gone, came in changes.values():
        shifted.change(owners.plan, tie, owner, gone, came)


def _row_reader(plan: Plan[Any], columns: Sequence[Column]) -> Callable[[Values], Any]:
    """What takes a key out of a row as `loading.keys.reader` takes it off an object."""
    places = [(plan.table.columns.index(column), column.encode) for column in columns]
    if len(places) == 1 and places[0][1] is None:
        found: Callable[[Values], Any] = itemgetter(places[0][0])
        return found

    def read(row: Values) -> Any:
        values = [row[at] if encode is None or row[at] is None else encode(row[at]) for at, encode in places]
        return None if None in values else values[0] if len(values) == 1 else tuple(values)

    return read


def _marked(plan: Plan[Any]) -> Callable[[Values], bool]:
    """What tells rows that are marked as deleted: they are nobody's."""
    visible = plan.table.visible
    if visible is None or visible.deleted is None:
        return lambda row: False
    place = plan.table.columns.index(visible.deleted)
    return lambda row: row[place] is not None


def _shown(plan: Plan[Any], tie: Tie, one: Any, owner: Any) -> bool:
    """Whether the new owner shows it: nothing that is marked as deleted; and Pydantic models in a circle could not be serialised."""
    visible = plan.table.visible
    if visible is not None and visible.deleted is not None and getattr(one, visible.deleted.key, None) is not None:
        return False
    return not (tie.tree and any(each.said(one) is owner for each in ties_of(plan)))
