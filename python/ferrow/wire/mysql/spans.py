"""How long something takes: as a TIME, or in microseconds."""

from __future__ import annotations

import datetime
from typing import Any

from ferrow.errors import DataError
from ferrow.wire.mysql.refused import wrong

_LONGEST = datetime.timedelta(hours=838, minutes=59, seconds=59)


def span(value: datetime.timedelta) -> str:
    """What a TIME that is no time of a day comes back as."""
    if abs(value) > _LONGEST:
        raise DataError(f"{value} does not fit TIME, which goes from -838:59:59 to 838:59:59")
    seconds, micros = divmod(abs(value) // datetime.timedelta(microseconds=1), 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    sign = "-" if value < datetime.timedelta(0) else ""
    return f"TIME'{sign}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{micros:06}'"


def length(value: Any) -> str:
    """Microseconds, which is how moments are apart in SQL."""
    if not isinstance(value, datetime.timedelta):
        wrong(value, "timedelta", "use datetime.timedelta")
    micros = value // datetime.timedelta(microseconds=1)
    if not -(2**63) <= micros < 2**63:
        raise DataError("a timedelta of more than 292,000 years fits no calculation")
    return str(micros)
