"""Functions of numbers: the text per dialect."""

from typing import Any

import pytest

from ferrow.sql import Expr, func
from tests.pure.sql.columns import age, price, weight
from tests.support.sql import NOT_SUPPORTED, assert_expr

# expression, values, PostgreSQL, SQLite (None: not supported)
TEXTS: list[tuple[Expr[Any], list[Any], str, str | None]] = [
    (func.abs(age), [], "CAST(abs(age) AS bigint)", "abs(age)"),
    (func.abs(price), [], "abs(price)", "decimal_abs(price)"),
    (func.abs(weight), [], "abs(weight)", "abs(weight)"),
    (func.sign(age), [], "CAST(sign(age) AS bigint)", "sign(age)"),
    (func.sign(price), [], "sign(price)", "decimal_sign(price)"),
    (func.sign(weight), [], "sign(weight)", "CAST(sign(weight) AS REAL)"),
    (
        func.round(age, -1),
        [-1],
        "CAST(round(CAST(age AS numeric), $1) AS bigint)",
        "CAST(decimal_round(age, ?1) AS INTEGER)",
    ),
    (func.round(price, 1), [1], "round(price, $1)", "decimal_round(price, ?1)"),
    (
        func.round(weight),
        [0],
        "CAST(round(CAST(weight AS numeric), $1) AS double precision)",
        "ferrow_round(weight, ?1)",
    ),
    (func.ceil(age), [], "age", "age"),
    (func.ceil(price), [], "ceil(price)", "decimal_ceil(price)"),
    (func.floor(weight), [], "floor(weight)", "floor(weight)"),
    (
        func.sqrt(price),
        [],
        "CASE WHEN price >= 0 THEN sqrt(CAST(price AS double precision)) END",
        "sqrt(CAST(price AS REAL))",
    ),
    (
        func.power(age, 2),
        [2.0],
        "CASE WHEN NOT (age < 0 AND CAST($1 AS double precision) <> floor(CAST($1 AS double precision)) OR age = 0 AND CAST($1 AS double precision) < 0) THEN power(CAST(age AS double precision), CAST(CAST($1 AS double precision) AS double precision)) END",
        "CASE WHEN NOT (CAST(age AS REAL) < 0 AND CAST(CAST(?1 AS REAL) AS REAL) <> floor(CAST(CAST(?1 AS REAL) AS REAL)) OR CAST(age AS REAL) = 0 AND CAST(CAST(?1 AS REAL) AS REAL) < 0) THEN power(CAST(age AS REAL), CAST(CAST(?1 AS REAL) AS REAL)) END",
    ),
]


@pytest.mark.parametrize(("expr", "values", "postgresql", "sqlite"), TEXTS, ids=[text[2] for text in TEXTS])
def test_texts(expr: Expr[Any], values: list[Any], postgresql: str, sqlite: str | None) -> None:
    assert_expr(expr, values=values, postgresql=postgresql, sqlite=sqlite or NOT_SUPPORTED)
