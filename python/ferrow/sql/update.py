"""Changed rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from ferrow.sql.column import ColumnRef, assigned
from ferrow.sql.columns import listed
from ferrow.sql.cte import brought, stated
from ferrow.sql.expr import Expr
from ferrow.sql.form.update import UPDATE
from ferrow.sql.logic import Truth
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.operators import truth
from ferrow.sql.source import Source
from ferrow.sql.statement import Statement
from ferrow.sql.table import TableRef


class Update(Statement):
    """`UPDATE table SET column = $1, ... FROM ... WHERE ... RETURNING ...`."""

    __slots__ = ()

    def __init__(
        self,
        table: TableRef,
        assignments: Sequence[tuple[ColumnRef[Any], Any]],
        where: Truth | None = None,
        returning: Sequence[Expr[Any]] = (),
        from_: Sequence[Source] = (),
    ) -> None:
        """Set each column to a Python value or an expression (`(age, age + 1)`) in the rows that meet `where`; None means all rows.

        `from_` are further sources whose columns the expressions and `where` may use; `where` says which of their rows belong to
        a row of the table. If several do, it is open which of them counts.

        Raises:
            ValueError: nothing is set.
            TypeError: `where` is not a condition.
        """
        if not assignments:
            msg = f"update of {table.name!r} sets no column"
            raise ValueError(msg)
        pairs = [(column.shape, *assigned(column, value)) for column, value in assignments]
        given = tuple([value for pair in pairs for value in pair[2]])
        sets = tuple([pair[:2] for pair in pairs])
        back, more = listed(returning)
        condition, tested = (None, ()) if where is None else (truth(where).shape, where.values)
        sources = tuple([source.shape for source in from_])
        joined = tuple([value for source in from_ for value in source.values])
        said, needed = stated(brought(from_))
        set_shape(self, (UPDATE, table.shape, sets, sources, condition, said, back))
        set_values(self, given + joined + tested + needed + more)

    def row(self, values: tuple[Any, ...]) -> Self:
        """Return the same statement with other values, in the order of `values`: those that are set, then those of `where`."""
        if len(values) != len(self.values):
            msg = f"the update has {len(self.values)} parameters, got {len(values)} values"
            raise ValueError(msg)
        made = object.__new__(type(self))
        set_shape(made, self.shape)
        set_values(made, values)
        return made
