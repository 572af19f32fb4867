"""Rows as dicts and tuples instead of instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.errors import ProgrammingError
from ferrow.orm.grouping import chosen, must_sort_by
from ferrow.sql import compile
from ferrow.sql.decoding import decoder

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.plan import Plan, Prepared
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
    statement, found = _select(words, criteria, columns, named)
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
    return await _rows(engine, plan, *_select(words, criteria, columns, named, only=only))


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


def _select(
    words: Words, criteria: Criteria, columns: Sequence[Any], named: Mapping[str, Any], *, only: bool = False
) -> tuple[Any, Sequence[Expr[Any]]]:
    """The statement that gives these columns, and what they are."""
    found, criteria = chosen(words, criteria, columns, named, only=only)
    must_sort_by(words, criteria, found)
    return criteria.select(words, found), found


async def _rows(engine: AsyncEngine, plan: Plan[Any], statement: Any, columns: Sequence[Expr[Any]]) -> list[Any]:
    prepared = prepared_rows(plan, statement, columns)
    return (await engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)).rows


def prepared_rows(plan: Plan[Any], statement: Any, columns: Sequence[Expr[Any]]) -> Prepared:
    """A statement whose rows become tuples, with values as the attributes of the model have them."""
    key = ("tuples", statement.shape)
    found = plan.statements.get(key)
    if found is not None:
        return found
    decoders = [decoder(one.shape) for one in columns]
    if not any(decoders):
        return plan.prepare(key, statement)
    return plan.prepare(key, statement, Shape.row(decoders, kinds=compile(statement, plan.dialect).result_kinds))
