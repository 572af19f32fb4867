"""Rows of any statement as instances of a model: by the names of the columns."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ferrow.errors import DataError, ProgrammingError, nearest
from ferrow.model.binding import binding
from ferrow.model.stored import is_encoded, read
from ferrow.model.unlike import decoded

if TYPE_CHECKING:
    from ferrow.model.column import Column

M = TypeVar("M")
_SUBCLASSES: dict[type, type] = {int: bool, datetime.date: datetime.datetime}
"""Of these a value is of the class, and yet of another type."""
_EXACT = "; on SQLite, where sum() and avg() of decimals are floats, decimal_sum() and decimal_avg() are exact"


class Matching(Generic[M]):
    """Which column of a result belongs to which attribute of a model. Calling it with the values of a row makes an instance.

    A column may be called as the attribute or as the database calls it. A model whose attributes all come is built as from a
    query of its own; one with some missing goes through its constructor, which knows their defaults.
    """

    __slots__ = ("_build", "_columns", "_keys", "_model", "_whole")

    def __init__(self, model: type[M], names: Sequence[str]) -> None:
        """Match the columns of a result with those of `model`.

        Raises:
            ModelError: not a model.
            ProgrammingError: a column that the model does not have, has twice, or one that it needs and does not come.
        """
        bound = binding(model)
        table = bound.table
        self._model = model
        self._columns: list[Column] = []
        for name in names:
            column = table.by_key.get(name) or table.by_name.get(name)
            if column is None:
                msg = f"the result has a column {name!r}, and {table.label} has none of that name. {nearest(name, table.by_key)}"
                raise ProgrammingError(msg)
            if column in self._columns:
                msg = (
                    f"two columns of the result are {table.label}.{column.key}; give one of them another name (AS ...)"
                )
                raise ProgrammingError(msg)
            self._columns.append(column)
        missing = [column for column in table.columns if column not in self._columns]
        needed = [column.key for column in missing if not (column.nullable or column.default is not None)]
        if needed:
            msg = f"{table.label} needs {', '.join(needed)}, and the result has only {', '.join(names) or 'no columns'}"
            raise ProgrammingError(msg)
        self._keys = [column.key for column in self._columns]
        self._whole = not missing
        self._build = bound.reading

    def __call__(self, row: Sequence[Any]) -> M:
        """Make the instance of one row. Raises DataError for a value that is not what its attribute says."""
        values = dict(zip(self._keys, map(_read, self._columns, row), strict=True))
        build = self._build.build
        made: M
        if not self._whole or build == "call":
            make: Any = (self._whole and self._build.factory) or self._model
            made = make(**values)
        elif build == "pydantic":
            made = self._model.model_construct(**values)  # type: ignore[attr-defined]
        else:
            made = object.__new__(self._model)
            for key, value in values.items():
                object.__setattr__(made, key, value)
        return made


def _read(column: Column, value: Any) -> Any:
    if value is None:
        if column.nullable:
            return None
        msg = f"{column.table.label}.{column.key} cannot be None, and the result has NULL there"
        raise DataError(msg)
    if not _fits(column, value):
        value = read(column, value)
        if not _fits(column, value):
            advice = _EXACT if isinstance(value, float) and column.type.kind == "decimal" else ""
            msg = (
                f"{column.table.label}.{column.key} is {column.type!r}, and the result has {type(value).__name__} there: "
                f"{value!r}. Select what the column holds, or cast it{advice}"
            )
            raise DataError(msg)
    return value if column.decode is None else decoded(column, value)


def _fits(column: Column, value: Any) -> bool:
    yields = column.type.python
    if column.is_json:
        return not is_encoded(column, value)
    if not isinstance(yields, type) or (yields is float and type(value) is int):
        return True
    return isinstance(value, yields) and not isinstance(value, _SUBCLASSES.get(yields, ()))
