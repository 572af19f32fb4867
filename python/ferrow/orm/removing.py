"""Deleted instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import NoResultFound
from ferrow.orm.marking import deletes_softly, mark
from ferrow.orm.plan import plan_of
from ferrow.orm.versions import stale, version_of, where
from ferrow.sql import Delete

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.key import Key
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.relations.tie import Tie
    from ferrow.sql import Dialect


async def remove(engine: AsyncEngine, dialect: Dialect, instance: Any) -> None:
    """Delete the row of one instance, or mark it."""
    plan = plan_of(type(instance), dialect)
    if deletes_softly(plan.table):
        await mark(engine, plan, instance, purpose="delete")
    else:
        await force_delete(engine, dialect, instance)


async def force_delete(engine: AsyncEngine, dialect: Dialect, instance: Any) -> None:
    """Delete the row of one instance, and see to those that refer to it."""
    plan = plan_of(type(instance), dialect)
    finder = plan.words.key("force_delete()")
    key = finder.of(instance, "delete")
    if _ties(plan):
        async with engine.transaction():
            await _remove_with_others(engine, dialect, plan, finder, key, instance)
    else:
        await _remove(engine, plan, finder, key, instance)


async def _remove_with_others(
    engine: AsyncEngine, dialect: Dialect, plan: Plan[Any], finder: Key, key: tuple[Any, ...], instance: Any
) -> None:
    from ferrow.orm.relations.children import delete_rows
    from ferrow.orm.relations.going import Going
    from ferrow.orm.unit.around import unit_of

    unit = unit_of(engine)
    for model, wave in await Going(engine, dialect).waves([instance]):
        others = [one for one in wave if one is not instance]
        if others:
            await delete_rows(engine, model, others)
        if unit is not None:
            for one in others:
                unit.deleted(one)
        if len(others) < len(wave):
            await _remove(engine, plan, finder, key, instance)


async def _remove(engine: AsyncEngine, plan: Plan[Any], finder: Key, key: tuple[Any, ...], instance: Any) -> None:
    prepared = by_key(plan)
    version = plan.table.version
    read = version_of(plan.table, version and getattr(instance, version.key, None))
    result = await engine.run(prepared.sql, (*key, *read), prepared.shape, prepared.kinds)
    if not result.rowcount and read:
        raise stale(plan, key, read[0], "delete")
    if not result.rowcount:
        raise NoResultFound(f"there is no {finder.shown(key)} to delete")


def _ties(plan: Plan[Any]) -> list[Tie]:
    if not plan.table.relations:
        return []
    from ferrow.orm.relations.children import concerned

    return concerned(plan)


def by_key(plan: Plan[Any]) -> Prepared:
    """`DELETE WHERE key = $1`, and the version that was read; returns the key."""
    key = plan.words.key("delete()")
    return plan.statements.get("delete") or plan.prepare(
        "delete", Delete(plan.table.ref, where(key, plan.table.version), [column.ref for column in key.columns])
    )
