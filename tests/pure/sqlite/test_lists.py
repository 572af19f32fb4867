"""A list as one parameter, for IN."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferrow._core import Shape, SqliteConnection
from ferrow.errors import DataError
from tests.pure.sqlite.ask import DECLARED, rows, value
from tests.support.effort import times

VALUES: dict[str, list[Any]] = {
    "bool": [True],
    "int": [1, -(2**63), 2**63 - 1],
    "float": [0.1, 1e300, 5e-324, math.inf, -math.inf, 2.0],
    "text": ["", 'quote " and \\ back', "zero \0 within", "line\nbreak", "ü🎉"],
    "bytes": [b"", b"\0\xff"],
    "date": [date(1, 1, 1)],
    "timestamp": [datetime(2024, 1, 1, 2, 3, 4, 5)],
    "timestamptz": [datetime(2024, 1, 1, tzinfo=UTC)],
    "uuid": [UUID(int=5)],
    "decimal": [Decimal("1.10"), Decimal("NaN")],
}


@pytest.mark.parametrize("kind", VALUES)
def test_members_are_found(db: SqliteConnection, kind: str) -> None:
    item = "unhex(value)" if kind == "bytes" else "value"
    db.script(f"CREATE TABLE t (x {DECLARED[kind]})")
    db.run_many("INSERT INTO t VALUES (?)", [[one] for one in VALUES[kind]], Shape.tuples())
    sql = f"SELECT count(*) FROM t WHERE x IN (SELECT {item} FROM json_each(?))"
    for one in VALUES[kind]:
        assert value(db, sql, [[one]], [f"list:{kind}"]) == 1
    assert value(db, sql, [tuple(VALUES[kind])], [f"list:{kind}"]) == len(VALUES[kind])
    assert value(db, sql, [[]], [f"list:{kind}"]) == 0
    assert value(db, sql, [[None]], [f"list:{kind}"]) == 0


def test_decimals_are_found_by_value(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (x DECIMAL_TEXT COLLATE decimal); INSERT INTO t VALUES ('1.100')")
    sql = "SELECT count(*) FROM t WHERE x IN (SELECT value FROM json_each(?))"
    assert value(db, sql, [{Decimal("1.1"), Decimal(2)}], ["list:decimal"]) == 1


@given(st.lists(st.floats(allow_nan=False)), st.lists(st.text(st.characters(codec="utf-8"))))
@settings(max_examples=times(200), deadline=None)
def test_any_list_arrives(floats: list[float], texts: list[str]) -> None:
    db = SqliteConnection(":memory:")
    assert [row[0] for row in rows(db, "SELECT value FROM json_each(?)", [floats], ["list:float"])] == floats
    assert [row[0] for row in rows(db, "SELECT value FROM json_each(?)", [texts], ["list:text"])] == texts
    db.close()


@pytest.mark.parametrize(
    ("kind", "given_value", "reason"),
    [
        ("list:int", [1, "x"], r"parameter 1: element \[1\]: expected int, got str"),
        ("list:int", "123", "expected list, got str"),
        ("list:int", 5, "expected list, got int"),
        ("list:any", [b"x"], "list:bytes"),
        ("list:float", [math.nan], r"element \[0\]: NaN"),
    ],
)
def test_refusals(db: SqliteConnection, kind: str, given_value: Any, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        rows(db, "SELECT ?", [given_value], [kind])
