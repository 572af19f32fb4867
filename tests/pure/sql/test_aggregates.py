"""Functions over many rows, beyond those of test_func.py: the text per dialect."""

from typing import Any

import pytest

from ferrow.sql import Expr, func
from ferrow.types import Double
from tests.pure.sql.columns import active, age, meta, name, one, price, raw
from tests.support.sql import NOT_SUPPORTED, assert_expr

# expression, values, PostgreSQL, SQLite (None: not supported)
TEXTS: list[tuple[Expr[Any], list[Any], str, str | None]] = [
    (
        func.string_agg(name, ", ", order_by=name),
        [", "],
        "string_agg(name, $1 ORDER BY name)",
        "group_concat(name, ?1 ORDER BY name)",
    ),
    (func.string_agg(name, ", ", distinct=True), [", "], "string_agg(DISTINCT name, $1)", None),
    (
        func.array_agg(age, order_by=[age.desc(), one]),
        [],
        "array_agg(age ORDER BY age DESC, one)",
        "nullif(json_group_array(age ORDER BY age DESC, one), '[]')",
    ),
    (func.array_agg(raw), [], "array_agg(raw)", "nullif(json_group_array(hex(raw)), '[]')"),
    (func.array_agg(one, distinct=True), [], "array_agg(DISTINCT one)", "nullif(json_group_array(DISTINCT one), '[]')"),
    (func.json_agg(name), [], "jsonb_agg(name)", "nullif(json_group_array(name), '[]')"),
    (
        func.json_agg(active),
        [],
        "jsonb_agg(active)",
        "nullif(json_group_array(json(iif(active, 'true', iif(active IS NULL, 'null', 'false')))), '[]')",
    ),
    (func.json_agg(meta), [], "jsonb_agg(meta)", "nullif(json_group_array(json(meta)), '[]')"),
    (
        func.sum(price).filter(age > 1),
        [1],
        "sum(price) FILTER (WHERE age > $1)",
        "decimal_sum(price) FILTER (WHERE age > ?1)",
    ),
    (
        func.sum(one).filter(age > 1).filter(active),
        [1],
        "CAST(sum(one) FILTER (WHERE age > $1 AND active) AS bigint)",
        "sum(one) FILTER (WHERE age > ?1 AND active)",
    ),
    (func.count().filter(age > 1), [1], "count(*) FILTER (WHERE age > $1)", "count(*) FILTER (WHERE age > ?1)"),
    (func.max(active).filter(active), [], "bool_or(active) FILTER (WHERE active)", "max(active) FILTER (WHERE active)"),
    (
        func.call("regr_slope", age, 2, type=Double(), aggregate=True).filter(active),
        [2],
        "regr_slope(age, CAST($1 AS bigint)) FILTER (WHERE active)",
        "regr_slope(age, CAST(?1 AS INTEGER)) FILTER (WHERE active)",
    ),
]


@pytest.mark.parametrize(("expr", "values", "postgresql", "sqlite"), TEXTS, ids=[text[2] for text in TEXTS])
def test_texts(expr: Expr[Any], values: list[Any], postgresql: str, sqlite: str | None) -> None:
    assert_expr(expr, values=values, postgresql=postgresql, sqlite=sqlite or NOT_SUPPORTED)
