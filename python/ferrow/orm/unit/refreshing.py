"""Instances and their rows, brought together again: `refresh` and `merge`."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from ferrow._core import copied
from ferrow.errors import NoResultFound, ProgrammingError
from ferrow.model.relation_ref import RelationRef
from ferrow.orm import getting
from ferrow.orm.loading.later import load_for
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.unloading import unload_stale
from ferrow.orm.statements.conflict import named_columns
from ferrow.orm.unit.back_populate import rows_updated
from ferrow.orm.unit.log import Reread
from ferrow.orm.unit.moved import moved
from ferrow.orm.versions import stale, version_of
from ferrow.sql import ColumnRef, Select

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.column import Column
    from ferrow.orm.loading.option import Path
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.unit import Unit


async def refresh(engine: AsyncEngine, unit: Unit | None, instance: Any, names: Sequence[Path]) -> None:
    """Read the row, and relations that are named, and set the attributes, whatever they are now."""
    plan: Plan[Any] = plan_of(type(instance), engine.dialect)
    columns, relations = _chosen(plan, names)
    if columns:
        await _refresh(engine, unit, plan, instance, columns)
    if plan.table.relations:
        unload_stale(plan, instance)
    if relations:
        await load_for(engine, engine.dialect, [instance], relations)


def _chosen(plan: Plan[Any], names: Sequence[Path]) -> tuple[tuple[Column, ...], list[Path]]:
    """The columns and the relations that are meant. Raises UnknownColumn, ProgrammingError."""
    if not names:
        return plan.table.columns, []
    columns: list[Column] = []
    relations: list[Path] = []
    for name in names:
        if isinstance(name, RelationRef) or (isinstance(name, str) and name.partition(".")[0] in plan.table.relations):
            relations.append(name)
        elif isinstance(name, (str, ColumnRef)):
            columns += named_columns(plan.table, name)
        else:
            raise ProgrammingError(f"refresh() takes names of columns and relations, not {name!r:.80}")
    return tuple(columns), relations


async def _refresh(
    engine: AsyncEngine, unit: Unit | None, plan: Plan[Any], instance: Any, columns: tuple[Column, ...]
) -> None:
    group = None if unit is None else unit.groups.get(plan.model)
    place = None if group is None else group.place(instance)
    finder = plan.words.key("refresh()")
    key = finder.of(instance, "refresh")
    # As tuples: an instance would be taken for one more sight of the row, and the attributes left as they are.
    statement = ("refresh", columns)
    prepared = plan.statements.get(statement) or plan.prepare(
        statement, Select([column.ref for column in columns], plan.table.ref, finder.where())
    )
    rows = (await engine.run(prepared.sql, key, prepared.shape, prepared.kinds)).rows
    if not rows:
        raise NoResultFound(f"there is no {finder.shown(key)} to refresh")
    before = [getattr(instance, column.key, None) for column in columns] if plan.table.relations else []
    plan.writer.fill(instance, columns, rows[0])
    keys = {one.key for one, old in zip(columns, before, strict=False) if getattr(instance, one.key) != old}
    if unit is not None and keys:
        moved(unit, plan, instance, keys)
    if unit is not None and group is not None and place is not None:
        was = group.snapshots[place]
        now = list(was)
        for column in columns:
            now[group.columns.index(column)] = copied(getattr(instance, column.key))
        group.snapshots[place] = tuple(now)
        if unit.undoable and group.differing(tuple(now), was):
            unit.log.append(Reread(group, place, was, tuple(now)))
        if group.foreign:
            rows_updated(unit, plan, [(instance, was, tuple(now))])


async def merge(engine: AsyncEngine, unit: Unit, instance: Any) -> Any:
    """The unit's own instance for the row of this one, with its values; a new one where there is no such row."""
    plan: Plan[Any] = plan_of(type(instance), engine.dialect)
    table = plan.table
    place = unit.place(instance)
    if place is not None or id(instance) in unit.added:
        return instance
    group = unit.group_of(plan)
    finder = plan.words.key("merge()")
    known = None
    key: tuple[Any, ...] = ()
    if group is not None and all(getattr(instance, column.key, None) is not None for column in table.primary_key):
        known = group.instances.get(group.key(instance))
        key = finder.of(instance, "merge")
        if known is None:
            prepared = getting.by_key(plan)
            rows = (await engine.run(prepared.sql, key, prepared.shape, prepared.kinds)).rows
            known = rows[0] if rows else None
    keys = [column.key for column in table.columns if not column.read_only and hasattr(instance, column.key)]
    values = [copied(getattr(instance, name)) for name in keys]
    if known is None:
        made = copy(instance)
        plan.writer.put(made, keys, values)
        unit.add(made)
        return made
    if table.version is not None:
        theirs, ours = getattr(known, table.version.key), getattr(instance, table.version.key, None)
        if ours != theirs:
            raise stale(plan, key, version_of(table, ours)[0], "merge")
    plan.writer.put(known, keys, values)
    return known
