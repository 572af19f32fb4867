"""Instances with their relations: what `all()` does for a query that loads some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.orm import reading
from ferrow.orm.generic import M
from ferrow.orm.grouping import grouped
from ferrow.orm.loading import joined
from ferrow.orm.loading.load import load

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan
    from ferrow.orm.words import Words


async def read(
    engine: AsyncEngine, plan: Plan[M], words: Words, criteria: Criteria, options: Loading | None, purpose: str
) -> list[M]:
    """The instances that are meant, with what is loaded with them.

    Raises:
        ProgrammingError: the rows are groups; `purpose` is what needs instances.
    """
    ways = joined.ways(options) if options is not None and joinable(criteria) else []
    if ways:
        prepared, values = joined.prepared(plan, words, criteria, ways)
        rows = (await engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rows
        instances = joined.assembled(plan, rows, ways)
    else:
        prepared, values = reading.instances_beyond(plan, words, criteria, purpose)
        instances = (await engine.run(prepared.sql, values, prepared.shape, prepared.kinds)).rows
    if plan.lines is not None:
        plan.lines.note(engine, instances)
    if options is not None:
        await load(engine, plan, instances, options, joined=frozenset([node for node, _ in ways]))
    return instances


def joinable(criteria: Criteria) -> bool:
    """Whether joins leave the query as it is. Rows that are compared as a whole, grouped or locked must not have more columns and tables."""
    extras = criteria.extras
    return not criteria.distinct and (
        extras is None or not (extras.lock or extras.on or extras.over or extras.empty_rows or grouped(criteria))
    )
