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


async def read(engine: AsyncEngine, plan: Plan[Any], criteria: Criteria, options: Loading) -> list[Any]:
    """The instances that are meant, with what is loaded with them."""
    ways = joined.ways(options) if joinable(criteria) else []
    if ways:
        prepared = joined.prepared(plan, criteria, ways)
        rows = (await engine.run(prepared.sql, criteria.values, prepared.shape, prepared.kinds)).rows
        instances = joined.assembled(plan, rows, ways)
    else:
        prepared = reading.instances(plan, criteria)
        instances = (await engine.run(prepared.sql, criteria.values, prepared.shape, prepared.kinds)).rows
    await load(engine, plan, instances, options, joined=frozenset([node for node, _ in ways]))
    return instances


def joinable(criteria: Criteria) -> bool:
    """Whether joins leave the query as it is. Rows that are compared as a whole, or locked, must not have more columns and tables."""
    return not criteria.distinct and not getattr(criteria, "lock", None)
