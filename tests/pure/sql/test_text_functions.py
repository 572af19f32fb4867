"""Functions of texts: the text per dialect."""

from typing import Any

import pytest

from ferrow.sql import Expr, func
from tests.pure.sql.columns import name, nick, raw
from tests.support.sql import NOT_SUPPORTED, assert_expr

# expression, values, PostgreSQL, SQLite (None: not supported)
TEXTS: list[tuple[Expr[Any], list[Any], str, str | None]] = [
    (func.lower(name), [], "lower(name)", "ferrow_lower(name)"),
    (func.upper(nick), [], "upper(nick)", "ferrow_upper(nick)"),
    (func.length(name), [], "length(name)", "length(name)"),
    (func.length(raw), [], "length(raw)", "length(raw)"),
    (func.trim(name), [], "btrim(name)", "trim(name)"),
    (func.trim(name, "x"), ["x"], "btrim(name, $1)", "trim(name, ?1)"),
    (func.ltrim(name), [], "ltrim(name)", "ltrim(name)"),
    (func.rtrim(name, nick), [], "rtrim(name, nick)", "rtrim(name, nick)"),
    (func.replace(name, "a", "b"), ["a", "b"], "replace(name, $1, $2)", "replace(name, ?1, ?2)"),
    (func.substr(name, 2), [2], "substr(name, $1)", "substr(name, max(?1, 1))"),
    (func.substr(name, 2, 3), [2, 3], "substr(name, $1, $2)", "substr(name, max(?1, 1), max(min(?1, 1) - 1 + ?2, 0))"),
    (
        func.concat(name, "-", nick),
        ["-"],
        "concat(name, CAST($1 AS text), nick)",
        "concat(name, CAST(?1 AS TEXT), nick)",
    ),
]


@pytest.mark.parametrize(("expr", "values", "postgresql", "sqlite"), TEXTS, ids=[text[2] for text in TEXTS])
def test_texts(expr: Expr[Any], values: list[Any], postgresql: str, sqlite: str | None) -> None:
    assert_expr(expr, values=values, postgresql=postgresql, sqlite=sqlite or NOT_SUPPORTED)
