"""Deleted instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import NoResultFound
from ferrow.orm.inserting import grouped
from ferrow.orm.plan import plan_of
from ferrow.sql import Delete

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.key import Key
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.relations.tie import Tie
    from ferrow.sql import Dialect


async def remove(engine: AsyncEngine, dialect: Dialect, instance: Any) -> None:
    """Delete the row of one instance, and see to those that refer to it."""
    plan = plan_of(type(instance), dialect)
    finder = plan.words.key("remove()")
    key = finder.of(instance, "delete")
    ties = _ties(plan)
    if ties:
        from ferrow.orm.relations.children import release

        async with engine.transaction():
            await release(engine, dialect, ties, [instance])
            await _remove(engine, plan, finder, key)
    else:
        await _remove(engine, plan, finder, key)


async def _remove(engine: AsyncEngine, plan: Plan[Any], finder: Key, key: tuple[Any, ...]) -> None:
    prepared = _by_key(plan)
    result = await engine.run(prepared.sql, key, prepared.shape, prepared.kinds)
    if not result.rowcount:
        raise NoResultFound(f"there is no {finder.shown(key)} to delete")


async def remove_all(engine: AsyncEngine, dialect: Dialect, instances: Sequence[Any]) -> None:
    """Delete the rows of instances of any models, those that refer to others first. Not atomic by itself."""
    for plan, group in reversed(grouped(instances, dialect)):
        ties = _ties(plan)
        if ties:
            from ferrow.orm.relations.children import release

            await release(engine, dialect, ties, group)
        finder = plan.words.key("delete()")
        keys = [finder.of(instance, "delete") for instance in group]
        prepared = _by_key(plan)
        result = await engine.run_many(prepared.sql, keys, prepared.shape, prepared.kinds)
        if result.rowcount < len(keys):
            gone = {tuple(row) for row in result.rows}
            missing = [finder.shown(key) for key in keys if key not in gone]
            raise NoResultFound(f"{len(keys) - result.rowcount} of {len(keys)} rows to delete are not there: {missing}")


def _ties(plan: Plan[Any]) -> list[Tie]:
    if not plan.table.relations:
        return []
    from ferrow.orm.relations.children import concerned

    return concerned(plan)


def _by_key(plan: Plan[Any]) -> Prepared:
    key = plan.words.key("delete()")
    return plan.statements.get("delete") or plan.prepare("delete", Delete(plan.table.ref, key.where()))
