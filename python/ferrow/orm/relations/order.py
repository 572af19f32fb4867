"""In which order new instances are inserted: levels, each of which only needs the keys of those before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.model.references import all_references
from ferrow.orm.plan import plan_of

if TYPE_CHECKING:
    from ferrow.orm.relations.source import Source
    from ferrow.sql import Dialect


def levels(
    new: Mapping[int, Any], sources: Mapping[int, list[Source]], later: list[Source], dialect: Dialect
) -> Iterator[list[Any]]:
    """The instances, level by level. A level must be inserted before the next one is asked for.

    Where instances refer to each other in a circle, a key that may be NULL is left for later and put into `later`.

    Raises:
        ProgrammingError: a circle without such a key.
    """
    waits: dict[int, set[int]] = {one: set() for one in new}
    _by_source(new, waits, sources, later)
    _by_value(new, waits, dialect)
    after: dict[int, list[int]] = {}
    for one, parents in waits.items():
        for parent in parents:
            after.setdefault(parent, []).append(one)
    left = dict(new)
    ready = [one for one, parents in waits.items() if not parents]
    while left:
        if not ready:
            ready = _broken(left, waits, sources, later, dialect)
        yield [left.pop(one) for one in ready]
        following: dict[int, None] = {}
        for one in ready:
            for child in after.get(one, ()):
                waits[child].discard(one)
                if not waits[child] and child in left:
                    following[child] = None
        ready = list(following)


def _by_source(
    new: Mapping[int, Any], waits: dict[int, set[int]], sources: Mapping[int, list[Source]], later: list[Source]
) -> None:
    """Who gets a key from another new instance waits for it. What one gets from itself comes later."""
    for one in new:
        for source in list(sources.get(one, ())):
            if source.parent is source.child and None in source.key():
                sources[one].remove(source)
                later.append(source)
            elif source.parent is not source.child and id(source.parent) in new:
                waits[one].add(id(source.parent))


def _by_value(new: Mapping[int, Any], waits: dict[int, set[int]], dialect: Dialect) -> None:
    """Foreign keys that were given as values may mean instances that are new as well."""
    keyed: dict[Any, int] = {}
    for one, instance in new.items():
        table = plan_of(type(instance), dialect).table
        key = tuple([getattr(instance, column.key, None) for column in table.primary_key])
        if key and None not in key:
            keyed[(table.schema, table.name, tuple([column.name for column in table.primary_key]), key)] = one
    if not keyed:
        return
    references = {model: all_references(plan_of(model, dialect).table) for model in {type(one) for one in new.values()}}
    for one, instance in new.items():
        for reference in references[type(instance)]:
            values = tuple([getattr(instance, column.key, None) for column in reference.columns])
            parent = keyed.get((reference.schema, reference.target, reference.names, values))
            if parent is not None and parent != one:
                waits[one].add(parent)


def _broken(
    left: Mapping[int, Any],
    waits: dict[int, set[int]],
    sources: Mapping[int, list[Source]],
    later: list[Source],
    dialect: Dialect,
) -> list[int]:
    """One that can go first if it gets a key afterwards."""
    for one in left:
        needed = [source for source in sources.get(one, ()) if id(source.parent) in left]
        free = [source for source in needed if all(column.nullable for column in source.columns)]
        if {id(source.parent) for source in free} >= waits[one]:
            for source in free:
                sources[one].remove(source)
                later.append(source)
            waits[one].clear()
            return [one]
    names = ", ".join(
        dict.fromkeys(plan_of(type(one), dialect).table.label.rpartition(".")[2] for one in left.values())
    )
    raise ProgrammingError(
        f"new instances refer to each other in a circle ({names}), by foreign keys none of which may be NULL, so none of them can be first"
    )
