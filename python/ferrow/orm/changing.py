"""UPDATE and DELETE of the rows of a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, NoValues
from ferrow.model.writing import refused
from ferrow.orm.fitting import encoded, explained
from ferrow.orm.reading import narrowed
from ferrow.orm.versions import counted
from ferrow.sql import Delete, Expr, Update

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.table import Table
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.plan import Plan
    from ferrow.orm.words import Words
    from ferrow.sql import ColumnRef, Statement


async def update(
    engine: AsyncEngine, plan: Plan[Any], words: Words, criteria: Criteria, values: Mapping[str, Any]
) -> int:
    """Set columns in all rows that are meant."""
    if not values:
        msg = f"update of {plan.table.label} without values; say what to set: update(name=...)"
        raise NoValues(msg)
    statement = Update(
        plan.table.ref,
        counted(plan.table, assignments(plan.table, values)),
        narrowed(plan, words, criteria, "update()"),
    )
    try:
        return await _affected(engine, plan, statement)
    except DataError as error:
        if any(isinstance(value, Expr) for value in values.values()):
            raise  # which parameter is whose is not known here
        raise explained(error, [plan.table.column(key) for key in values]) from error


async def delete(engine: AsyncEngine, plan: Plan[Any], words: Words, criteria: Criteria) -> int:
    """Delete all rows that are meant."""
    return await _affected(engine, plan, Delete(plan.table.ref, narrowed(plan, words, criteria, "delete()")))


def assignments(table: Table, values: Mapping[str, Any]) -> list[tuple[ColumnRef[Any], Any]]:
    """Columns and what they are set to. Raises UnknownColumn or DataError."""
    pairs: list[tuple[ColumnRef[Any], Any]] = []
    for key, value in values.items():
        column = table.column(key)
        if column.read_only:
            raise refused(column)
        pairs.append((column.ref, value if isinstance(value, Expr) else encoded(column, value)))
    return pairs


async def _affected(engine: AsyncEngine, plan: Plan[Any], statement: Statement) -> int:
    key = statement.shape
    prepared = plan.statements.get(key) or plan.prepare(key, statement)
    return (await engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)).rowcount
