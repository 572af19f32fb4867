"""Collections that were loaded in part: `selectinload(User.posts).where(...)`.

They are lists like any other, of a class of their own, so that nobody takes them for all there is: whatever style a model has, and also
outside of a unit of work. What is appended or taken out is written; what was never there is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ferrow.orm.relations.collection import ManyToManyCollection, PartialLinks


class PartialList(list[Any]):
    """Some objects of a relation, in a list."""

    __slots__ = ()


class PartialSet(set[Any]):
    """Some objects of a relation, in a set."""

    __slots__ = ()


class PartialTuple(tuple[Any, ...]):
    """Some objects of a relation, in a tuple."""

    __slots__ = ()


class PartialFrozenset(frozenset[Any]):
    """Some objects of a relation, in a frozenset."""

    __slots__ = ()


_MADE: dict[Any, Callable[[Iterable[Any]], Any]] = {
    list: PartialList,
    set: PartialSet,
    tuple: PartialTuple,
    frozenset: PartialFrozenset,
}

PARTIAL = frozenset(_MADE.values()) | {PartialLinks}
"""The classes of collections that are not all there is."""

COLLECTIONS = frozenset(_MADE) | PARTIAL | {ManyToManyCollection}
"""The classes of what a relation to many objects holds."""


def partial_of(made: Callable[[Iterable[Any]], Any]) -> Callable[[Iterable[Any]], Any]:
    """What makes a part of a collection that `made` makes as a whole."""
    return _MADE[made]
