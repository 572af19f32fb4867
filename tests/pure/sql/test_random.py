"""Random condition trees: they compile in every dialect, placeholders and values agree, and SQLite gives Python's answer."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow.sql import ColumnRef, Condition, Select, and_, compile, not_, or_
from ferrow.sql.dialect import ALL, SQLITE
from tests.pure.sql.columns import age, big, name, nick, one, price, t
from tests.support.sqlite_functions import connect, numbered

Row = dict[str, Any]
Predicate = Callable[[Row], bool | None]
Pair = tuple[Condition, Predicate]
"""A condition, and what it means: True, False, or None for unknown."""

ROWS: list[Row] = [
    {"one": 1, "age": None, "big": 2**40, "name": "Ada", "nick": None, "price": Decimal("9.50")},
    {"one": 2, "age": 0, "big": -1, "name": "bob_%", "nick": "B", "price": Decimal("10.00")},
    {"one": 3, "age": 18, "big": 18, "name": "", "nick": "ada", "price": Decimal("-1")},
    {"one": 4, "age": 65, "big": 3, "name": "\\Ä\n", "nick": "", "price": Decimal("9.5")},
]
COLUMNS: dict[str, ColumnRef[Any]] = {"one": one, "age": age, "big": big, "name": name, "nick": nick, "price": price}

_integers = st.integers(-3, 70)
_texts = st.sampled_from(["", "a", "A", "ada", "Ada", "_", "%", "\\", "b", "Ä", "ä"])
_prices = st.sampled_from([Decimal("9.5"), Decimal("9.500"), Decimal("10"), Decimal("-1.0"), 9])
_orders: dict[str, Callable[[Any, Any], bool]] = {
    "__eq__": lambda a, b: a == b,
    "__ne__": lambda a, b: a != b,
    "__lt__": lambda a, b: a < b,
    "__le__": lambda a, b: a <= b,
    "__gt__": lambda a, b: a > b,
    "__ge__": lambda a, b: a >= b,
}


def _unless_null(column: str, test: Callable[[Any], bool]) -> Predicate:
    return lambda row: None if row[column] is None else test(row[column])


@st.composite
def comparisons(draw: st.DrawFn) -> Pair:
    column = draw(st.sampled_from(sorted(COLUMNS)))
    values = {"name": _texts, "nick": _texts, "price": _prices}.get(column, _integers)
    operator, value = draw(st.sampled_from(sorted(_orders))), draw(values)
    return getattr(COLUMNS[column], operator)(value), _unless_null(column, lambda x: _orders[operator](x, value))


@st.composite
def betweens(draw: st.DrawFn) -> Pair:
    column, low, high = draw(st.sampled_from(["one", "age"])), draw(_integers), draw(_integers)
    return COLUMNS[column].between(low, high), _unless_null(column, lambda x: low <= x <= high)


@st.composite
def memberships(draw: st.DrawFn) -> Pair:
    column = draw(st.sampled_from(["age", "nick"]))
    values = draw(st.lists(st.none() | (_integers if column == "age" else _texts), max_size=4))
    if draw(st.booleans()):

        def among(row: Row) -> bool | None:
            if row[column] is None:
                return False if not values else True if None in values else None
            return row[column] in values

        return COLUMNS[column].in_(values), among

    def not_among(row: Row) -> bool | None:
        if row[column] is None:
            return True if not values else False if set(values) == {None} else None
        return row[column] not in values

    return COLUMNS[column].not_in(values), not_among


@st.composite
def nulls(draw: st.DrawFn) -> Pair:
    column = draw(st.sampled_from(sorted(COLUMNS)))
    if draw(st.booleans()):
        return COLUMNS[column].is_null(), lambda row: row[column] is None
    return COLUMNS[column].is_not_null(), lambda row: row[column] is not None


@st.composite
def patterns(draw: st.DrawFn) -> Pair:
    column, text = draw(st.sampled_from(["name", "nick"])), draw(_texts)
    method, test = draw(
        st.sampled_from(
            [
                ("contains", lambda x: text in x),
                ("startswith", lambda x: x.startswith(text)),
                ("endswith", lambda x: x.endswith(text)),
                ("icontains", lambda x: text.lower() in x.lower()),
            ]
        )
    )
    return getattr(COLUMNS[column], method)(text), _unless_null(column, test)


def _and(pairs: list[Pair]) -> Pair:
    def test(row: Row) -> bool | None:
        answers = [predicate(row) for _, predicate in pairs]
        return False if False in answers else None if None in answers else True

    return and_(*[condition for condition, _ in pairs]), test


def _or(pairs: list[Pair]) -> Pair:
    def test(row: Row) -> bool | None:
        answers = [predicate(row) for _, predicate in pairs]
        return True if True in answers else None if None in answers else False

    return or_(*[condition for condition, _ in pairs]), test


def _not(pair: Pair) -> Pair:
    def test(row: Row) -> bool | None:
        answer = pair[1](row)
        return None if answer is None else not answer

    return not_(pair[0]), test


conditions = st.recursive(
    comparisons() | betweens() | memberships() | nulls() | patterns(),
    lambda inner: st.lists(inner, max_size=3).map(_and) | st.lists(inner, max_size=3).map(_or) | inner.map(_not),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    connection = connect()
    columns = ", ".join(f"{key} {column.type.name('sqlite')}" for key, column in COLUMNS.items())
    connection.execute(f"CREATE TABLE t ({columns})")
    rows = [[str(value) if isinstance(value, Decimal) else value for value in row.values()] for row in ROWS]
    connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", rows)
    yield connection
    connection.close()


def _encoded(value: Any) -> Any:
    """What the core makes of parameters on SQLite, for the types used here."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value) if isinstance(value, list) else value


@numbered
@given(conditions)
def test_sqlite_gives_the_answer_of_python(database: sqlite3.Connection, pair: Pair) -> None:
    condition, predicate = pair
    query = Select([one], t, where=condition).order_by(one)
    compiled = compile(query, SQLITE)
    values = [
        _encoded(Decimal(value) if type.kind == "decimal" else value)
        for type, value in zip(compiled.parameters, query.values, strict=True)
    ]
    found = [row[0] for row in database.execute(compiled.sql, values)]
    assert found == [row["one"] for row in ROWS if predicate(row) is True], compiled.sql


@given(conditions, conditions)
def test_placeholders_and_values_agree_in_every_dialect(first: Pair, second: Pair) -> None:
    query = Select([one], t).where(first[0]).having(second[0]).limit(3)
    for dialect in ALL.values():
        compiled = compile(query, dialect)
        used = {int(number) for number in re.findall(r"[$?]\*?(\d+)", compiled.sql)}
        assert used == set(range(1, len(query.values) + 1))
        assert len(compiled.parameters) == len(query.values) == len(compiled.kinds)


@given(conditions)
def test_equal_shapes_have_equal_texts(pair: Pair) -> None:
    query = Select([one], t, where=pair[0])
    same = Select([one], t).where(and_(pair[0]))
    assert same.shape == query.shape
    assert hash(same.shape) == hash(query.shape)
