"""Errors about a parameter, told of the column that it meets: whoever writes `filter(age=...)` knows no `parameter 1`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow import hints
from ferrow.errors import DataError

if TYPE_CHECKING:
    from ferrow.sql.column import ColumnKey
    from ferrow.sql.dialect import Dialect


def name_column(error: DataError, dialect: Dialect, sql: str) -> None:
    """Say the column in place of the parameter's number, where the statement was compiled and the value meets one column."""
    if error.parameter is None or error.row is not None or (error.query is not None and error.query != sql):
        return  # that of a row says it already; and a flush before the statement is about other ones
    from ferrow.sql.meeting import met

    compiled = dialect.compiled.get(sql)
    columns = [] if compiled is None else met(compiled.shape)
    column = columns[error.parameter - 1] if error.parameter <= len(columns) else None
    if column is not None:
        error.args = (f"{_named(column)}: {error.reason}",)


def _named(column: ColumnKey) -> str:
    """`User.age`, as in the messages of those who have the model; `users.age` without one."""
    model = None
    if hints.model_of is not None:
        model = hints.model_of(column.table.name, getattr(column.table, "schema", None))
    return f"{model}.{column.key}" if model else f"{column.table.called}.{column.name}"
