"""Instances as dictionaries and text, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from ferrow.model.binding import binding, table_of

M = TypeVar("M")
_UNSET: Any = object()


def to_dict(instance: Any, include_relationships: bool = False) -> dict[str, Any]:
    """The values of an instance of any model by attribute name, in the order of the columns; what is not set is left out.

    Values are those of the attributes: an enumeration stays one, a nested document the object it is. With
    `include_relationships` loaded relations are added, their objects as dicts.

    Raises:
        ModelError: it is not an instance of a model.
    """
    table = table_of(type(instance))
    found = {key: value for key in table.by_key if (value := getattr(instance, key, _UNSET)) is not _UNSET}
    if include_relationships:
        values = getattr(instance, "__dict__", {})
        found.update({key: _related(values[key]) for key in table.relations if key in values})
    return found


def from_dict(model: type[M], data: Mapping[str, Any]) -> M:
    """Make an instance of any model from `data`; keys that are not columns, or whose columns the server computes, are ignored.

    The class's constructor runs, with its checks and defaults.

    Raises:
        ModelError: it is not a model.
        TypeError: a required value is missing (a Pydantic model raises its own error).
    """
    table = table_of(model)
    taken = {key: data[key] for key, column in table.by_key.items() if key in data and column.computed is None}
    made: M = binding(model).make(taken)
    return made


def _related(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_related(item) for item in value]
    # One level: the other side's relation would lead straight back.
    return to_dict(value) if value is not None else None


def shown(instance: Any) -> str:
    """`<User id=1>`: the key, or all columns of a model without one."""
    table = table_of(type(instance))
    columns = table.primary_key or table.columns
    values: dict[str, Any] = instance.__dict__
    parts = [f" {column.key}={_short(values[column.key])}" for column in columns if column.key in values]
    return f"<{type(instance).__qualname__.rpartition('.')[2]}{''.join(parts)}>"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
