"""Instances of typed classes as dictionaries and text."""

from __future__ import annotations

from typing import Any

from ferrow.model.binding import table_of


def to_dict(instance: Any, include_relationships: bool) -> dict[str, Any]:
    """Return what is set, by attribute name."""
    table = table_of(type(instance))
    values: dict[str, Any] = instance.__dict__
    found = {key: values[key] for key in table.by_key if key in values}
    if include_relationships:
        for key in table.relations:
            if key in values:
                found[key] = _related(values[key])
    return found


def _related(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_related(item) for item in value]
    # One level: the other side's relation would lead straight back.
    return value.to_dict() if hasattr(value, "to_dict") else value


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
