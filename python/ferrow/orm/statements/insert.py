"""`insert(User).values(name="Ada")`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from ferrow.errors import ProgrammingError
from ferrow.model.writing import refused
from ferrow.orm.fitting import encoded
from ferrow.orm.generic import M
from ferrow.orm.statements.base import ModelStatement, Work, returned
from ferrow.sql import Insert

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.sql import Expr


class ModelInsert(ModelStatement[M]):
    """New rows from values. Columns that are not given get their defaults: those of the model, else those of the database."""

    __slots__ = ("_returning", "_rows")

    def __init__(self, model: type[M]) -> None:
        super().__init__(model)
        self._rows: tuple[dict[str, Any], ...] = ()
        self._returning: tuple[str | Expr[Any], ...] | None = None

    def values(self, /, *rows: Mapping[str, Any], **row: Any) -> Self:
        """Add rows: one by keywords, any number as dicts.

        Raises:
            UnknownColumn: the model has no such column.
            DataError: a value of another type than the column's.
        """
        made = self._copy()
        given = [*map(dict, rows), *([row] if row else [])]
        made._rows += tuple([self._complete(one) for one in given])
        return made

    def returning(self, *columns: str | Expr[Any]) -> Self:
        """Give these columns of the new rows back; without columns all of them, as instances."""
        made = self._copy()
        made._returning = columns
        return made

    def _complete(self, row: dict[str, Any]) -> dict[str, Any]:
        table = self._words.table
        for key in row:
            if table.column(key).read_only:
                raise refused(table.column(key))
        values = {key: encoded(table.column(key), value) for key, value in row.items()}
        for column in table.columns:
            if column.key not in values and column.default is not None:
                default = column.default() if callable(column.default) else column.default
                values[column.key] = encoded(column, default)
        return values

    def work(self) -> Work:
        """One statement, once per row. Raises ProgrammingError without rows, or if rows give different columns."""
        table = self._words.table
        if not self._rows:
            msg = f"insert({table.label}) has no rows: say values(...)"
            raise ProgrammingError(msg)
        first = self._rows[0]
        columns: list[Column] = [column for column in table.columns if column.key in first]
        for row in self._rows:
            if row.keys() != first.keys():
                msg = (
                    f"the rows of one insert({table.label}) give the same columns; {list(first)} and {list(row)} differ"
                )
                raise ProgrammingError(msg)
        back = returned(self, self._returning)
        return Work(
            Insert(table.ref, [column.ref for column in columns], returning=back),
            rows=[tuple([row[column.key] for column in columns]) for row in self._rows],
            instances=self._returning == (),
            returned=back,
            columns=columns,
        )


def insert(model: type[M]) -> ModelInsert[M]:
    """New rows of a model. Raises ModelError if it is not one."""
    return ModelInsert(model)
