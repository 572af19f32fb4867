"""UPDATE and DELETE of the rows of a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, NoValues, ProgrammingError
from ferrow.model.visible import moment
from ferrow.model.writing import refused
from ferrow.orm.criteria import USUAL
from ferrow.orm.fitting import encoded, explained
from ferrow.orm.reading import narrowed
from ferrow.orm.shown import deletion
from ferrow.orm.stamping import stamps
from ferrow.orm.versions import counted
from ferrow.sql import Delete, Expr, Update, and_

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.model.table import Table
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.plan import Plan
    from ferrow.orm.words import Words
    from ferrow.sql import ColumnRef, Condition, Statement


async def update(
    engine: AsyncEngine, plan: Plan[Any], words: Words, criteria: Criteria, values: Mapping[str, Any]
) -> int:
    """Set columns in all rows that are meant."""
    if not values:
        msg = f"update of {plan.table.label} without values; say what to set: update(name=...)"
        raise NoValues(msg)
    pairs = assignments(plan.table, values)
    pairs += assignments(plan.table, stamps(plan.table, values))
    statement = Update(plan.table.ref, counted(plan.table, pairs), narrowed(plan, words, criteria, "update()"))
    try:
        return await _affected(engine, plan, statement)
    except DataError as error:
        if any(isinstance(value, Expr) for value in values.values()):
            raise  # which parameter is whose is not known here
        raise explained(error, [plan.table.column(key) for key in values]) from error


async def delete(engine: AsyncEngine, plan: Plan[Any], words: Words, criteria: Criteria) -> int:
    """Delete all rows that are meant, or mark them as deleted."""
    table = plan.table
    if table.visible is None or table.visible.deleted is None:
        return await force_delete(engine, plan, words, criteria, "delete()")
    column = table.visible.deleted
    if criteria.showing is not None and criteria.showing.deleted == "only":
        msg = f"delete() of only_deleted(): these rows of {table.label} are marked as deleted already; force_delete() deletes them"
        raise ProgrammingError(msg)
    where = narrowed(plan, words, criteria, "delete()")
    # Rows that were marked before keep their moment.
    return await _marked(engine, plan, moment(column), and_(column.ref.is_null(), *([] if where is None else [where])))


async def force_delete(
    engine: AsyncEngine, plan: Plan[Any], words: Words, criteria: Criteria, purpose: str = "force_delete()"
) -> int:
    """Delete all rows that are meant."""
    return await _affected(engine, plan, Delete(plan.table.ref, narrowed(plan, words, criteria, purpose)))


async def restore(engine: AsyncEngine, plan: Plan[Any], words: Words, criteria: Criteria) -> int:
    """Take the mark off all rows that are meant."""
    column = deletion(plan.table, "restore()")
    shown = (criteria.showing or USUAL)._replace(deleted="only")
    where = narrowed(plan, words, criteria.showing_as(plan.table, shown), "restore()")
    return await _marked(engine, plan, None, and_(column.ref.is_not_null(), *([] if where is None else [where])))


async def _marked(engine: AsyncEngine, plan: Plan[Any], value: Any, where: Condition) -> int:
    table = plan.table
    column = deletion(table, "delete()")
    pairs: list[tuple[ColumnRef[Any], Any]] = [(column.ref, value)]
    pairs += assignments(table, stamps(table, (column.key,)))
    return await _affected(engine, plan, Update(table.ref, counted(table, pairs), where))


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
