"""What is to be done to the values of a result column, so that they are what its type says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from ferrow.sql.column import ColumnKey
from ferrow.sql.columns import members
from ferrow.sql.form.compound import first_select
from ferrow.sql.form.select import COLUMNS
from ferrow.sql.shape import Form, Hole

Decoder: TypeAlias = Callable[[Any], Any]

_ONE_OF = {
    "min",
    "max",
    "coalesce",
    "nullif",
    "greatest",
    "least",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
}
"""Functions whose value is one of their operands', and so is its meaning."""


def decoder(shape: Any) -> Decoder | None:
    """The function for the values of an expression with this shape; None if they are right as they come."""
    if type(shape) is ColumnKey:
        return shape.decode
    if type(shape) is not tuple or not shape or not isinstance(shape[0], Form):
        return None
    match shape[0].name:
        case "label":
            return decoder(shape[3])
        case "over":
            return decoder(shape[2])
        case "case":
            return _common([*[value for _, value in shape[2]], shape[3]])
        case "list item":
            return _one(decoder(shape[2]))
        case "json path":  # the document model's own
            found: Decoder | None = shape[3]
            return found
        case "scalar":  # the value of its one column
            return decoder(members(first_select(shape[2])[COLUMNS])[0])
        case "aggregate" if shape[2] in _ONE_OF:
            return _common(shape[4])
        case "aggregate" if shape[2] == "array_agg":
            return _each(decoder(shape[4][0]))
        case "ranking" if shape[2] in _ONE_OF:
            return decoder(shape[3])
        case "call" | "extreme" if shape[2] in _ONE_OF:
            return _common(shape[3:])
        case _:
            return None


def _common(operands: Iterable[Any]) -> Decoder | None:
    """What all operands need that are no plain values; None if they differ."""
    found = {decoder(one) for one in operands if one is not None and type(one) is not Hole}
    return found.pop() if len(found) == 1 else None


def _one(whole: Decoder | None) -> Decoder | None:
    return whole and (lambda value: next(iter(whole([value]))))


def _each(item: Decoder | None) -> Decoder | None:
    return item and (lambda values: [None if value is None else item(value) for value in values])
