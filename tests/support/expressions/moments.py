"""Parts of dates, times and moments, and where their units begin, in each row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from ferrow import case, func
from ferrow.sql import Expr
from tests.support.expressions.things import EARLY, LATE, MOON, T

TICK = timedelta(microseconds=1)
LONG = timedelta(days=400, hours=25, microseconds=3)

MOMENTS: list[tuple[Expr[Any], list[Any]]] = [
    (
        func.date_trunc("year", T.at),
        [datetime(2024, 1, 1, 0, 0), datetime(2021, 1, 1, 0, 0), datetime(1969, 1, 1, 0, 0)],
    ),
    (
        func.date_trunc("year", T.atz),
        [
            datetime(2024, 1, 1, 0, 0, tzinfo=UTC),
            datetime(2021, 1, 1, 0, 0, tzinfo=UTC),
            datetime(1969, 1, 1, 0, 0, tzinfo=UTC),
        ],
    ),
    (func.date_trunc("year", T.day), [date(2024, 1, 1), date(2021, 1, 1), date(1969, 1, 1)]),
    (
        func.date_trunc("quarter", T.at),
        [datetime(2024, 10, 1, 0, 0), datetime(2021, 1, 1, 0, 0), datetime(1969, 7, 1, 0, 0)],
    ),
    (
        func.date_trunc("quarter", T.atz),
        [
            datetime(2024, 10, 1, 0, 0, tzinfo=UTC),
            datetime(2021, 1, 1, 0, 0, tzinfo=UTC),
            datetime(1969, 7, 1, 0, 0, tzinfo=UTC),
        ],
    ),
    (func.date_trunc("quarter", T.day), [date(2024, 1, 1), date(2021, 1, 1), date(1969, 7, 1)]),
    (
        func.date_trunc("month", T.at),
        [datetime(2024, 12, 1, 0, 0), datetime(2021, 1, 1, 0, 0), datetime(1969, 7, 1, 0, 0)],
    ),
    (
        func.date_trunc("month", T.atz),
        [
            datetime(2024, 12, 1, 0, 0, tzinfo=UTC),
            datetime(2021, 1, 1, 0, 0, tzinfo=UTC),
            datetime(1969, 7, 1, 0, 0, tzinfo=UTC),
        ],
    ),
    (func.date_trunc("month", T.day), [date(2024, 2, 1), date(2021, 1, 1), date(1969, 7, 1)]),
    (
        func.date_trunc("week", T.at),
        [datetime(2024, 12, 30, 0, 0), datetime(2020, 12, 28, 0, 0), datetime(1969, 7, 14, 0, 0)],
    ),
    (
        func.date_trunc("week", T.atz),
        [
            datetime(2024, 12, 30, 0, 0, tzinfo=UTC),
            datetime(2020, 12, 28, 0, 0, tzinfo=UTC),
            datetime(1969, 7, 14, 0, 0, tzinfo=UTC),
        ],
    ),
    (func.date_trunc("week", T.day), [date(2024, 2, 26), date(2020, 12, 28), date(1969, 7, 14)]),
    (
        func.date_trunc("day", T.at),
        [datetime(2024, 12, 31, 0, 0), datetime(2021, 1, 3, 0, 0), datetime(1969, 7, 20, 0, 0)],
    ),
    (
        func.date_trunc("day", T.atz),
        [
            datetime(2024, 12, 31, 0, 0, tzinfo=UTC),
            datetime(2021, 1, 3, 0, 0, tzinfo=UTC),
            datetime(1969, 7, 20, 0, 0, tzinfo=UTC),
        ],
    ),
    (func.date_trunc("day", T.day), [date(2024, 2, 29), date(2021, 1, 3), date(1969, 7, 20)]),
    (
        func.date_trunc("hour", T.at),
        [datetime(2024, 12, 31, 23, 0), datetime(2021, 1, 3, 4, 0), datetime(1969, 7, 20, 20, 0)],
    ),
    (
        func.date_trunc("hour", T.atz),
        [
            datetime(2024, 12, 31, 23, 0, tzinfo=UTC),
            datetime(2021, 1, 3, 4, 0, tzinfo=UTC),
            datetime(1969, 7, 20, 20, 0, tzinfo=UTC),
        ],
    ),
    (
        func.date_trunc("minute", T.at),
        [datetime(2024, 12, 31, 23, 59), datetime(2021, 1, 3, 4, 5), datetime(1969, 7, 20, 20, 17)],
    ),
    (
        func.date_trunc("minute", T.atz),
        [
            datetime(2024, 12, 31, 23, 59, tzinfo=UTC),
            datetime(2021, 1, 3, 4, 5, tzinfo=UTC),
            datetime(1969, 7, 20, 20, 17, tzinfo=UTC),
        ],
    ),
    (
        func.date_trunc("second", T.at),
        [datetime(2024, 12, 31, 23, 59, 59), datetime(2021, 1, 3, 4, 5, 6), datetime(1969, 7, 20, 20, 17)],
    ),
    (
        func.date_trunc("second", T.atz),
        [
            datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC),
            datetime(2021, 1, 3, 4, 5, 6, tzinfo=UTC),
            datetime(1969, 7, 20, 20, 17, tzinfo=UTC),
        ],
    ),
    (func.extract("year", T.at), [2024, 2021, 1969]),
    (func.extract("year", T.atz), [2024, 2021, 1969]),
    (func.extract("year", T.day), [2024, 2021, 1969]),
    (func.extract("quarter", T.at), [4, 1, 3]),
    (func.extract("quarter", T.atz), [4, 1, 3]),
    (func.extract("quarter", T.day), [1, 1, 3]),
    (func.extract("month", T.at), [12, 1, 7]),
    (func.extract("month", T.atz), [12, 1, 7]),
    (func.extract("month", T.day), [2, 1, 7]),
    (func.extract("week", T.at), [1, 53, 29]),
    (func.extract("week", T.atz), [1, 53, 29]),
    (func.extract("week", T.day), [9, 53, 29]),
    (func.extract("day", T.at), [31, 3, 20]),
    (func.extract("day", T.atz), [31, 3, 20]),
    (func.extract("day", T.day), [29, 3, 20]),
    (func.extract("hour", T.at), [23, 4, 20]),
    (func.extract("hour", T.atz), [23, 4, 20]),
    (func.extract("hour", T.clock), [23, 0, 12]),
    (func.extract("minute", T.at), [59, 5, 17]),
    (func.extract("minute", T.atz), [59, 5, 17]),
    (func.extract("minute", T.clock), [59, 0, 0]),
    (func.extract("second", T.at), [59.999999, 6.000007, 0.0]),
    (func.extract("second", T.atz), [59.999999, 6.000007, 0.0]),
    (func.extract("second", T.clock), [59.999999, 1.0, 0.0]),
    (func.extract("isoyear", T.at), [2025, 2020, 1969]),
    (func.extract("isoyear", T.atz), [2025, 2020, 1969]),
    (func.extract("isoyear", T.day), [2024, 2020, 1969]),
    (func.extract("doy", T.at), [366, 3, 201]),
    (func.extract("doy", T.atz), [366, 3, 201]),
    (func.extract("doy", T.day), [60, 3, 201]),
    (func.extract("dow", T.at), [2, 0, 0]),
    (func.extract("dow", T.atz), [2, 0, 0]),
    (func.extract("dow", T.day), [4, 0, 0]),
    (func.extract("isodow", T.at), [2, 7, 7]),
    (func.extract("isodow", T.atz), [2, 7, 7]),
    (func.extract("isodow", T.day), [4, 7, 7]),
    (func.extract("epoch", T.at), [1735689599.999999, 1609646706.000007, -14182980.0]),
    (func.extract("epoch", T.atz), [1735689599.999999, 1609646706.000007, -14182980.0]),
    (func.extract("epoch", T.day), [1709164800.0, 1609632000.0, -14256000.0]),
    (T.at + timedelta(microseconds=1), [datetime(2025, 1, 1), EARLY + TICK, MOON + TICK]),
    (
        timedelta(microseconds=1) + T.atz,
        [datetime(2025, 1, 1, tzinfo=UTC), (EARLY + TICK).replace(tzinfo=UTC), (MOON + TICK).replace(tzinfo=UTC)],
    ),
    (T.at - LONG, [LATE - LONG, EARLY - LONG, MOON - LONG]),
    (T.atz + LONG, [one.replace(tzinfo=UTC) + LONG for one in (LATE, EARLY, MOON)]),
    (T.day + timedelta(days=1, hours=23), [date(2024, 3, 1), date(2021, 1, 4), date(1969, 7, 21)]),
    (T.day - timedelta(hours=1), [date(2024, 2, 29), date(2021, 1, 3), date(1969, 7, 20)]),
    (T.day + timedelta(hours=-1), [date(2024, 2, 28), date(2021, 1, 2), date(1969, 7, 19)]),
    (T.at - EARLY, [LATE - EARLY, timedelta(0), MOON - EARLY]),
    (LATE.replace(tzinfo=UTC) - T.atz, [timedelta(0), LATE - EARLY, LATE - MOON]),
    (
        T.day - date(2024, 2, 28),
        [timedelta(days=1), date(2021, 1, 3) - date(2024, 2, 28), date(1969, 7, 20) - date(2024, 2, 28)],
    ),
    (
        func.date_trunc("year", T.at) - T.at,
        [datetime(2024, 1, 1) - LATE, datetime(2021, 1, 1) - EARLY, datetime(1969, 1, 1) - MOON],
    ),
    (-(T.at - EARLY), [EARLY - LATE, timedelta(0), EARLY - MOON]),
    (T.at - EARLY + timedelta(microseconds=1), [LATE - EARLY + TICK, TICK, MOON - EARLY + TICK]),
    (T.at - (T.at - EARLY), [EARLY, EARLY, EARLY]),
    (T.at - (T.at - EARLY + LONG), [EARLY - LONG] * 3),
    (EARLY + (T.at - EARLY), [LATE, EARLY, MOON]),
    (case((T.n > 0, T.at), else_=None) - EARLY, [LATE - EARLY, None, None]),
    (case((T.n > 0, T.atz), else_=None) + TICK, [datetime(2025, 1, 1, tzinfo=UTC), None, None]),
    (
        func.coalesce(case((T.n > 0, T.at - EARLY), else_=None), timedelta(1)),
        [LATE - EARLY, timedelta(1), timedelta(1)],
    ),
]
