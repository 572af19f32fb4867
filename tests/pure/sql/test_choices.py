"""One of several values: the text per dialect."""

from typing import Any

import pytest

from ferrow.sql import Expr, case, func
from tests.pure.sql.columns import active, age, name, price, weight
from tests.support.sql import NOT_SUPPORTED, assert_expr

# expression, values, PostgreSQL, SQLite (None: not supported)
TEXTS: list[tuple[Expr[Any], list[Any], str, str | None]] = [
    (func.coalesce(age, 0), [0], "coalesce(age, $1)", "coalesce(age, ?1)"),
    (func.coalesce(age, price), [], "coalesce(CAST(age AS numeric), price)", "coalesce(CAST(age AS TEXT), price)"),
    (
        func.nullif(name, ""),
        [""],
        "CASE WHEN name IS DISTINCT FROM $1 THEN name END",
        "CASE WHEN name IS DISTINCT FROM ?1 THEN name END",
    ),
    (
        func.nullif(price, 1),
        [1],
        "CASE WHEN price IS DISTINCT FROM $1 THEN price END",
        "CASE WHEN price IS DISTINCT FROM ?1 THEN price END",
    ),
    (func.greatest(age, 1), [1], "greatest(age, $1)", "max(coalesce(age, ?1), coalesce(?1, age))"),
    (
        func.least(price, age, weight),
        [],
        "least(CAST(price AS double precision), CAST(age AS double precision), weight)",
        "min(coalesce(CAST(price AS REAL), CAST(age AS REAL), weight), coalesce(CAST(age AS REAL), weight, CAST(price AS REAL)), coalesce(weight, CAST(price AS REAL), CAST(age AS REAL)))",
    ),
    (
        case((age > 1, "many"), else_="few"),
        [1, "many", "few"],
        "CASE WHEN age > $1 THEN CAST($2 AS text) ELSE $3 END",
        "CASE WHEN age > ?1 THEN CAST(?2 AS TEXT) ELSE ?3 END",
    ),
    (
        case((age > 1, price), (active, 1)),
        [1, 1],
        "CASE WHEN age > $1 THEN price WHEN active THEN $2 END",
        "CASE WHEN age > ?1 THEN price WHEN active THEN ?2 END",
    ),
]


@pytest.mark.parametrize(("expr", "values", "postgresql", "sqlite"), TEXTS, ids=[text[2] for text in TEXTS])
def test_texts(expr: Expr[Any], values: list[Any], postgresql: str, sqlite: str | None) -> None:
    assert_expr(expr, values=values, postgresql=postgresql, sqlite=sqlite or NOT_SUPPORTED)
