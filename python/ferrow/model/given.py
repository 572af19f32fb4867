"""Which attributes of an instance somebody has given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table


def given(instance: Any, table: Table) -> frozenset[str]:
    """The attributes that were given, not left at their defaults.

    A Pydantic model knows (`model_fields_set`). Of other classes those count as given that differ from the default (without
    one: that are not None); where the default is a function nobody can tell, and the attribute does not count.
    """
    fields_set: set[str] | None = getattr(instance, "model_fields_set", None)
    if fields_set is not None and hasattr(type(instance), "model_fields"):
        return frozenset(fields_set)
    return frozenset([column.key for column in table.columns if _is_given(column, getattr(instance, column.key, None))])


def _is_given(column: Column, value: Any) -> bool:
    if value is None:
        return column.default is not None and not callable(column.default)
    return column.default is None or (not callable(column.default) and bool(value != column.default))
