"""Rows as dicts and tuples instead of instances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.grouping import chosen
from ferrow.sql import Labelled, compile
from ferrow.sql.form.aggregate import AGGREGATE

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.plan import Plan
    from ferrow.orm.words import Words
    from ferrow.sql import Expr


async def dicts(
    engine: AsyncEngine,
    plan: Plan[Any],
    words: Words,
    criteria: Criteria,
    columns: Sequence[Any],
    named: Mapping[str, Any],
) -> list[Any]:
    """One dict per row, by attribute name or label."""
    found, criteria = chosen(words, criteria, columns, named)
    statement = criteria.select(words, found)
    names = compile(statement, plan.dialect).names
    if len(set(names)) < len(names):
        msg = f"values() would have two columns of one name: {', '.join(names)}; give one a label(...)"
        raise ProgrammingError(msg)
    return [dict(zip(names, row, strict=True)) for row in await _rows(engine, plan, statement, found)]


async def tuples(
    engine: AsyncEngine,
    plan: Plan[Any],
    words: Words,
    criteria: Criteria,
    columns: Sequence[Any],
    named: Mapping[str, Any],
    *,
    only: bool = False,
) -> list[Any]:
    """One tuple per row."""
    found, criteria = chosen(words, criteria, columns, named, only=only)
    return await _rows(engine, plan, criteria.select(words, found), found)


async def flat(
    engine: AsyncEngine,
    plan: Plan[Any],
    words: Words,
    criteria: Criteria,
    columns: Sequence[Any],
    named: Mapping[str, Any],
) -> list[Any]:
    """The values of one column. Raises ProgrammingError for another number of columns."""
    if len(columns) + len(named) != 1:
        msg = f"values_list(flat=True) takes exactly one column, not {len(columns) + len(named)}"
        raise ProgrammingError(msg)
    return [row[0] for row in await tuples(engine, plan, words, criteria, columns, named, only=True)]


async def _rows(engine: AsyncEngine, plan: Plan[Any], statement: Any, columns: Sequence[Expr[Any]]) -> list[Any]:
    key = ("tuples", statement.shape)
    prepared = plan.statements.get(key) or plan.prepare(key, statement)
    result = await engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)
    return decoded(plan, columns, result.rows)


def decoded(plan: Plan[Any], columns: Sequence[Expr[Any]], rows: list[Any]) -> list[Any]:
    """The rows with the values of columns of the model as its attributes have them."""
    by_shape = {column.ref.shape: column.decode for column in plan.table.columns if column.decode is not None}
    decoders = [_decoder(by_shape, one) for one in columns] if by_shape else []
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


def _decoder(by_shape: Mapping[Any, Callable[[Any], Any]], one: Expr[Any]) -> Callable[[Any], Any] | None:
    shape: Any = (one.expr if isinstance(one, Labelled) else one).shape
    if type(shape) is tuple and shape[0] is AGGREGATE and shape[2] in ("min", "max"):
        shape = shape[4]  # the smallest of values is one of them
    return by_shape.get(shape)
