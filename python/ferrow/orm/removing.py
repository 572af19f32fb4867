"""Deleted instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import NoResultFound
from ferrow.orm.inserting import grouped
from ferrow.orm.marking import deletes_softly, mark
from ferrow.orm.plan import plan_of
from ferrow.sql import Delete

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.sql import Dialect


async def remove(engine: AsyncEngine, dialect: Dialect, instance: Any) -> None:
    """Delete the row of one instance, or mark it."""
    plan = plan_of(type(instance), dialect)
    if deletes_softly(plan.table):
        await mark(engine, plan, instance, purpose="delete")
    else:
        await force_delete(engine, dialect, instance)


async def force_delete(engine: AsyncEngine, dialect: Dialect, instance: Any) -> None:
    """Delete the row of one instance."""
    plan = plan_of(type(instance), dialect)
    finder = plan.words.key("force_delete()")
    key = finder.of(instance, "delete")
    prepared = _by_key(plan)
    result = await engine.run(prepared.sql, key, prepared.shape, prepared.kinds)
    if not result.rowcount:
        raise NoResultFound(f"there is no {finder.shown(key)} to delete")


async def remove_all(engine: AsyncEngine, dialect: Dialect, instances: Sequence[Any]) -> None:
    """Delete or mark the rows of instances of any models, those that refer to others first. Not atomic by itself."""
    for plan, group in reversed(grouped(instances, dialect)):
        if deletes_softly(plan.table):
            for instance in group:
                await mark(engine, plan, instance, purpose="delete")
            continue
        finder = plan.words.key("delete()")
        keys = [finder.of(instance, "delete") for instance in group]
        prepared = _by_key(plan)
        result = await engine.run_many(prepared.sql, keys, prepared.shape, prepared.kinds)
        if result.rowcount < len(keys):
            gone = {tuple(row) for row in result.rows}
            missing = [finder.shown(key) for key in keys if key not in gone]
            raise NoResultFound(f"{len(keys) - result.rowcount} of {len(keys)} rows to delete are not there: {missing}")


def _by_key(plan: Plan[Any]) -> Prepared:
    key = plan.words.key("delete()")
    return plan.statements.get("delete") or plan.prepare("delete", Delete(plan.table.ref, key.where()))
