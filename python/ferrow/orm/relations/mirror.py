"""The two sides of a relation: what one says after a write, the other says too, where it says anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.model.linking import other_side
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.collection import LISTS
from ferrow.orm.relations.tie import NOTHING, Tie, tie_of

if TYPE_CHECKING:
    from ferrow.sql import Dialect


class Mirror:
    """Sets the other sides. Knows what is in the collections it has looked at."""

    __slots__ = ("_dialect", "_inside")

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._inside: dict[int, tuple[Any, set[int]]] = {}

    def put(self, tie: Tie, one: Any, other: Any) -> None:
        """`one` names `other`: so does `other` name `one`, if there is such a relation and it is a collection that is there, or an object.

        Pydantic models are left alone: objects that refer to each other in a circle could not be serialised.
        """
        back = self.back(tie, other)
        if back is None or back.tree:
            return
        if not back.link.many:
            if back.value(other) is not one:
                plan_of(type(other), self._dialect).writer.assign(other, (back.key,), (one,))
            return
        collection = back.value(other)
        if collection.__class__ not in LISTS:
            return
        if id(collection) not in self._inside:
            self._inside[id(collection)] = (collection, {id(each) for each in collection})
        inside = self._inside[id(collection)][1]
        if id(one) not in inside:
            inside.add(id(one))
            collection.append(one)

    def take(self, tie: Tie, one: Any, other: Any) -> None:
        """`one` names `other` no longer."""
        back = self.back(tie, other)
        if back is None:
            return
        found = back.value(other)
        if back.link.many:
            drop(found, one)
        elif found is one and found is not NOTHING:
            plan_of(type(other), self._dialect).writer.assign(other, (back.key,), (None,))

    def back(self, tie: Tie, other: Any) -> Tie | None:
        """The other side, as a relation of the model of `other`."""
        found = other_side(tie.relation)
        if found is None:
            return None
        plan = plan_of(type(other), self._dialect)
        return tie_of(plan, found.key, "back_populates") if found.key in plan.table.relations else None


def drop(collection: Any, one: Any) -> None:
    """Take an object out of a list, if it is one and has it."""
    if isinstance(collection, list):
        for position, each in enumerate(collection):
            if each is one:
                del collection[position]
                return
