"""What `+` and `-` of moments build: `User.at + timedelta(days=1)`, `User.left - User.came`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ferrow.sql.form.arithmetic import ADD
from ferrow.sql.form.cast import CAST
from ferrow.sql.form.moment import APART, MOVED
from ferrow.sql.shape import HOLES, Shape
from ferrow.sql.typed import Typed
from ferrow.types import Date, SQLType, Timestamp
from ferrow.types.duration import Duration

if TYPE_CHECKING:
    from ferrow.sql.expr import Expr

_DURATION = Duration()
_NO_TIME = datetime.timedelta(0)


class _Side(NamedTuple):
    shape: Shape
    values: tuple[Any, ...]
    type: SQLType
    given: Any
    """What the user wrote."""


def concerns(type: SQLType) -> bool:
    """Whether `+` and `-` of a type are these."""
    return isinstance(type, (Timestamp, Date, Duration))


def opposite(duration: Expr[Any]) -> Expr[Any]:
    """`-duration`."""
    return calculate(duration, "-", _NO_TIME, swapped=True)


def calculate(left: Expr[Any], operator: str, other: Any, *, swapped: bool) -> Expr[Any]:
    """`left operator other`; `swapped` if the other stands on the left."""
    from ferrow.sql.expr import expression

    first, second = _Side(left.shape, left.values, left.type, left), _side(left.type, operator, other)
    if swapped:
        first, second = second, first
    if operator == "+" and first.type is _DURATION and second.type is not _DURATION:
        first, second = second, first
    both = first.values + second.values
    if second.type is not _DURATION:
        if operator == "+" or first.type is not second.type:
            raise TypeError(_unfit(first, operator, second))
        return expression((APART, first.shape, second.shape), both, _DURATION)
    if first.type is _DURATION:
        return expression((ADD, _DURATION, operator, first.shape, second.shape), both, _DURATION)
    if isinstance(first.type, Date):
        if isinstance(second.given, Typed):
            msg = f"a date is moved by whole days, a timedelta, not by {second.given!r}"
            raise TypeError(msg)
        both = (*first.values, datetime.timedelta(days=second.given.days))  # as Python: hours do not count
    return expression((MOVED, first.type, operator, first.shape, second.shape), both, first.type)


def _side(type: SQLType, operator: str, other: Any) -> _Side:
    if isinstance(other, Typed):
        if not concerns(other.type):
            msg = (
                f"{operator} of {type!r} takes dates, times with a date and timedeltas, and {other!r} is {other.type!r}"
            )
            raise TypeError(msg)
        return _Side(other.shape, other.values, other.type, other)
    if isinstance(other, datetime.timedelta):
        own: SQLType = _DURATION
    elif isinstance(other, datetime.datetime):
        own = Timestamp(timezone=other.utcoffset() is not None)
    elif isinstance(other, datetime.date):
        own = Date()
    else:
        msg = f"{operator} of {type!r} needs a timedelta{'' if type is _DURATION else ', or a value of its own type'}, not {other!r}"
        raise TypeError(msg)
    # PostgreSQL would guess an operator by the other side alone.
    return _Side((CAST, own, HOLES[own]), (other,), own, other)


def _unfit(first: _Side, operator: str, second: _Side) -> str:
    said = f"{first.given!r} {operator} {second.given!r}: "
    if operator == "+":
        return f"{said}two moments cannot be added; + takes a timedelta"
    if first.type is _DURATION:
        return f"{said}a moment cannot be taken from a duration"
    zones = {getattr(side.type, "timezone", None) for side in (first, second)}
    fix = (
        "; one has a zone and the other has none (func.now(timezone=False) has none)" if zones == {True, False} else ""
    )
    return f"{said}{first.type!r} and {second.type!r} are not of one kind{fix}"
