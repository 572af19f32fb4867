"""Removed rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ferrow.sql.columns import listed
from ferrow.sql.expr import Expr
from ferrow.sql.form.delete import DELETE
from ferrow.sql.logic import Truth
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.operators import truth
from ferrow.sql.statement import Statement
from ferrow.sql.table import TableRef


class Delete(Statement):
    """`DELETE FROM table WHERE ... RETURNING ...`."""

    __slots__ = ()

    def __init__(self, table: TableRef, where: Truth | None = None, returning: Sequence[Expr[Any]] = ()) -> None:
        """Delete the rows that meet `where`; None means all rows.

        Raises:
            TypeError: `where` is not a condition.
        """
        back, more = listed(returning)
        condition, tested = (None, ()) if where is None else (truth(where).shape, where.values)
        set_shape(self, (DELETE, table.shape, condition, back))
        set_values(self, tested + more)
