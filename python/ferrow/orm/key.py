"""Primary keys, as they are given to `get` and as instances have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, ProgrammingError
from ferrow.orm.fitting import encoded, named
from ferrow.sql import Condition, and_

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table


class Key:
    """The primary key of one model."""

    __slots__ = ("_plain", "columns", "table")

    def __init__(self, table: Table, purpose: str) -> None:
        """Raises ModelError if the model has none."""
        self.table: Table = table
        self.columns: tuple[Column, ...] = table.key_columns(purpose)
        # The usual case, one column whose values travel as they are, is recognised by the class of the value.
        first = self.columns[0]
        single = len(self.columns) == 1 and first.encode is None
        self._plain: type | None = first.type.python if single else None

    def __call__(self, key: Any) -> tuple[Any, ...]:
        """The values of a key: a single value, or a tuple or dict for a composite key.

        Raises:
            ProgrammingError: another number of values than the key has columns.
            UnknownColumn: a name in the dict that is no column.
            DataError: a value of another type than its column's, or None.
        """
        if key.__class__ is self._plain:
            return (key,)
        values = self._parts(key)
        for column, value in zip(self.columns, values, strict=True):
            if value is None:
                msg = f"{named(column)} is part of the primary key, which is never None"
                raise DataError(msg)
        return tuple([encoded(column, value) for column, value in zip(self.columns, values, strict=True)])

    def _parts(self, key: Any) -> tuple[Any, ...]:
        names = tuple(column.key for column in self.columns)
        if isinstance(key, Mapping):
            for name in key:
                self.table.column(name)
            if key.keys() != set(names):
                raise self._wrong(key, names)
            return tuple(key[name] for name in names)
        values = tuple(key) if isinstance(key, (tuple, list)) else (key,)
        if len(values) != len(names):
            raise self._wrong(key, names)
        return values

    def _wrong(self, key: Any, names: tuple[str, ...]) -> ProgrammingError:
        label = self.table.label
        wanted = f"one value, {names[0]}" if len(names) == 1 else f"{len(names)} values: ({', '.join(names)})"
        return ProgrammingError(f"the primary key of {label} has {wanted}; got {key!r}")

    def where(self) -> Condition:
        """The condition that finds one row; its values are placeholders for those of the key."""
        from ferrow.sql.expr import condition
        from ferrow.sql.form.compare import COMPARE
        from ferrow.sql.shape import HOLES

        # Written as shapes: a column that encodes its values would refuse a placeholder's stand-in.
        parts = [condition((COMPARE, "=", c.ref.shape, HOLES[c.type]), (None,)) for c in self.columns]
        return and_(*parts)

    def of(self, instance: Any, purpose: str) -> tuple[Any, ...]:
        """The key of an instance, as the database has it.

        Raises:
            ProgrammingError: the instance has none, so it was never inserted.
        """
        values = []
        for column in self.columns:
            value = getattr(instance, column.key, None)
            if value is None:
                msg = f"cannot {purpose} this {self.table.label}: its {column.key} is None, so it has no row yet. Insert it first"
                raise ProgrammingError(msg)
            values.append(encoded(column, value))
        return tuple(values)

    def shown(self, values: tuple[Any, ...]) -> str:
        """`User with id=1`, for messages."""
        pairs = [f"{column.key}={value!r}" for column, value in zip(self.columns, values, strict=True)]
        return f"{self.table.label} with {', '.join(pairs)}"
