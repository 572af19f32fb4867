"""Keeps loaded relations of owners in step with rows that are inserted, deleted, or change their foreign keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError
from ferrow.orm.loading.keys import as_uuid, is_uuid, reader
from ferrow.orm.relations.tie import Tie, ties_of
from ferrow.orm.unit.relation_changes import RelationChanges

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.followed import Followed
    from ferrow.orm.unit.group import Group, Values

UpdatedRow = tuple[Any, "Values", "Values"]
"""An instance with what its row held, and what it holds."""

DeletedRow = tuple[Any, "Values"]
"""An instance with what its row held."""


class InverseRelation:
    """A relation of owners that rests on a foreign key of a model; finds the owner's key in a row, or an instance, of the model."""

    __slots__ = ("by_key", "is_deleted", "of_instance", "of_row", "plan", "tie")

    def __init__(self, owners: Plan[Any], plan: Plan[Any], tie: Tie) -> None:
        near, far = tie.link.near, tie.link.far
        self.plan: Plan[Any] = plan
        self.tie: Tie = tie
        self.of_instance: Callable[[Any], Any] = reader(far)
        self.of_row: Callable[[Values], Any] = _row_reader(plan, far)
        self.is_deleted: Callable[[Values], bool] = _is_soft_deleted(plan)
        self.by_key: bool = near == tuple(owners.table.primary_key) and all(column.encode is None for column in near)
        """Whether the foreign key refers to the key by which owners are followed."""

    def finder(self, owners: Group) -> Callable[[Any], Any]:
        """A function from a key to the owner. Builds an index where the foreign key does not refer to the owners' primary key."""
        if self.by_key:
            return owners.instances.get
        read = reader(self.tie.link.near)
        return {read(one): one for one in owners.instances.values() if read(one) is not None}.get


def rows_updated(unit: Followed, plan: Plan[Any], updated: Sequence[UpdatedRow]) -> RelationChanges:
    """Move instances between the relations of followed owners, as their foreign keys have changed; no statement is sent.

    A collection that was not loaded, or only in part, gets nothing. New members are appended.
    """
    changes = RelationChanges(unit.remembered)
    for owners, inverse in _inverses(unit, plan):
        key, is_deleted = inverse.of_row, inverse.is_deleted
        moved = [
            (one, before, None if is_deleted(now) else after)
            for one, was, now in updated
            if (before := key(was)) != (after := key(now)) or is_deleted(was) != is_deleted(now)
        ]
        if moved:
            _transfer(changes, inverse, owners, *zip(*moved, strict=True))
    return changes


def rows_inserted(unit: Followed, plan: Plan[Any], instances: Sequence[Any]) -> RelationChanges:
    """The same for instances whose rows were inserted."""
    changes = RelationChanges(unit.remembered)
    for owners, inverse in _inverses(unit, plan):
        _transfer(changes, inverse, owners, instances, [None] * len(instances), [*map(inverse.of_instance, instances)])
    return changes


def rows_deleted(unit: Followed, plan: Plan[Any], gone: Sequence[DeletedRow]) -> RelationChanges:
    """The same for instances whose rows were deleted, softly too. An owner that was given one since it was read loses it as well."""
    changes = RelationChanges(unit.remembered)
    for owners, inverse in _inverses(unit, plan):
        instances, rows = zip(*gone, strict=True)
        for keys in ([*map(inverse.of_row, rows)], [*map(inverse.of_instance, instances)]):
            _transfer(changes, inverse, owners, instances, keys, [None] * len(gone))
    return changes


def _inverses(unit: Followed, plan: Plan[Any]) -> Iterator[tuple[Group, InverseRelation]]:
    """The inverse relations of a model's foreign keys, each with the followed owners."""
    if not unit.remembered:
        return  # no relation is loaded, as is usual where many rows are written
    for owners in [*unit.groups.values()]:
        if owners.instances and owners.plan.table.relations:
            found = plan.inverses.get(owners.plan)
            for inverse in _inverses_between(owners.plan, plan) if found is None else found:
                yield owners, inverse


def _inverses_between(owners: Plan[Any], plan: Plan[Any]) -> Sequence[InverseRelation]:
    """The same for one class of owners; kept with the plan."""
    found, usable = [], True
    for tie in ties_of(owners):
        try:
            link = tie.link
        except ModelError:
            usable = False  # a relation that cannot be resolved, or not yet
            continue
        if not link.belongs and link.junction is None and link.target is plan.table:
            found.append(InverseRelation(owners, plan, tie))
    if usable:
        plan.inverses[owners] = found
    return found


def _transfer(
    changes: RelationChanges,
    inverse: InverseRelation,
    owners: Group,
    instances: Sequence[Any],
    before: Sequence[Any],
    after: Sequence[Any],
) -> None:
    """Take instances from the owners with the keys `before`, and give them to those with the keys `after`."""
    find, tie = inverse.finder(owners), inverse.tie
    # Most often few owners have the relation loaded, or none.
    known = {key: one for key in {*before, *after} if (one := find(key)) is not None and changes.knows(one, tie)}
    if not known:
        return
    by_owner: dict[int, tuple[Any, dict[int, Any], list[Any]]] = {}
    for one, old, new in zip(instances, map(known.get, before), map(known.get, after), strict=True):
        if old is not None and old is not new:
            by_owner.setdefault(id(old), (old, {}, []))[1][id(one)] = one
        if new is not None and _shown(inverse.plan, tie, one, new):
            by_owner.setdefault(id(new), (new, {}, []))[2].append(one)
    for owner, gone, came in by_owner.values():
        changes.change(owners.plan, tie, owner, gone, came)


def _row_reader(plan: Plan[Any], columns: Sequence[Column]) -> Callable[[Values], Any]:
    """A function that takes a key out of a row, as `loading.keys.reader` takes it from an instance."""
    places = [(plan.table.columns.index(column), as_uuid if is_uuid(column) else column.encode) for column in columns]
    if len(places) == 1 and places[0][1] is None:
        found: Callable[[Values], Any] = itemgetter(places[0][0])
        return found

    def read(row: Values) -> Any:
        values = [row[at] if encode is None or row[at] is None else encode(row[at]) for at, encode in places]
        return None if None in values else values[0] if len(values) == 1 else tuple(values)

    return read


def _is_soft_deleted(plan: Plan[Any]) -> Callable[[Values], bool]:
    """A function that tells whether a row is marked as deleted, and so belongs to no owner."""
    visible = plan.table.visible
    if visible is None or visible.deleted is None:
        return lambda row: False
    place = plan.table.columns.index(visible.deleted)
    return lambda row: row[place] is not None


def _shown(plan: Plan[Any], tie: Tie, one: Any, owner: Any) -> bool:
    """Whether the new owner shows it: not if it is marked as deleted, nor in a circle of Pydantic models, which could not be serialised."""
    visible = plan.table.visible
    if visible is not None and visible.deleted is not None and getattr(one, visible.deleted.key, None) is not None:
        return False
    return not (tie.tree and any(each.value(one) is owner for each in ties_of(plan)))
