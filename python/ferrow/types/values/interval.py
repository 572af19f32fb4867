"""A span of months, days and time of day, which PostgreSQL keeps apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ferrow.errors import DataError

_SECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """An `interval` with months: how long a month or a day is depends on what it is added to.

    Intervals without months arrive as `timedelta`; either is taken as a parameter. Two are equal when all three parts are:
    `Interval(days=1) != Interval(microseconds=86_400_000_000)`.

    Args:
        months: whole months, 12 of them for a year (32 bit).
        days: whole days (32 bit).
        microseconds: the rest (64 bit).

    Raises:
        TypeError: a part that is no int.
    """

    months: int = 0
    days: int = 0
    microseconds: int = 0

    def __post_init__(self) -> None:
        for name in ("months", "days", "microseconds"):
            part = getattr(self, name)
            if not isinstance(part, int) or isinstance(part, bool):
                raise TypeError(f"Interval.{name} is an int, not {type(part).__name__} {part!r}")

    @classmethod
    def of(cls, delta: timedelta | Interval) -> Interval:
        """The interval of a `timedelta`: its days, and its seconds as microseconds. An `Interval` is returned as it is."""
        if isinstance(delta, Interval):
            return delta
        return cls(0, delta.days, delta.seconds * _SECOND + delta.microseconds)

    def as_timedelta(self) -> timedelta:
        """The same span as a `timedelta`, with days of 24 hours.

        Raises:
            DataError: it has months, or is longer than a timedelta can be.
        """
        if self.months:
            raise DataError(f"{self!r} has months, whose length depends on the date; add it to one in SQL")
        try:
            return timedelta(days=self.days, microseconds=self.microseconds)
        except OverflowError:
            raise DataError(f"{self!r} is longer than a timedelta can be") from None

    def __str__(self) -> str:
        """The ISO 8601 duration, with a sign before each part as PostgreSQL reads and writes it: `P1Y-2M3DT4H`."""
        years, months = _split(self.months, 12)
        minutes, rest = _split(self.microseconds, 60 * _SECOND)
        hours, minutes = _split(minutes, 60)
        date = _part(years, "Y") + _part(months, "M") + _part(self.days, "D")
        time = _part(hours, "H") + _part(minutes, "M") + _seconds(rest)
        if not date and not time:
            return "PT0S"
        return f"P{date}T{time}" if time else f"P{date}"


def _split(amount: int, unit: int) -> tuple[int, int]:
    """Whole units and the rest, both with the sign of the amount."""
    whole, rest = divmod(abs(amount), unit)
    return (whole, rest) if amount >= 0 else (-whole, -rest)


def _part(amount: int, unit: str) -> str:
    return f"{amount}{unit}" if amount else ""


def _seconds(microseconds: int) -> str:
    if not microseconds:
        return ""
    whole, rest = divmod(abs(microseconds), _SECOND)
    fraction = f".{rest:06}".rstrip("0") if rest else ""
    return f"{'-' if microseconds < 0 else ''}{whole}{fraction}S"
