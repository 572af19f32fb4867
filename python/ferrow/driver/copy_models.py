"""What instances of models call the columns of a COPY. The driver knows no models; those whose table is known have it with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def attributes(cls: type, columns: Iterable[str]) -> list[str]:
    """The attributes that have the values of these columns, in their order."""
    names = {column.name: key for key, column in _columns(cls).items()}
    return [names.get(column, column) for column in columns]


def columns_of(row: object, columns: Sequence[str] | None) -> Sequence[str] | None:
    """The columns to fill, where a model's attributes may stand for theirs."""
    if (
        columns is None
        or isinstance(columns, str)
        or isinstance(row, (tuple, list, dict))
        or not (known := _columns(type(row)))
    ):
        return columns
    names = {column.name for column in known.values()}
    return [known[name].name if name not in names and name in known else name for name in columns]


def _columns(cls: type) -> Mapping[str, Any]:
    """The columns by attribute; none where the class is no model, or nobody has asked for its table."""
    if "__ferrow_fields__" in cls.__dict__:
        found: Mapping[str, Any] = cls.__columns__  # type: ignore[attr-defined]
        return found
    bound = cls.__dict__.get("__ferrow_binding__")
    return {} if bound is None else bound.table.by_key
