"""Instances with their relations: what `all()` does for a query that loads some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.orm import reading
from ferrow.orm.loading import joined
from ferrow.orm.loading.load import load

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan
    from ferrow.orm.words import Words


async def read(engine: AsyncEngine, plan: Plan[Any], words: Words, criteria: Criteria, options: Loading) -> list[Any]:
    """The instances that are meant, with what is loaded with them. Raises ProgrammingError where the rows are groups."""
    ways = joined.ways(options) if joinable(criteria) else []
    if ways:
        prepared, values = joined.prepared(plan, words, criteria, ways)
    else:
        prepared, values = reading.instances_beyond(plan, words, criteria, "all()")
    rows: list[Any] = (await engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rows
    instances = joined.assembled(plan, rows, ways) if ways else rows
    await load(engine, plan, instances, options, joined=frozenset([node for node, _ in ways]))
    return instances


def joinable(criteria: Criteria) -> bool:
    """Whether joins leave the query as it is. Rows that are compared, grouped or locked must not have more columns or tables."""
    extras = criteria.extras
    return not criteria.distinct and (extras is None or not (extras.group or extras.having or extras.on or extras.lock))
