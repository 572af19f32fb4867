"""One row by its primary key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.sql import Select

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan


class Getter:
    """All that `get` needs for one model, looked up once.

    Raises ModelError for a model without a primary key, or with a relation whose columns cannot be told.
    """

    __slots__ = ("finder", "kinds", "loading", "shape", "sql")

    def __init__(self, plan: Plan[Any]) -> None:
        self.finder = plan.words.key("get()")
        """From what the caller gives to the values of the key."""
        prepared = plan.prepare("get", Select(plan.refs, plan.table.ref, self.finder.where()), plan.shape)
        self.sql = prepared.sql
        self.shape = prepared.shape
        self.kinds = prepared.kinds
        self.loading = plan.loading or None
        """What is loaded with it; None for nothing."""


def getter_of(plan: Plan[Any]) -> Getter:
    """The getter of a plan. Raises as `Getter`."""
    found = plan.getter
    if found is None:
        found = plan.getter = Getter(plan)
    return found
