"""Dates and times: the text per dialect."""

from typing import Any

import pytest

from ferrow.sql import Expr, func
from tests.pure.sql.columns import born, noon, seen
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
