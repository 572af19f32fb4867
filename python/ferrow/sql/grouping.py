"""Columns beside aggregates need a GROUP BY: SQLite would fill them from an arbitrary row, where PostgreSQL refuses."""

from __future__ import annotations

from typing import Any

from ferrow.errors import ProgrammingError
from ferrow.sql.column import ColumnKey
from ferrow.sql.columns import members
from ferrow.sql.form.aggregate import AGGREGATES, OPERANDS
from ferrow.sql.form.select import COLUMNS, GROUP_BY, SELECT
from ferrow.sql.form.window import OVER
from ferrow.sql.scope import parts
from ferrow.sql.shape import Form


def _narrowed(shape: Any) -> Any:
    """Without the aggregates that a window takes: they yield a value for each row."""
    if type(shape) is not tuple:
        return shape
    if shape and shape[0] is OVER:
        function = shape[2]
        shape = function[OPERANDS if function[0] in AGGREGATES else 3 :] + shape[3:]
    return tuple([_narrowed(part) for part in shape])


def check_grouping(shape: tuple[Any, ...]) -> None:
    """Refuse a SELECT of a bare column and an aggregate without GROUP BY.

    Raises:
        ProgrammingError: it is one; the message names the column.
    """
    if shape[0] is not SELECT or shape[GROUP_BY]:
        return
    aggregated = False
    bare: ColumnKey | None = None
    for column in members(shape[COLUMNS]):
        inside = [*parts(_narrowed(column), within=True)]
        if any(type(part) is Form and part in AGGREGATES for part in inside):
            aggregated = True
        else:
            bare = bare or next((part for part in inside if type(part) is ColumnKey), None)
    if aggregated and bare is not None:
        msg = (
            f"the column {bare.name!r} stands beside an aggregate without a GROUP BY and would be that of an arbitrary row: "
            "group by it, or aggregate it too"
        )
        raise ProgrammingError(msg)
