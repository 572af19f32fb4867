"""Removed rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ferrow.sql.columns import listed
from ferrow.sql.cte import brought, stated
from ferrow.sql.expr import Expr
from ferrow.sql.form.delete import DELETE
from ferrow.sql.logic import Truth
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.operators import truth
from ferrow.sql.source import Source
from ferrow.sql.statement import Statement
from ferrow.sql.table import TableRef


class Delete(Statement):
    """`DELETE FROM table USING ... WHERE ... RETURNING ...`."""

    __slots__ = ()

    def __init__(
        self,
        table: TableRef,
        where: Truth | None = None,
        returning: Sequence[Expr[Any]] = (),
        using: Sequence[Source] = (),
    ) -> None:
        """Delete the rows that meet `where`; None means all rows.

        `using` are further sources whose columns `where` may use, which says which of their rows belong to a row of the table.

        Raises:
            TypeError: `where` is not a condition.
        """
        back, more = listed(returning)
        condition, tested = (None, ()) if where is None else (truth(where).shape, where.values)
        sources = tuple([source.shape for source in using])
        joined = tuple([value for source in using for value in source.values])
        said, needed = stated(brought(using))
        set_shape(self, (DELETE, table.shape, sources, condition, said, back))
        set_values(self, joined + tested + needed + more)
