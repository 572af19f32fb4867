"""Random combinations of queries of queries: both databases give the rows that Python's sets and lists give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow import create_engine
from ferrow._core import Shape
from ferrow.sql import ColumnRef, Compound, Insert, Query, Select, TableRef, compile
from ferrow.types import Integer, Numeric

t = TableRef("t")
age: ColumnRef[int | None] = ColumnRef(t, "age", Integer(), nullable=True)
price: ColumnRef[Decimal] = ColumnRef(t, "price", Numeric())

Row = tuple[int | None, Decimal]
ROWS: list[Row] = [
    (None, Decimal("1.0")),
    (None, Decimal("1.00")),
    (1, Decimal("9.5")),
    (1, Decimal("10")),
    (2, Decimal("9.50")),
    (2, Decimal(-3)),
    (2, Decimal("10.0")),
]

Made = tuple[Query, list[Row]]
Maker = Callable[[Any], Made]
"""Makes a query and its rows; the argument numbers names."""


def filtered(low: int, text: bool) -> Maker:
    column, place = (price, 1) if text else (age, 0)

    def make(names: Any) -> Made:
        return Select([age, price], t).where(column > low), [
            row
            for row in ROWS
            if row[place] is not None and row[place] > low  # type: ignore[operator]
        ]

    return make


def everything(names: Any) -> Made:
    return Select([age, price], t), ROWS


def combined(operator: str, left: Maker, right: Maker) -> Maker:
    def make(names: Any) -> Made:
        (a, mine), (b, theirs) = left(names), right(names)
        rows: list[Row] = mine + theirs
        if operator == "UNION":
            rows = [*set(rows)]
        elif operator == "INTERSECT":
            rows = [*(set(mine) & set(theirs))]
        elif operator == "EXCEPT":
            rows = [*(set(mine) - set(theirs))]
        return Compound(operator, a, b), rows

    return make


def wrapped(how: str, inner: Maker) -> Maker:
    def make(names: Any) -> Made:
        query, rows = inner(names)
        name = f"{how}{next(names)}"
        source: Any = query.subquery(name) if how == "s" else query.cte(name)
        if how == "x":  # under an alias, twice
            other = source.as_(f"{name}b")
            twice = Select([source.c.age, other.c.price], source).join(other, other.c.price > source.c.price)
            return twice, [(a, y) for a, x in rows for _, y in rows if y > x]
        doubled = (source.c.price * 2).label("price")
        return Select([source.c.age, doubled], source).where(source.c.price < 10), [
            (a, p * 2) for a, p in rows if p < 10
        ]

    return make


def cut(limit: int, inner: Maker) -> Maker:
    def make(names: Any) -> Made:
        query, rows = inner(names)
        source = query.subquery(f"o{next(names)}")
        cut = Select([source.c.age, source.c.price], source).order_by(
            source.c.price.desc(), source.c.age.asc().nulls_first()
        )
        ordered_rows = sorted(rows, key=lambda row: (-row[1], row[0] is not None, row[0] or 0))
        return cut.limit(limit), ordered_rows[:limit]

    return make


OPERATORS = st.sampled_from(["UNION", "UNION ALL", "INTERSECT", "EXCEPT"])
MAKERS: st.SearchStrategy[Maker] = st.recursive(
    st.one_of(st.just(everything), st.builds(filtered, st.integers(-4, 10), st.booleans())),
    lambda inner: st.one_of(
        st.builds(combined, OPERATORS, inner, inner),
        st.builds(wrapped, st.sampled_from(["s", "c", "x"]), inner),
        st.builds(cut, st.integers(0, 4), inner),
    ),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(maker=MAKERS)
def check(run: Callable[[Query], list[Any]], maker: Maker) -> None:
    query, rows = maker(count())
    assert Counter(run(query)) == Counter(rows)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_random_queries(url: str, backend: str) -> None:
    decimal = "numeric" if backend == "postgresql" else "TEXT COLLATE decimal"
    with create_engine(url) as engine:
        engine.script(f"CREATE TABLE t (age integer, price {decimal})")

        def run(statement: Any) -> list[Any]:
            compiled = compile(statement, engine.dialect)
            assert len(compiled.parameters) == len(statement.values)
            shape = Shape.tuples(compiled.result_kinds)
            return list(engine.run(compiled.sql, statement.values, shape, compiled.kinds).rows)

        run(Insert.of_rows(t, [age, price], ROWS))
        check(run)
