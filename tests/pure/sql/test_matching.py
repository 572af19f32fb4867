"""Regular expressions, NULL as a value, and other functions: the text per dialect."""

from typing import Any

import pytest

from ferrow.sql import Expr, func
from ferrow.types import Double, Integer
from tests.pure.sql.columns import active, age, name, nick, one, price
from tests.support.sql import NOT_SUPPORTED, assert_expr

# expression, values, PostgreSQL, SQLite (None: not supported)
TEXTS: list[tuple[Expr[Any], list[Any], str, str | None]] = [
    (name.matches("^a"), ["^a"], "name ~ $1", "ferrow_matches(name, ?1, 0)"),
    (nick.imatches("b$"), ["b$"], "nick ~* $1", "ferrow_matches(nick, ?1, 1)"),
    (active.is_(True), [], "active IS TRUE", "active IS TRUE"),
    (active.is_not(False), [], "active IS NOT FALSE", "active IS NOT FALSE"),
    (active.is_(None), [], "active IS NULL", "active IS NULL"),
    (age.is_distinct_from(1), [1], "age IS DISTINCT FROM $1", "age IS DISTINCT FROM ?1"),
    (age.is_not_distinct_from(one), [], "age IS NOT DISTINCT FROM one", "age IS NOT DISTINCT FROM one"),
    (
        price.is_distinct_from(one),
        [],
        "price IS DISTINCT FROM one",
        "price IS DISTINCT FROM CAST(one AS TEXT) COLLATE decimal",
    ),
    (age.is_distinct_from(None), [], "age IS NOT NULL", "age IS NOT NULL"),
    (
        func.call("similarity", name, "x", type=Double()),
        ["x"],
        "similarity(name, CAST($1 AS text))",
        "similarity(name, CAST(?1 AS TEXT))",
    ),
    (
        func.call("Odd name", schema="my schema", type=Integer()),
        [],
        '"my schema"."Odd name"()',
        None,
    ),
]


@pytest.mark.parametrize(("expr", "values", "postgresql", "sqlite"), TEXTS, ids=[text[2] for text in TEXTS])
def test_texts(expr: Expr[Any], values: list[Any], postgresql: str, sqlite: str | None) -> None:
    assert_expr(expr, values=values, postgresql=postgresql, sqlite=sqlite or NOT_SUPPORTED)
