"""One row by its primary key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import NoResultFound
from ferrow.sql import Select, and_

if TYPE_CHECKING:
    from ferrow.model.visible import Visible
    from ferrow.orm.plan import Plan, Prepared


def seen_by_key(plan: Plan[Any], *, include_deleted: bool = False) -> tuple[Prepared, tuple[Any, ...]]:
    """`SELECT all columns WHERE key = $1`, of the rows that are seen, and the values behind the key's.

    Raises:
        ModelError: for a model without a primary key.
    """
    if plan.table.visible is not None:
        return _seen(plan, plan.table.visible, include_deleted)
    return by_key(plan), ()


def by_key(plan: Plan[Any]) -> Prepared:
    """The same of all rows, whoever sees them. Raises ModelError for a model without a primary key."""
    return plan.statements.get("get") or plan.prepare(
        "get", Select(plan.refs, plan.table.ref, plan.words.key("get()").where()), plan.shape
    )


def _seen(plan: Plan[Any], visible: Visible, include_deleted: bool) -> tuple[Prepared, tuple[Any, ...]]:
    shown = visible.condition(plan.table.ref, "with" if include_deleted else "without")
    key = ("seen", None if shown is None else shown.shape)
    found = plan.statements.get(key)
    if found is None:
        where = plan.words.key("get()").where()
        statement = Select(plan.refs, plan.table.ref, where if shown is None else and_(where, shown))
        found = plan.prepare(key, statement, plan.shape)
    return found, () if shown is None else shown.values


def nothing(plan: Plan[Any], key: Any, *, include_deleted: bool) -> NoResultFound:
    """The error where there is no such row, or none that is seen."""
    finder = plan.words.key("get()")
    visible = plan.table.visible
    deleted = "" if include_deleted or visible is None or visible.deleted is None else ", unless deleted softly"
    return NoResultFound(f"there is no {finder.shown(finder(key))}{deleted}")
