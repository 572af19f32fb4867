"""Frames of windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypeVar

from ferrow.sql.form.cast import CAST
from ferrow.sql.form.window import FRAME
from ferrow.sql.ordering import Ordering
from ferrow.sql.promote import is_number, unlimited
from ferrow.sql.shape import HOLES, Shape
from ferrow.types import BigInteger, Integer, SQLType

D = TypeVar("D")

Bounds: TypeAlias = tuple[D | None, D | None]
Exclude: TypeAlias = Literal["current row", "group", "ties"]

_EXCLUDE = {"current row": "CURRENT ROW", "group": "GROUP", "ties": "TIES"}


def frame(
    order: Sequence[Ordering], given: Mapping[str, Any], exclude: str | None
) -> tuple[Shape | None, tuple[Any, ...]]:
    """Return shape and values of a frame, of which there is one at most (see `Windowed.over`)."""
    frames = [(unit, bounds) for unit, bounds in given.items() if bounds is not None]
    if len(frames) > 1:
        msg = f"a window has one frame, not {' and '.join([unit.lower() for unit, _ in frames])}"
        raise ValueError(msg)
    if exclude is not None and exclude not in _EXCLUDE:
        msg = f"exclude={exclude!r}: what can be left out of a frame is {', '.join(map(repr, _EXCLUDE))}"
        raise ValueError(msg)
    if not frames:
        if exclude is not None:
            msg = f"exclude={exclude!r} leaves something out of a frame, and there is none; add rows=(None, None)"
            raise ValueError(msg)
        return None, ()
    unit, bounds = frames[0]
    if not isinstance(bounds, tuple) or len(bounds) != 2:
        msg = f"{unit.lower()}={bounds!r}: a frame is a pair of start and end, such as (-1, 1) or (None, 0)"
        raise TypeError(msg)
    start, end = bounds
    type = _distances(unit, bounds, order)
    if start is not None and end is not None and start > end:
        msg = f"{unit.lower()}={bounds!r}: the start of the frame lies behind its end"
        raise ValueError(msg)
    first, first_values = _bound(unit, start, "PRECEDING", type)
    last, last_values = _bound(unit, end, "FOLLOWING", type)
    shape = (FRAME, unit, first, last, None if exclude is None else _EXCLUDE[exclude])
    return shape, first_values + last_values


def _distances(unit: str, bounds: Any, order: Sequence[Ordering]) -> SQLType:
    """The type that distances have: a number of rows, or that of what is sorted by."""
    distances = [bound for bound in bounds if bound]
    if unit == "GROUPS" and not order:
        msg = f"groups={bounds!r} counts groups of rows that are sorted equally: say order_by"
        raise ValueError(msg)
    type: SQLType = BigInteger()
    wanted: Any = int
    if unit == "RANGE" and distances:
        if len(order) != 1 or not is_number(order[0].expr.type):
            msg = f"range={bounds!r} needs exactly one number to sort by"
            raise ValueError(msg)
        type = unlimited(order[0].expr.type)
        wanted = int if isinstance(type, Integer) else (int, type.python)
    for bound in distances:
        if isinstance(bound, bool) or not isinstance(bound, wanted):
            msg = f"{unit.lower()}={bounds!r}: {bound!r} is no distance here, which is a number like {type!r}"
            raise TypeError(msg)
    return type


def _bound(unit: str, distance: Any, unbounded: str, type: SQLType) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    if distance is None:
        return (f"UNBOUNDED {unbounded}",), ()
    if distance == 0:
        return ("CURRENT ROW",), ()
    place: Any = HOLES[type]
    if unit == "RANGE":
        place = (CAST, type, place)  # PostgreSQL has several functions for it and must be told
    return ("PRECEDING" if distance < 0 else "FOLLOWING", place), (abs(distance),)
