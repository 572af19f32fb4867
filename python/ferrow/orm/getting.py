"""One row by its primary key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.sql import Select

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan, Prepared


def by_key(plan: Plan[Any]) -> Prepared:
    """`SELECT all columns WHERE key = $1`. Raises ModelError for a model without a primary key."""
    return plan.statements.get("get") or plan.prepare(
        "get", Select(plan.refs, plan.table.ref, plan.words.key("get()").where()), plan.shape
    )
