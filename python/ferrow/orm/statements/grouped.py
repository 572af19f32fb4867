"""Columns of a grouped statement that differ within a group: SQLite would give those of an arbitrary row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.orm.grouping import keyed
from ferrow.sql.grouping import stray

if TYPE_CHECKING:
    from ferrow.orm.statements.joining import Side
    from ferrow.sql import Expr


def check_grouped(group: Sequence[Expr[Any]], said: Sequence[Expr[Any]], sides: Sequence[Side]) -> None:
    """Raise ProgrammingError if one of the expressions in result, order or HAVING has a column that is not grouped by."""
    whole = keyed([side.source for side in sides], group)
    for one in said:
        found = stray(one, group, whole)
        if found is not None:
            msg = (
                f"{found.table.called}.{found.key} is not the same in all rows of a group: add it to group_by(), or aggregate it, "
                "as func.max(...) does"
            )
            raise ProgrammingError(msg)
