"""New rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from ferrow.sql.column import ColumnRef, assigned
from ferrow.sql.columns import listed
from ferrow.sql.expr import Expr
from ferrow.sql.form.insert import INSERT
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.shape import HOLES
from ferrow.sql.statement import Statement
from ferrow.sql.table import TableRef


class Insert(Statement):
    """`INSERT INTO table (columns) VALUES ($1, ...) RETURNING ...`.

    One statement serves any number of rows: build it without values once, then `run_many` it with rows, or call `row(...)`.
    """

    __slots__ = ()

    def __init__(
        self,
        table: TableRef,
        columns: Sequence[ColumnRef[Any]],
        values: Sequence[Any] | None = None,
        returning: Sequence[Expr[Any]] = (),
    ) -> None:
        """Insert one row of `values` (Python values or expressions) in the order of `columns`.

        `values=None` is the batch form: a placeholder per column, the rows are given when it is run. No columns: a row of defaults.

        Raises:
            ValueError: another number of values than of columns, or expressions with parameters among `returning`.
        """
        names, _ = listed(columns)
        back, more = listed(returning)
        shapes: tuple[Any, ...]
        given: tuple[Any, ...] = ()
        if values is None:
            shapes = tuple([HOLES[column.type] for column in columns])
            if more:
                msg = "an insert without values cannot return expressions that have parameters of their own"
                raise ValueError(msg)
        else:
            if len(values) != len(columns):
                msg = f"insert into {table.name!r}: {len(values)} values for {len(columns)} columns"
                raise ValueError(msg)
            pairs = [assigned(column, value) for column, value in zip(columns, values, strict=True)]
            shapes = tuple([pair[0] for pair in pairs])
            given = tuple([value for pair in pairs for value in pair[1]])
        set_shape(self, (INSERT, table.shape, names, shapes, back))
        set_values(self, given + more)

    def row(self, values: tuple[Any, ...]) -> Self:
        """Return the batch form with the values of one row: plain Python values, one per column, which are not looked at here."""
        made = object.__new__(type(self))
        set_shape(made, self.shape)
        set_values(made, values)
        return made
