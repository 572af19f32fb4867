"""Documents and lists as they were: what tells whether a value was changed in place."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.model.column import Column

_FIXED = frozenset(
    ["bool", "int", "float", "text", "date", "time", "timestamp", "timestamptz", "uuid", "decimal", "interval"]
)
"""Kinds whose Python values cannot change."""

_ATOMS = frozenset([type(None), bool, int, float, str, bytes])


def changes_in_place(column: Column) -> bool:
    """Whether the values of a column can change without being assigned."""
    return column.type.kind not in _FIXED and column.python is not bytes


def copied(value: Any) -> Any:
    """A copy that in-place changes of `value` do not reach."""
    kind = value.__class__
    if kind in _ATOMS:
        return value
    if kind is dict:
        return {key: copied(item) for key, item in value.items()}
    if kind is list:
        return [copied(item) for item in value]
    return deepcopy(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values are stored alike. Stricter than `==`, for which 1, 1.0 and True are one value, in documents too."""
    kind = one.__class__
    if kind is not other.__class__:
        return False
    if kind in _ATOMS:
        return bool(one == other) or (one != one and other != other)
    if kind is dict:
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    if kind is list or kind is tuple:
        return len(one) == len(other) and all(map(same, one, other))
    fields = getattr(one, "__dict__", None)
    if fields:
        return same(dict(fields), dict(other.__dict__))
    return bool(one == other)
