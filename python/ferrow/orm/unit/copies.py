"""Which values can change without being assigned: a unit of work compares those with copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow.model.column import Column

_FIXED = frozenset(
    ["bool", "int", "float", "text", "date", "time", "timestamp", "timestamptz", "uuid", "decimal", "interval"]
)
"""Kinds whose Python values cannot change. Those of bytes can: the program may have set a bytearray."""


def changes_in_place(column: Column) -> bool:
    """Whether the values of a column can change without being assigned."""
    return column.type.kind not in _FIXED
