"""Dates and times: the text per dialect."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from ferrow.sql import Expr, func
from tests.pure.sql.columns import age, born, noon, seen
from tests.support.sql import NOT_SUPPORTED, assert_expr

# expression, values, PostgreSQL, SQLite (None: not supported)
TEXTS: list[tuple[Expr[Any], list[Any], str, str | None]] = [
    (func.now(), [], "now()", "strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')"),
    (func.now(timezone=False), [], "(now() AT TIME ZONE 'UTC')", "strftime('%Y-%m-%d %H:%M:%f000', 'now')"),
    (func.current_date(), [], "CAST(now() AT TIME ZONE 'UTC' AS date)", "date('now')"),
    (
        func.date_trunc("month", seen),
        [],
        "date_trunc('month', seen, 'UTC')",
        "strftime('%Y-%m-01 00:00:00.000000+00:00', substr(seen, 1, 19))",
    ),
    (
        func.date_trunc("week", born),
        [],
        "CAST(date_trunc('week', CAST(born AS timestamp)) AS date)",
        "strftime('%Y-%m-%d', born, '-6 days', 'weekday 1')",
    ),
    (
        func.date_trunc("quarter", seen),
        [],
        "date_trunc('quarter', seen, 'UTC')",
        "(strftime('%Y-', substr(seen, 1, 19)) || printf('%02d', (CAST(strftime('%m', substr(seen, 1, 19)) AS INTEGER) - 1) / 3 * 3 + 1) || '-01 00:00:00.000000+00:00')",
    ),
    (
        func.date_trunc("hour", seen),
        [],
        "date_trunc('hour', seen, 'UTC')",
        "strftime('%Y-%m-%d %H:00:00.000000+00:00', substr(seen, 1, 19))",
    ),
    (
        seen - timedelta(hours=1),
        [timedelta(hours=1)],
        "((seen AT TIME ZONE 'UTC' - CAST($1 AS interval)) AT TIME ZONE 'UTC')",
        "ferrow_timestamptz_moved(seen, -CAST(?1 AS INTEGER))",
    ),
    (
        born + timedelta(days=1, hours=2),
        [timedelta(days=1)],
        "CAST(born + CAST($1 AS interval) AS date)",
        "ferrow_date_moved(born, CAST(?1 AS INTEGER))",
    ),
    (
        born - date(2024, 1, 1),
        [date(2024, 1, 1)],
        "(CAST(born AS timestamp) - CAST(CAST($1 AS date) AS timestamp))",
        "ferrow_date_apart(born, CAST(?1 AS TEXT))",
    ),
    (
        (seen - seen) - timedelta(1),
        [timedelta(1)],
        "(seen - seen) - CAST($1 AS interval)",
        "ferrow_timestamptz_apart(seen, seen) - CAST(?1 AS INTEGER)",
    ),
    (
        func.extract("year", born),
        [],
        "CAST(EXTRACT(year FROM born) AS integer)",
        "CAST(strftime('%Y', born) AS INTEGER)",
    ),
    (
        func.extract("quarter", seen),
        [],
        "CAST(EXTRACT(quarter FROM (seen AT TIME ZONE 'UTC')) AS integer)",
        "((CAST(strftime('%m', substr(seen, 1, 19)) AS INTEGER) + 2) / 3)",
    ),
    (
        func.extract("second", seen),
        [],
        "CAST(EXTRACT(second FROM (seen AT TIME ZONE 'UTC')) AS double precision)",
        "CAST(substr(seen, 18) AS REAL)",
    ),
    (
        func.extract("second", noon),
        [],
        "CAST(EXTRACT(second FROM noon) AS double precision)",
        "CAST(substr(noon, 7) AS REAL)",
    ),
    (
        func.extract("hour", noon),
        [],
        "CAST(EXTRACT(hour FROM noon) AS integer)",
        "CAST(strftime('%H', substr(noon, 1, 8)) AS INTEGER)",
    ),
    (
        func.extract("epoch", seen),
        [],
        "CAST(EXTRACT(epoch FROM seen) AS double precision)",
        "(CAST(unixepoch(substr(seen, 1, 19)) AS REAL) + CAST('0' || substr(seen, 20, 7) AS REAL))",
    ),
    (
        func.extract("isodow", born),
        [],
        "CAST(EXTRACT(isodow FROM born) AS integer)",
        "CAST(strftime('%u', born) AS INTEGER)",
    ),
]


@pytest.mark.parametrize(("expr", "values", "postgresql", "sqlite"), TEXTS, ids=[text[2] for text in TEXTS])
def test_texts(expr: Expr[Any], values: list[Any], postgresql: str, sqlite: str | None) -> None:
    assert_expr(expr, values=values, postgresql=postgresql, sqlite=sqlite or NOT_SUPPORTED)


WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: seen + seen, "two moments cannot be added"),
    (lambda: seen + datetime(2024, 1, 1), "two moments cannot be added"),
    (
        lambda: seen - datetime(2024, 1, 1),
        r"one has a zone and the other has none \(func.now\(timezone=False\) has none\)",
    ),
    (lambda: seen - born, "are not of one kind$"),
    (lambda: (seen - seen) - seen, "cannot be taken from a duration"),
    (lambda: timedelta(1) - seen, "cannot be taken from a duration"),
    (lambda: seen + 1, "needs a timedelta, or a value of its own type, not 1"),
    (lambda: seen - age, "takes dates, times with a date and timedeltas"),
    (lambda: born + (seen - seen), "moved by whole days, a timedelta, not by"),
    (lambda: (seen - seen) * 2, "works on numbers"),
    (lambda: noon + timedelta(hours=1), "works on numbers"),
]


@pytest.mark.parametrize("at", range(len(WRONG)))
def test_what_moments_do_not_calculate(at: int) -> None:
    make, words = WRONG[at]
    with pytest.raises(TypeError, match=words):
        make()
