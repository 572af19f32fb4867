"""`insert(User).values(name="Ada")`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from ferrow.errors import NoValues, ProgrammingError
from ferrow.model.writing import refused
from ferrow.orm.fitting import encoded
from ferrow.orm.generic import M
from ferrow.orm.statements.base import Work
from ferrow.orm.statements.returning import Writing
from ferrow.sql import Expr, Insert

if TYPE_CHECKING:
    from ferrow.model.column import Column


class ModelInsert(Writing[M]):
    """New rows from values. Columns that are not given get their defaults: those of the model, else those of the database."""

    __slots__ = ("_given", "_rows")

    def __init__(self, model: type[M]) -> None:
        super().__init__(model)
        self._rows: tuple[dict[str, Any], ...] = ()
        self._given: tuple[str, ...] = ()

    def values(self, /, *rows: Mapping[str, Any], **row: Any) -> Self:
        """Add rows: one by keywords, any number as dicts. A value may be an expression.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than the column's.
        """
        made = self._copy()
        given = [*map(dict, rows), *([row] if row else [])]
        made._rows += tuple([self._complete(one) for one in given])
        made._given += tuple([key for one in given for key in one if key not in made._given])
        return made

    def _complete(self, row: dict[str, Any]) -> dict[str, Any]:
        table = self._words.table
        for key in row:
            if table.column(key).read_only:
                raise refused(table.column(key))
        values = {key: _sent(table.column(key), value) for key, value in row.items()}
        for column in table.columns:
            if column.key not in values and column.default is not None:
                default = column.default() if callable(column.default) else column.default
                values[column.key] = encoded(column, default)
        return values

    def work(self) -> Work:
        """One statement, once per row. Raises NoValues (a ValueError) without rows, ProgrammingError if rows differ in columns."""
        table = self._words.table
        if not self._rows:
            msg = f"No values specified for INSERT into {table.label}: say values(...)"
            raise NoValues(msg)
        first = self._rows[0]
        columns: list[Column] = [column for column in table.columns if column.key in first]
        for row in self._rows:
            if row.keys() != first.keys():
                msg = (
                    f"the rows of one insert({table.label}) give the same columns; {list(first)} and {list(row)} differ"
                )
                raise ProgrammingError(msg)
        refs = [column.ref for column in columns]
        rows = [tuple([row[column.key] for column in columns]) for row in self._rows]
        if not any(isinstance(value, Expr) for row in rows for value in row):
            return self._work(lambda back: Insert(table.ref, refs, returning=back), rows=rows, columns=columns)
        each = [self._work(lambda back, row=row: Insert(table.ref, refs, row, back)) for row in rows]  # type: ignore[misc]
        work = each[0]
        if any(one.statement.shape != work.statement.shape for one in each):
            msg = f"the rows of one insert({table.label}) have the same expressions at the same places; insert others apart"
            raise ProgrammingError(msg)
        work.rows = [one.statement.values for one in each]
        return work


def _sent(column: Column, value: Any) -> Any:
    return value if isinstance(value, Expr) else encoded(column, value)


def insert(model: type[M]) -> ModelInsert[M]:
    """New rows of a model. Raises ModelError if it is not one."""
    return ModelInsert(model)
