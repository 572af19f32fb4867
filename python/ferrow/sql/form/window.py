"""Functions over the rows around a row: OVER."""

from __future__ import annotations

from typing import Any

from ferrow.sql.form.aggregate import AGGREGATES, aggregated
from ferrow.sql.form.cast import CAST
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer
from ferrow.types import SQLType

_WITH_DEFAULT = 6
"""Parts of the shape of `lag` and `lead` that say what stands for a row that is not there; no other function has so many."""


@form("ranking")
def RANKING(out: Writer, type: SQLType, name: str, *operands: Any) -> str:
    """`name(operands)`, a function that has a meaning in a window only."""
    return f"{name}({', '.join(map(out.write, operands))})"


@form("over")
def OVER(
    out: Writer, type: SQLType, function: Any, partition: tuple[Any, ...], order: tuple[Any, ...], frame: Any
) -> str:
    """`function OVER (PARTITION BY ... ORDER BY ... frame)`."""
    parts = []
    if partition:
        parts.append(f"PARTITION BY {', '.join([out.comparable(term) for term in partition])}")
    if order:
        parts.append(f"ORDER BY {', '.join(map(out.write, order))}")
    if frame:
        parts.append(out.write(frame))
    over = f" OVER ({' '.join(parts)})"
    if function[0] in AGGREGATES:
        return aggregated(out, function, over)
    if function[0] is RANKING and len(function) == _WITH_DEFAULT:
        value, offset, default = map(out.write, function[3:])
        return out.dialect.other_row(function[2], value, offset, default, over)
    return out.write(function) + over


@form("frame")
def FRAME(out: Writer, unit: str, start: tuple[Any, ...], end: tuple[Any, ...], exclude: str | None) -> str:
    """`ROWS BETWEEN start AND end [EXCLUDE ...]`; a bound is a direction and maybe how far."""
    out.dialect.framed(unit, exclude)
    if unit == "RANGE":
        for _, *distance in (start, end):
            out.dialect.check_distance(*[out.type_of(shape) for shape in distance])
    between = " AND ".join([_bound(out, *bound) for bound in (start, end)])
    return f"{unit} BETWEEN {between}" + (f" EXCLUDE {exclude}" if exclude else "")


def _bound(out: Writer, direction: str, distance: Any = None) -> str:
    if distance is None:
        return direction
    if out.dialect.bare_distances and type(distance) is tuple and distance[0] is CAST:
        distance = distance[2]
    return f"{out.write(distance)} {direction}"
