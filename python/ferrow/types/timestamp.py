"""Points in time, with and without a zone."""

from __future__ import annotations

import datetime
from typing import ClassVar, Self, cast

from ferrow.types.base import SQLType


class Timestamp(SQLType):
    """`datetime.datetime` <-> timestamp, to the microsecond.

    `Timestamp()` holds naive values, `Timestamp(timezone=True)` aware ones, which come back in UTC (the same instant, so
    equal). Giving one where the other is meant is a DataError: guessing a zone would shift the instant. SQLite stores text
    that sorts in time order.
    """

    __slots__ = ()
    kind = "timestamp"
    python: ClassVar[type] = datetime.datetime
    oid: ClassVar[int | None] = 1114
    names: ClassVar[dict[str, str]] = {"postgresql": "timestamp", "sqlite": "TIMESTAMP", "mysql": "datetime(6)"}
    timezone: ClassVar[bool] = False

    def __new__(cls, timezone: bool = False) -> Self:
        """Make the type; with `timezone=True` it is `TimestampTz()`."""
        return cast(Self, TimestampTz() if timezone else cls._known())


class TimestampTz(Timestamp):
    """`datetime.datetime` with a zone; what `Timestamp(timezone=True)` returns."""

    __slots__ = ()
    kind = "timestamptz"
    oid: ClassVar[int | None] = 1184
    names: ClassVar[dict[str, str]] = {"postgresql": "timestamptz", "sqlite": "TIMESTAMPTZ", "mysql": "datetime(6)"}
    timezone = True

    def __new__(cls) -> Self:
        """Make the type."""
        return cls._known()
