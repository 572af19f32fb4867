"""Whether a statement only speaks of its own table: `query(User).filter(Post.title == "x")` must not reach the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError
from ferrow.sql.column import ColumnKey
from ferrow.sql.columns import Columns
from ferrow.sql.form.compound import is_query

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.sql import Statement


def check_scope(statement: Statement, table: Table) -> None:
    """Raise ProgrammingError for a column of another table. Subqueries have tables of their own and are not looked into."""
    for part in statement.shape[1:]:
        _check(part, table)


def _check(shape: Any, table: Table) -> None:
    if type(shape) is ColumnKey:
        if shape.table is not table.ref.shape:
            msg = (
                f"{shape.table.name}.{shape.key} is a column of another table than {table.label}'s, {table.name}; "
                "compare with values, or with a subquery through in_()"
            )
            raise ProgrammingError(msg)
    elif type(shape) is Columns:
        _check(shape.shapes, table)
    elif type(shape) is tuple and not is_query(shape):
        for part in shape:
            _check(part, table)
