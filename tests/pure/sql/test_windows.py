"""OVER and frames: the text per dialect."""

from typing import Any

import pytest

from ferrow.sql import Expr, func
from tests.pure.sql.columns import active, age, ident, name, one, price, weight
from tests.support.sql import NOT_SUPPORTED, assert_expr

# expression, values, PostgreSQL, SQLite (None: not supported)
TEXTS: list[tuple[Expr[Any], list[Any], str, str | None]] = [
    (func.row_number().over(order_by=age), [], "row_number() OVER (ORDER BY age)", "row_number() OVER (ORDER BY age)"),
    (
        func.rank().over(partition_by=name, order_by=age.desc()),
        [],
        "rank() OVER (PARTITION BY name ORDER BY age DESC)",
        "rank() OVER (PARTITION BY name ORDER BY age DESC)",
    ),
    (
        func.dense_rank().over(partition_by=[name, active], order_by=[age, one]),
        [],
        "dense_rank() OVER (PARTITION BY name, active ORDER BY age, one)",
        "dense_rank() OVER (PARTITION BY name, active ORDER BY age, one)",
    ),
    (
        func.percent_rank().over(order_by=price),
        [],
        "percent_rank() OVER (ORDER BY price)",
        "percent_rank() OVER (ORDER BY price)",
    ),
    (func.cume_dist().over(order_by=age), [], "cume_dist() OVER (ORDER BY age)", "cume_dist() OVER (ORDER BY age)"),
    (func.ntile(4).over(order_by=age), [4], "ntile($1) OVER (ORDER BY age)", "ntile(?1) OVER (ORDER BY age)"),
    (func.lag(name).over(order_by=age), [1], "lag(name, $1) OVER (ORDER BY age)", "lag(name, ?1) OVER (ORDER BY age)"),
    (
        func.lead(age, 2, 0).over(order_by=one),
        [2, 0],
        "lead(age, $1, $2) OVER (ORDER BY one)",
        "lead(age, ?1, ?2) OVER (ORDER BY one)",
    ),
    (
        func.first_value(name).over(order_by=age, rows=(None, 0)),
        [],
        "first_value(name) OVER (ORDER BY age ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
        "first_value(name) OVER (ORDER BY age ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
    ),
    (
        func.last_value(name).over(order_by=age, rows=(None, None)),
        [],
        "last_value(name) OVER (ORDER BY age ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
        "last_value(name) OVER (ORDER BY age ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
    ),
    (
        func.nth_value(name, 2).over(order_by=age),
        [2],
        "nth_value(name, $1) OVER (ORDER BY age)",
        "nth_value(name, ?1) OVER (ORDER BY age)",
    ),
    (func.sum(one).over(), [], "CAST(sum(one) OVER () AS bigint)", "sum(one) OVER ()"),
    (
        func.sum(price).filter(active).over(order_by=one, rows=(-2, 2)),
        [2, 2],
        "sum(price) FILTER (WHERE active) OVER (ORDER BY one ROWS BETWEEN $1 PRECEDING AND $2 FOLLOWING)",
        "decimal_sum(price) FILTER (WHERE active) OVER (ORDER BY one ROWS BETWEEN ?1 PRECEDING AND ?2 FOLLOWING)",
    ),
    (
        func.avg(one).over(order_by=one, range=(-5, None)),
        [5],
        "CAST(avg(one) OVER (ORDER BY one RANGE BETWEEN CAST($1 AS integer) PRECEDING AND UNBOUNDED FOLLOWING) AS double precision)",
        "avg(one) OVER (ORDER BY one RANGE BETWEEN CAST(?1 AS INTEGER) PRECEDING AND UNBOUNDED FOLLOWING)",
    ),
    (
        func.sum(weight).over(order_by=price, range=(-1, 1)),
        [1, 1],
        "sum(CAST(weight AS double precision)) OVER (ORDER BY price RANGE BETWEEN CAST($1 AS numeric) PRECEDING AND CAST($2 AS numeric) FOLLOWING)",
        None,
    ),
    (
        func.count().over(order_by=age, groups=(-1, 1), exclude="ties"),
        [1, 1],
        "count(*) OVER (ORDER BY age GROUPS BETWEEN $1 PRECEDING AND $2 FOLLOWING EXCLUDE TIES)",
        "count(*) OVER (ORDER BY age GROUPS BETWEEN ?1 PRECEDING AND ?2 FOLLOWING EXCLUDE TIES)",
    ),
    (
        func.max(ident).over(partition_by=name),
        [],
        'CAST(max(CAST(ident AS text) COLLATE "C") OVER (PARTITION BY name) AS uuid)',
        "max(ident) OVER (PARTITION BY name)",
    ),
]


@pytest.mark.parametrize(("expr", "values", "postgresql", "sqlite"), TEXTS, ids=[text[2] for text in TEXTS])
def test_texts(expr: Expr[Any], values: list[Any], postgresql: str, sqlite: str | None) -> None:
    assert_expr(expr, values=values, postgresql=postgresql, sqlite=sqlite or NOT_SUPPORTED)
