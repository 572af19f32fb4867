"""`session.link(book, Book.tags, *tags)`: single rows of junctions, without reading the collection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.model.binding import is_model
from ferrow.model.writing import row_getter
from ferrow.orm.fitting import encoded
from ferrow.orm.plan import plan_of
from ferrow.orm.relations import junction
from ferrow.orm.relations.collection import LISTS
from ferrow.orm.relations.gather import Gathered
from ferrow.orm.relations.mirror import Mirror, drop
from ferrow.orm.relations.store import write
from ferrow.orm.relations.tie import NOTHING, Tie, tie_of
from ferrow.orm.relations.unloading import unload

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.plan import Plan
    from ferrow.sql import Dialect


async def link(engine: AsyncEngine, dialect: Dialect, instance: Any, relation: Any, others: Sequence[Any]) -> None:
    """Link an object with others; new ones are inserted."""
    plan: Plan[Any] = plan_of(type(instance), dialect)
    tie = tie_for(plan, instance, relation, "link()")
    objects, keys = sorted_out(tie, others)
    gathered = Gathered(dialect)
    gathered.there(instance)
    for one in objects:
        gathered.tied(tie, instance, one)
    await gathered.gather(engine)
    near = row_getter(tie.link.near)(instance)
    rows = [(*near, *key) for key in keys]
    if gathered.new and rows:
        async with engine.transaction():
            await write(engine, gathered)
            await junction.add_rows(engine, dialect, tie.link, rows)
    else:
        if objects:
            await write(engine, gathered)
        if rows:
            await junction.add_rows(engine, dialect, tie.link, rows)
    there = tie.value(instance)
    if there.__class__ in LISTS:
        known = {id(one) for one in there}
        for one in objects:
            if id(one) not in known:
                known.add(id(one))
                there.append(one)
        if keys:
            unload(instance, tie)  # which objects these are is not known


async def unlink(engine: AsyncEngine, dialect: Dialect, instance: Any, relation: Any, others: Sequence[Any]) -> None:
    """Unlink an object from others."""
    plan: Plan[Any] = plan_of(type(instance), dialect)
    tie = tie_for(plan, instance, relation, "unlink()")
    objects, keys = sorted_out(tie, others)
    read = row_getter(tie.link.far)
    far = [*keys]
    for one in objects:
        key = read(one)
        if None in key:
            raise ProgrammingError(
                f"unlink(): this {tie.link.target.label} has no row yet, so it is linked with nothing"
            )
        far.append(key)
    near = row_getter(tie.link.near)(instance)
    await junction.take_rows(engine, dialect, tie.link, [(*near, *key) for key in far])
    gone = set(far)
    for one in tie.members(instance):
        if read(one) in gone:
            _part(dialect, tie, instance, one)


async def clear(engine: AsyncEngine, dialect: Dialect, instance: Any, relation: Any) -> int:
    """Unlink an object from all others; how many they were."""
    plan: Plan[Any] = plan_of(type(instance), dialect)
    tie = tie_for(plan, instance, relation, "clear_links()")
    count = await junction.clear(engine, dialect, tie.link, instance)
    for one in tie.members(instance):
        _part(dialect, tie, instance, one)
    return count


def _part(dialect: Dialect, tie: Tie, instance: Any, one: Any) -> None:
    there = tie.value(instance)
    if there is not NOTHING:
        drop(there, one)
    Mirror(dialect).take(tie, instance, one)


def tie_for(plan: Plan[Any], instance: Any, relation: Any, purpose: str) -> Tie:
    """The relation that is meant. Raises ProgrammingError unless it has a junction, and the instance a row."""
    tie = tie_of(plan, relation, purpose)
    if tie.link.junction is None:
        way = (
            f"set {tie.link.owner.label}.{tie.key}"
            if tie.link.belongs
            else "set the other side, or append to the collection"
        )
        raise ProgrammingError(
            f"{purpose} is for many-to-many relations, and {tie.relation.label} has no junction: {way}, and write that"
        )
    for column in tie.link.near:
        if getattr(instance, column.key, None) is None:
            raise ProgrammingError(
                f"{purpose}: this {plan.table.label} has no row yet, as its {column.key} is None. Insert it first; what its {tie.key} holds "
                "is linked with it"
            )
    return tie


def sorted_out(tie: Tie, others: Sequence[Any]) -> tuple[list[Any], list[tuple[Any, ...]]]:
    """Objects, and keys of others in the form of the database."""
    columns = tie.link.far
    objects: list[Any] = []
    keys: list[tuple[Any, ...]] = []
    for one in others:
        if is_model(type(one)):
            objects += tie.checked([one])
            continue
        values = tuple(one) if isinstance(one, (tuple, list)) else (one,)
        if len(values) != len(columns) or any(value is None or is_model(type(value)) for value in values):
            names = ", ".join(column.key for column in columns)
            raise ProgrammingError(
                f"{tie.relation.label} is linked with {tie.link.target.label}s or their keys ({names}), not with {one!r:.80}. "
                "Several are several arguments: *tags"
            )
        keys.append(tuple([encoded(column, value) for column, value in zip(columns, values, strict=True)]))
    return objects, keys
