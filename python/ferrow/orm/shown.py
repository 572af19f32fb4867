"""Which rows a query sees at all: with or without those that were deleted softly, in or out of the model's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors import NoSoftDelete
from ferrow.orm.criteria import EVERYTHING

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.model.visible import Deleted
    from ferrow.orm.criteria import Criteria


def deleted(criteria: Criteria, table: Table, showing: Deleted) -> Criteria:
    """With deleted rows, or only these."""
    deletion(table, f"{showing}_deleted()")
    return criteria.showing_as(table, (criteria.showing or EVERYTHING)._replace(deleted=showing))


def unscoped(criteria: Criteria, table: Table) -> Criteria:
    """Without the model's scope."""
    return criteria.showing_as(table, (criteria.showing or EVERYTHING)._replace(scoped=False))


def deletion(table: Table, purpose: str) -> Column:
    """The column that says when a row was deleted. Raises NoSoftDelete if there is none."""
    if table.visible is None or table.visible.deleted is None:
        msg = (
            f"{purpose} is for models with soft deletion, and {table.label} has none: derive it from SoftDeleteMixin, or give a column "
            "soft_delete=True"
        )
        raise NoSoftDelete(msg)
    return table.visible.deleted
