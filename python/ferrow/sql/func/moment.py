"""Functions of dates and times. Moments with a zone are taken apart in UTC, on every database and whatever the session's zone."""

from __future__ import annotations

import datetime
from typing import Any, Literal, TypeAlias, TypeVar, overload

from ferrow.sql.expr import Expr, expression
from ferrow.sql.form.call import CALL, DATE_PART
from ferrow.sql.operand import expr_of
from ferrow.types import Date, Double, Integer, SQLType, Timestamp, TimestampTz

M = TypeVar("M", datetime.datetime, datetime.datetime | None, datetime.date, datetime.date | None)

Unit: TypeAlias = Literal["year", "quarter", "month", "week", "day", "hour", "minute", "second"]
WholePart: TypeAlias = Literal[
    "year", "quarter", "month", "week", "day", "hour", "minute", "isoyear", "doy", "dow", "isodow"
]
FractionalPart: TypeAlias = Literal["second", "epoch"]

_DAYS = ("year", "quarter", "month", "week", "day")
_CLOCK = ("hour", "minute", "second")
_MOMENTS = frozenset({"date", "timestamp", "timestamptz"})
_PARTS = {
    "date": (*_DAYS, "isoyear", "doy", "dow", "isodow", "epoch"),
    "time": _CLOCK,
    "timestamp": (*_DAYS, *_CLOCK, "isoyear", "doy", "dow", "isodow", "epoch"),
}


def now(*, timezone: bool = True) -> Expr[datetime.datetime]:
    """Return the current time: on PostgreSQL when the transaction began, on SQLite when the statement did, to the millisecond.

    Args:
        timezone: whether it has a zone, for columns that have (default); else it is UTC without one.
    """
    type: SQLType = TimestampTz() if timezone else Timestamp()
    return expression((CALL, type, "now" if timezone else "utc"), (), type)


def current_date() -> Expr[datetime.date]:
    """Return today's date in UTC."""
    return expression((CALL, Date(), "current_date"), (), Date())


def date_trunc(unit: Unit, moment: Expr[M]) -> Expr[M]:
    """Return when the year, quarter, month, week (Monday), day, hour, minute or second of a moment began.

    Args:
        unit: which of them; of a date up to `"day"`.
        moment: a date or a timestamp; the result has the same type.

    Raises:
        ValueError: another unit.
        TypeError: something that is neither a date nor a timestamp.
    """
    checked = expr_of("date_trunc", moment, _MOMENTS, "dates and timestamps")
    type = checked.type
    _check("date_trunc", unit, _DAYS if isinstance(type, Date) else (*_DAYS, *_CLOCK), type)
    return expression((DATE_PART, type, "date_trunc", unit, checked.shape), checked.values, type)


Moment: TypeAlias = Expr[datetime.datetime] | Expr[datetime.date] | Expr[datetime.time]
Nullable: TypeAlias = Expr[datetime.datetime | None] | Expr[datetime.date | None] | Expr[datetime.time | None]


@overload
def extract(part: WholePart, moment: Moment) -> Expr[int]: ...
@overload
def extract(part: WholePart, moment: Nullable) -> Expr[int | None]: ...
@overload
def extract(part: FractionalPart, moment: Moment) -> Expr[float]: ...
@overload
def extract(part: FractionalPart, moment: Nullable) -> Expr[float | None]: ...
def extract(part: Any, moment: Expr[Any]) -> Expr[Any]:
    """Return a part of a date, time or timestamp.

    | part | |
    |---|---|
    | `year`, `quarter`, `month`, `day`, `hour`, `minute` | as the calendar and the clock have them |
    | `second` | with its fraction, a float |
    | `week`, `isoyear` | the number of the ISO week, and the year it belongs to |
    | `doy`, `dow`, `isodow` | the day of the year from 1, of the week from Sunday = 0, from Monday = 1 to 7 |
    | `epoch` | seconds since 1970 in UTC, a float |

    Raises:
        ValueError: another part, or one that the value does not have.
        TypeError: something that is no date, time or timestamp.
    """
    checked = expr_of("extract", moment, _MOMENTS | {"time"}, "dates, times and timestamps")
    _check(
        "extract", part, _PARTS["timestamp" if isinstance(checked.type, Timestamp) else checked.type.kind], checked.type
    )
    type: SQLType = Double() if part in {"second", "epoch"} else Integer()
    return expression((DATE_PART, type, "extract", part, checked.shape), checked.values, type)


def _check(function: str, unit: Any, known: tuple[str, ...], type: SQLType) -> None:
    if unit not in known:
        msg = f"{function}({unit!r}, ...): of {type!r} values it knows {', '.join(known)}"
        raise ValueError(msg)
