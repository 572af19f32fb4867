"""Rows as dicts and tuples instead of instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.plan import named_columns
from ferrow.sql import Labelled, compile

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.plan import Plan
    from ferrow.sql import Expr


async def dicts(engine: AsyncEngine, plan: Plan[Any], criteria: Criteria, columns: Sequence[Any]) -> list[Any]:
    """One dict per row, by attribute name or label."""
    chosen = named_columns(plan, columns)
    names = compile(statement := criteria.select(plan.words, chosen), plan.dialect).names
    if len(set(names)) < len(names):
        msg = f"values() would have two columns of one name: {', '.join(names)}; give one a label(...)"
        raise ProgrammingError(msg)
    key = ("dicts", tuple([one.shape for one in chosen]), criteria.key)
    prepared = plan.statements.get(key) or plan.prepare(key, statement)
    result = await engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)
    return [dict(zip(names, row, strict=True)) for row in decoded(plan, chosen, result.rows)]


async def tuples(engine: AsyncEngine, plan: Plan[Any], criteria: Criteria, columns: Sequence[Any]) -> list[Any]:
    """One tuple per row."""
    chosen = named_columns(plan, columns)
    statement = criteria.select(plan.words, chosen)
    key = ("tuples", tuple([one.shape for one in chosen]), criteria.key)
    prepared = plan.statements.get(key) or plan.prepare(key, statement)
    result = await engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)
    return decoded(plan, chosen, result.rows)


async def flat(engine: AsyncEngine, plan: Plan[Any], criteria: Criteria, columns: Sequence[Any]) -> list[Any]:
    """The values of one column. Raises ProgrammingError for another number of columns."""
    if len(columns) != 1:
        msg = f"values_list(flat=True) takes exactly one column, not {len(columns)}"
        raise ProgrammingError(msg)
    return [row[0] for row in await tuples(engine, plan, criteria, columns)]


def decoded(plan: Plan[Any], columns: Sequence[Expr[Any]], rows: list[Any]) -> list[Any]:
    """The rows with the values of columns of the model as its attributes have them."""
    by_shape = {column.ref.shape: column.decode for column in plan.table.columns if column.decode is not None}
    inner = [one.expr if isinstance(one, Labelled) else one for one in columns]
    decoders = [by_shape.get(one.shape) or getattr(one, "decode", None) for one in inner]
    if not any(decoders):
        return rows
    return [
        tuple(
            [
                decode(value) if decode is not None and value is not None else value
                for decode, value in zip(decoders, row, strict=True)
            ]
        )
        for row in rows
    ]
