"""What a query is, for people: its SQL, its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.sql import compile

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.explaining import QueryPlan
    from ferrow.orm.plan import Plan
    from ferrow.orm.query import AsyncQuery
    from ferrow.orm.words import Words
    from ferrow.sql import Select


def statement(plan: Plan[Any], words: Words, criteria: Criteria) -> Select:
    """What `all` sends; of groups, what `values` sends."""
    from ferrow.orm.grouping import by_key, chosen, grouped
    from ferrow.orm.reading import different

    if not grouped(criteria) or by_key(words, criteria):
        return different(words, criteria).select(words, plan.refs)
    columns, found = chosen(words, criteria, (), {})
    return found.select(words, columns)


def sql_of(plan: Plan[Any], words: Words, criteria: Criteria) -> tuple[str, tuple[Any, ...]]:
    """Text and parameters."""
    made = statement(plan, words, criteria)
    return compile(made, plan.dialect).sql, made.values


def shown(query: AsyncQuery[Any]) -> str:
    """The SQL, or why there is none: a repr must not fail."""
    from ferrow.errors import Error

    try:
        return query.to_sql()[0]
    except Error as error:
        return f"{query._plan.table.label}: {error}"


def html(query: AsyncQuery[Any]) -> str:
    """SQL and parameters for a notebook."""
    from ferrow import notebook
    from ferrow.errors import Error

    try:
        return notebook.statement(*query.to_sql())
    except Error as error:
        return notebook.statement(f"-- {error}", ())


async def explain(engine: AsyncEngine, plan: Plan[Any], words: Words, criteria: Criteria, **options: bool) -> QueryPlan:
    """The database's plan."""
    from ferrow.orm import explaining
    from ferrow.sql import Explain

    query = statement(plan, words, criteria)
    asked = Explain(query, tree=True, **options)
    key = ("explain", asked.shape)
    prepared = plan.statements.get(key) or plan.prepare(key, asked)
    result = await engine.run(prepared.sql, asked.values, prepared.shape, prepared.kinds)
    read = explaining.of_json if len(result.columns) == 1 else explaining.of_rows
    return read(compile(query, plan.dialect).sql, result.rows)
