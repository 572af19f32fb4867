"""What the relations of followed instances held when they were last in line with the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ferrow.orm.loading.partial import COLLECTIONS, PARTIAL
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.tie import NOTHING, Tie, ties_of
from ferrow.orm.relations.unloading import unload

if TYPE_CHECKING:
    from ferrow.orm.loading.tree import Node
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.followed import Followed
    from ferrow.orm.unit.unit import Unit


class Some(tuple[Any, ...]):
    """The objects of a collection that was loaded in part."""

    __slots__ = ()


class Remembered:
    """By instance and relation: the object, or a tuple of those in the collection."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[tuple[int, str], tuple[Any, Any]] = {}

    def __bool__(self) -> bool:
        return bool(self._held)

    def was(self, instance: Any, tie: Tie) -> Any:
        """What the relation held; NOTHING if it was not loaded."""
        found = self._held.get((id(instance), tie.key))
        # Another instance may live where one did that was forgotten.
        return found[1] if found is not None and found[0] is instance else NOTHING

    def keep(self, instance: Any, tie: Tie, *, fresh: bool = False) -> None:
        """Remember what it holds now. `fresh`: a row that is new, to which nothing refers but what it says itself."""
        value = tie.value(instance)
        if value.__class__ in COLLECTIONS:
            value = Some(value) if value.__class__ in PARTIAL else tuple(value)
        elif value is NOTHING:
            if not (fresh and tie.relation.many):
                self._held.pop((id(instance), tie.key), None)
                return
            value = ()
        self._held[(id(instance), tie.key)] = (instance, value)

    def keep_loaded(self, plan: Plan[Any], instances: Iterable[Any]) -> None:
        """Remember what loaded or assigned relations hold now, so that defaults (None, an empty collection) are not written as changes."""
        for tie in ties_of(plan) if plan.table.relations else ():
            for one in instances:
                if tie.value(one) is not NOTHING:
                    self.keep(one, tie)

    def hold(self, instance: Any, tie: Tie, value: Any) -> None:
        """Remember that it holds this, as `was` gives it."""
        self._held[(id(instance), tie.key)] = (instance, value)

    def forget(self, instance: Any, tie: Tie) -> None:
        """What it holds in the database is not known any more."""
        self._held.pop((id(instance), tie.key), None)

    def leave(self, instance: Any, tie: Tie) -> None:
        """It was left empty: of a collection nothing is known, and None is no change."""
        if tie.relation.many:
            self._held.pop((id(instance), tie.key), None)
        else:
            self._held[(id(instance), tie.key)] = (instance, None)

    def copy(self) -> dict[tuple[int, str], tuple[Any, Any]]:
        """All of it, for `back`."""
        return dict(self._held)

    def back(self, held: dict[tuple[int, str], tuple[Any, Any]]) -> None:
        """What `copy` gave."""
        self._held = held

    def clear(self) -> None:
        """Remember nothing."""
        self._held = {}


def changed(unit: Followed, instance: Any, tie: Tie) -> bool:
    """Whether a relation holds something else than it did."""
    value = tie.value(instance)
    was = unit.remembered.was(instance, tie)
    if value.__class__ in COLLECTIONS:
        if not isinstance(was, tuple):
            return was is not NOTHING or bool(value)
        if was.__class__ is Some and value.__class__ not in PARTIAL:
            return True  # set as a whole, which nobody knows
        if isinstance(value, (set, frozenset)):  # in no defined order
            return {*map(id, value)} != {*map(id, was)}
        return len(value) != len(was) or any(one is not other for one, other in zip(value, was, strict=True))
    return value is not was and value is not NOTHING


def changed_relations(unit: Followed) -> Iterator[tuple[Any, Tie]]:
    """The followed instances and relations that hold something else than they did."""
    for group in [*unit.groups.values()]:
        if not group.plan.table.relations:
            continue
        ties = {tie.key: tie for tie in ties_of(group.plan)}
        for instance, key in group.watch.changed_relations(group.instances, unit.remembered._held):
            if changed(unit, instance, ties[key]):
                yield instance, ties[key]


def loaded(unit: Unit, instances: Iterable[Any], nodes: Mapping[str, Node]) -> None:
    """Relations were loaded: remember what they hold."""
    for instance in instances:
        for tie in ties_of(plan_of(type(instance), unit.dialect)):
            node = nodes.get(tie.key)
            if node is None:
                continue
            if node.loads:
                unit.remembered.keep(instance, tie)
                if node.tree:
                    _below(unit, tie, tie.members(instance), node)
                elif node.nodes:
                    loaded(unit, tie.members(instance), node.nodes)
            elif node.strategy == "noload":
                # Empty, whatever it held before, and the rows may say something else.
                unit.remembered.leave(instance, tie)


def _below(unit: Unit, tie: Tie, level: list[Any], node: Node) -> None:
    """The same for the levels of a tree."""
    known: set[int] = set()
    while level:
        fresh = [one for one in level if id(one) not in known]
        known.update(map(id, fresh))
        for one in fresh:
            if tie.value(one) is not NOTHING:
                unit.remembered.keep(one, tie)
        loaded(unit, fresh, node.nodes)
        level = [each for one in fresh for each in tie.members(one)]


def forget_changes(unit: Followed) -> None:
    """After a rollback: what relations say that was never written is not there any more."""
    for instance, tie in [*changed_relations(unit)]:
        unload(instance, tie)
        unit.remembered.keep(instance, tie)
