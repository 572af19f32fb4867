"""In which order rows are deleted: what refers first. A circle is opened before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.orm.inserting import grouped
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.junction import equal
from ferrow.orm.unit.waves import sorted_out, within
from ferrow.sql import Update

if TYPE_CHECKING:
    from collections.abc import Callable

    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.saving import Connection
    from ferrow.orm.unit.waves import Reference, Wave
    from ferrow.sql import Dialect


async def opened(
    connection: Connection, dialect: Dialect, instances: Sequence[Any], stays: Callable[[Any], bool] = lambda one: False
) -> list[Wave]:
    """The instances in the order in which their rows are deleted.

    Of rows that refer to each other in a circle, or to themselves (MariaDB keeps those), the foreign keys that may be NULL are set to it. Where none may, the database decides:
    it may look at them at the commit only. `stays`: whether a row is marked, not deleted, so that it keeps what it refers to.
    """
    found, stuck = sorted_out(instances, dialect, {})
    own = [one for _, wave in found for one in wave if _refers_to_itself(plan_of(type(one), dialect), one)]
    if stuck or own:
        loose = await _opened(connection, dialect, [one for one in (*stuck, *own) if not stays(one)])
        found, stuck = sorted_out(instances, dialect, {}, loose)
    return grouped(instances, dialect)[::-1] if stuck else found[::-1]


def _refers_to_itself(plan: Plan[Any], instance: Any) -> bool:
    table = plan.table
    return bool(table.references) and any(
        all(
            getattr(instance, mine, None) == getattr(instance, other, None)
            for mine, other in zip(keys, there, strict=True)
        )
        for keys, _, there in within(table, [table])
    )


async def _opened(connection: Connection, dialect: Dialect, stuck: Sequence[Any]) -> set[Reference]:
    """Set the foreign keys that lead from one of the rows to another to NULL, where they may be; which they were."""
    plans: dict[type, Plan[Any]] = {type(one): plan_of(type(one), dialect) for one in stuck}
    tables = [plan.table for plan in plans.values()]
    loose: set[Reference] = set()
    for model, plan in plans.items():
        members = [one for one in stuck if type(one) is model]
        for keys, _, _ in within(plan.table, tables):
            columns = [plan.table.by_key[key] for key in keys]
            free = tuple([one for one in columns if one.nullable and not one.primary_key and not one.read_only])
            if not free:
                continue
            referring = [one for one in members if all(getattr(one, key, None) is not None for key in keys)]
            finder, prepared = plan.words.key("delete()"), _free(plan, free)
            empty = (None,) * len(free)
            rows = [(*empty, *finder.of(one, "delete")) for one in referring]
            if rows:
                await connection.run_many(prepared.sql, rows, prepared.shape, prepared.kinds)
            loose.update([(id(one), keys) for one in referring])
    return loose


def _free(plan: Plan[Any], columns: tuple[Column, ...]) -> Prepared:
    key = ("open", columns)
    identity = [column.ref for column in plan.words.key("delete()").columns]
    return plan.statements.get(key) or plan.prepare(
        key, Update(plan.table.ref, [(column.ref, None) for column in columns], equal(identity))
    )
