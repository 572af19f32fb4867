"""Joins."""

from __future__ import annotations

from ferrow.sql.form.join import JOIN
from ferrow.sql.logic import Truth
from ferrow.sql.node import Node, set_shape, set_values
from ferrow.sql.operators import truth
from ferrow.sql.table import TableRef


class Join(Node):
    """Another table and which of its rows belong to a row: `[LEFT] JOIN table ON on`."""

    __slots__ = ("on", "outer", "table")

    table: TableRef
    on: Truth
    outer: bool

    def __init__(self, table: TableRef, on: Truth, *, outer: bool = False) -> None:
        """Join `table`; `outer` keeps rows without a match.

        Raises:
            TypeError: `on` is not a condition.
        """
        put = object.__setattr__
        put(self, "table", table)
        put(self, "on", truth(on))
        put(self, "outer", outer)
        set_shape(self, (JOIN, table.shape, on.shape, outer))
        set_values(self, on.values)
