"""What is to be done to the values of a result column, so that they are what its type says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ferrow.sql.column import ColumnKey
from ferrow.sql.columns import members
from ferrow.sql.form.aggregate import AGGREGATE
from ferrow.sql.form.naming import LABEL
from ferrow.sql.form.select import COLUMNS, SELECT
from ferrow.sql.form.source import SCALAR


def decoder(shape: Any) -> Callable[[Any], Any] | None:
    """The function for the values of an expression with this shape; None if they are right as they come."""
    if type(shape) is ColumnKey:
        return shape.decode
    if type(shape) is tuple:
        if shape[0] is LABEL:
            return decoder(shape[3])
        if shape[0] is AGGREGATE and shape[2] in ("min", "max"):  # one of the values of its column
            return decoder(shape[4])
        if shape[0] is SCALAR and shape[2][0] is SELECT:  # the value of its one column
            return decoder(members(shape[2][COLUMNS])[0])
    return None
