"""What was gathered, written: new rows level by level, then the keys of rows that are there, then junction rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import NoResultFound
from ferrow.orm import rereading
from ferrow.orm.inserting import batches, grouped
from ferrow.orm.plan import plan_of
from ferrow.orm.relations import junction
from ferrow.orm.relations.gather import Gathered
from ferrow.orm.relations.mirror import Mirror
from ferrow.orm.relations.order import levels
from ferrow.orm.relations.tie import ties_of
from ferrow.orm.relations.undo import Undo
from ferrow.orm.unit.around import unit_of

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.relations.source import Source
    from ferrow.sql import Dialect


async def insert(engine: AsyncEngine, dialect: Dialect, instances: Sequence[Any]) -> None:
    """Insert instances with all that their relations say, all or none."""
    gathered = Gathered(dialect)
    await gathered.gather(engine, instances)
    await write(engine, gathered)


async def write(engine: AsyncEngine, gathered: Gathered) -> None:
    """Write it, in a transaction if it takes several statements. On an error all instances are as they were."""
    undo = Undo()
    try:
        if single(gathered):
            await send(engine, gathered, undo)
        else:
            async with engine.transaction():
                await send(engine, gathered, undo)
    except BaseException:
        undo.back()
        raise
    mirrored(gathered)
    followed(engine, gathered)


def single(gathered: Gathered) -> bool:
    """Whether it is one statement."""
    if gathered.links or len(gathered.new) > 1:
        return False
    return all(one in gathered.new for one in gathered.sources) or (not gathered.new and len(gathered.sources) == 1)


async def send(engine: AsyncEngine, gathered: Gathered, undo: Undo) -> None:
    """Send it, without a transaction of its own; `undo` keeps what instances were before."""
    dialect, new, sources = gathered.dialect, gathered.new, gathered.sources
    moved = [source for one, group in sources.items() if one not in new for source in group]
    later: list[Source] = []
    for level in levels(new, sources, later, dialect):
        for instance in level:
            for source in sources.get(id(instance), ()):
                _apply(source, dialect, undo, fresh=True)
        for plan, group in grouped(level, dialect):
            for batch in batches(plan, group):
                result = await batch.send(engine)
                for instance in batch.instances:
                    undo.keep(instance, [column.key for column in batch.insertion.returning])
                batch.fill(result)
    for source in (*later, *moved):
        _apply(source, dialect, undo, fresh=False)
    await rekey(engine, dialect, [*later, *moved])
    await junction.add(engine, dialect, gathered.links)


def _apply(source: Source, dialect: Dialect, undo: Undo, *, fresh: bool) -> None:
    if fresh and not source.agrees():
        raise source.contradiction()
    source.apply(plan_of(type(source.child), dialect).writer.assign, undo)


async def rekey(engine: AsyncEngine, dialect: Dialect, sources: Sequence[Source]) -> None:
    """Write foreign keys that have been set to rows that are there, one statement per model and key.

    Raises:
        NoResultFound: such a row does not exist (any more).
    """
    groups: dict[Any, list[Source]] = {}
    for source in sources:
        groups.setdefault((type(source.child), source.columns), []).append(source)
    for (model, columns), members in groups.items():
        plan = plan_of(model, dialect)
        finder = plan.words.key("update()")
        prepared, row = _update(plan, columns), plan.writer.row(columns)
        keys = [finder.of(source.child, "update") for source in members]
        rows = [(*row(source.child), *key) for source, key in zip(members, keys, strict=True)]
        result = await rereading.run_all(engine, prepared, rows)
        if result.rowcount < len(rows):
            gone = {tuple(found) for found in result.rows}
            missing = next((key for key in keys if key not in gone), keys[0])
            raise NoResultFound(
                f"{members[0].tie.relation.label}: there is no {finder.shown(missing)}, although it has a key. "
                "An object with a key counts as one that has a row; insert it first, or with insert_all"
            )


def _update(plan: Plan[Any], columns: tuple[Any, ...]) -> Prepared:
    key = ("rekey", columns)
    finder = plan.words.key("update()")
    return plan.statements.get(key) or rereading.prepare(
        plan,
        key,
        [(column.ref, None) for column in columns],
        finder.where(),
        [column.ref for column in finder.columns],
        versioned=False,
    )


def followed(engine: AsyncEngine, gathered: Gathered, *others: Any) -> None:
    """Tell the unit of work around, if there is one, what was written."""
    unit = unit_of(engine)
    if unit is None or not unit.follows:
        return
    for one in gathered.new.values():
        plan = plan_of(type(one), gathered.dialect)
        keys = [column.key for column in plan.writer.generated]
        unit.added.pop(id(one), None)
        unit.inserted(plan, [one], keys, [[None for _ in keys]])
    touched = {id(one): one for one in (*gathered.new.values(), *others)}
    for group in gathered.sources.values():
        for source in group:
            unit.written(source.child, {column.key for column in source.columns})
            touched.update({id(one): one for one in (source.child, source.parent) if one is not None})
    for _, one, other in gathered.links:
        touched.update({id(one): one, id(other): other})
    for one in touched.values():
        for tie in ties_of(plan_of(type(one), gathered.dialect)):
            unit.remembered.keep(one, tie, fresh=id(one) in gathered.new)
    for plan, members in grouped([*gathered.new.values()], gathered.dialect):
        unit.show_inserted(plan, members)


def mirrored(gathered: Gathered) -> None:
    """Let the other sides of the relations that were written say the same."""
    mirror = Mirror(gathered.dialect)
    for group in gathered.sources.values():
        for source in group:
            if source.parent is not None:
                one, other = (source.child, source.parent) if source.tie.link.belongs else (source.parent, source.child)
                mirror.put(source.tie, one, other)
    for tie, one, other in gathered.links:
        mirror.put(tie, one, other)
