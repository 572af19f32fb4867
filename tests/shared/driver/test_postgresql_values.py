"""Every type of PostgreSQL that travels in binary, as parameter and as result. A new type is a row here."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from math import isnan
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ferrow.errors import DataError, ProgrammingError
from tests.support import maybe

pytestmark = pytest.mark.postgresql


class Colour(Enum):
    RED = "red"


ID = uuid.UUID("12345678-1234-5678-1234-567812345678")

# type, literal as the server writes it, the Python value it is
ROWS: list[tuple[str, str, Any]] = [
    ("boolean", "true", True),
    ("boolean", "false", False),
    ("smallint", "-32768", -32768),
    ("smallint", "32767", 32767),
    ("integer", "-2147483648", -(2**31)),
    ("integer", "2147483647", 2**31 - 1),
    ("bigint", "-9223372036854775808", -(2**63)),
    ("bigint", "9223372036854775807", 2**63 - 1),
    ("oid", "4294967295", 2**32 - 1),
    ("real", "1.5", 1.5),
    ("real", "0.1", 0.1),
    ("double precision", "0.1", 0.1),
    ("double precision", "-Infinity", float("-inf")),
    ("double precision", "1e-323", 1e-323),
    ("text", "", ""),
    ("text", "héllo 🦀", "héllo 🦀"),
    ("varchar(10)", "abc", "abc"),
    ("char(5)", "abc", "abc  "),
    ("name", "abc", "abc"),
    ('"char"', "x", "x"),
    ("bytea", "\\x00ff7e", b"\x00\xff~"),
    ("bytea", "", b""),
    ("date", "0001-01-01", date(1, 1, 1)),
    ("date", "1999-12-31", date(1999, 12, 31)),
    ("date", "2000-02-29", date(2000, 2, 29)),
    ("date", "9999-12-31", date(9999, 12, 31)),
    ("time", "00:00:00", time(0)),
    ("time", "23:59:59.999999", time(23, 59, 59, 999999)),
    ("timestamp", "1969-12-31 23:59:59.999999", datetime(1969, 12, 31, 23, 59, 59, 999999)),
    ("timestamp", "9999-12-31 23:59:59.999999", datetime(9999, 12, 31, 23, 59, 59, 999999)),
    ("timestamp", "0001-01-01 00:00:00", datetime(1, 1, 1)),
    ("timestamptz", "2026-07-01 12:00:00.000001+02", datetime(2026, 7, 1, 10, 0, 0, 1, UTC)),
    ("uuid", str(ID), ID),
    ("numeric", "0", Decimal("0")),
    ("numeric", "1.10", Decimal("1.10")),
    ("numeric", "-0.00001234", Decimal("-0.00001234")),
    ("numeric", "123456789012345678901234567890.5", Decimal("123456789012345678901234567890.5")),
    ("numeric", "Infinity", Decimal("Infinity")),
    ("numeric(10,4)", "5.0000", Decimal("5.0000")),
    ("json", '{"a": [1, null, "x"]}', {"a": [1, None, "x"]}),
    ("jsonb", '{"a": 1.5}', {"a": 1.5}),
    ("jsonb", "[]", []),
    ("jsonb", '"text"', "text"),
    ("jsonb", "123456789012345678901234567890", 123456789012345678901234567890),
    ("integer[]", "{1,NULL,3}", [1, None, 3]),
    ("text[]", '{a,"b,c",NULL,""}', ["a", "b,c", None, ""]),
    ("integer[]", "{}", []),
    ("timestamptz[]", "{2026-01-01 00:00:00+00}", [datetime(2026, 1, 1, tzinfo=UTC)]),
    ("numeric[]", "{1.10,NaN}", [Decimal("1.10"), Decimal("NaN")]),
    ("uuid[]", "{" + str(ID) + "}", [ID]),
    ("jsonb[]", '{"{\\"a\\": 1}"}', [{"a": 1}]),
]
IDS = [f"{kind} {literal[:30]}" for kind, literal, _ in ROWS]


def same(left: Any, right: Any) -> bool:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left.as_tuple() == right.as_tuple()
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(*pair) for pair in zip(left, right, strict=True))
    return type(left) is type(right) and left == right


@pytest.mark.parametrize(("kind", "literal", "value"), ROWS, ids=IDS)
async def test_result(pg: Any, kind: str, literal: str, value: Any) -> None:
    escaped = literal.replace("'", "''")
    row = await maybe(pg.query_one(f"SELECT '{escaped}'::{kind}"))
    assert same(row[0], value), row


@pytest.mark.parametrize(("kind", "literal", "value"), ROWS, ids=IDS)
async def test_parameter(pg: Any, kind: str, literal: str, value: Any) -> None:
    row = await maybe(pg.query_one(f"SELECT $1::{kind}", [value]))
    assert same(row[0], value), row


@pytest.mark.parametrize("kind", sorted({row[0] for row in ROWS}))
async def test_null(pg: Any, kind: str) -> None:
    row = await maybe(pg.query_one(f"SELECT $1::{kind}", [None]))
    assert row[0] is None


async def test_nan_is_nan(pg: Any) -> None:
    row = await maybe(pg.query_one("SELECT $1::float8, $2::numeric", [float("nan"), Decimal("NaN")]))
    assert isnan(row[0])
    assert row[1].is_nan()


async def test_arrays_of_several_dimensions_are_nested_lists(pg: Any) -> None:
    row = await maybe(pg.query_one("SELECT '{{1,2},{3,NULL}}'::int[]"))
    assert row[0] == [[1, 2], [3, None]]


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("text", 1, "1"),
        ("text", Colour.RED, "red"),
        ("numeric", 1, Decimal("1")),
        ("numeric", 0.1, Decimal("0.1")),
        ("double precision", 1, 1.0),
        ("double precision", Decimal("0.5"), 0.5),
        ("date", "2026-02-03", date(2026, 2, 3)),
        ("uuid", str(ID), ID),
        ("bytea", bytearray(b"ab"), b"ab"),
        ("bytea", memoryview(b"ab"), b"ab"),
        ("inet", "10.0.0.1/8", "10.0.0.1/8"),
        ("interval", "1 day", "1 day"),
        (
            "timestamptz",
            datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
            datetime(2026, 1, 1, 5, 30, tzinfo=UTC),
        ),
    ],
)
async def test_other_values_that_fit(pg: Any, kind: str, value: Any, result: Any) -> None:
    row = await maybe(pg.query_one(f"SELECT $1::{kind}", [value]))
    assert same(row[0], result), row


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("smallint", 32768, "32768 is out of range for smallint"),
        ("bigint", 2**63, "out of range for bigint"),
        ("integer", True, "integer takes int, not bool True"),
        ("integer", 1.5, "integer takes int, not float 1.5"),
        ("integer", "25", "integer takes int, not str '25'"),
        ("boolean", 1, "boolean takes bool, not int 1"),
        ("numeric", "1", "numeric takes Decimal, int or float, not str '1'"),
        ("double precision", 2**53 + 1, "not exact as double precision"),
        ("real", 1e300, "out of range for real"),
        ("bytea", "x", "bytea takes bytes"),
        ("text", b"x", "text takes str, not bytes"),
        ("date", datetime(2026, 1, 1), "pass value.date()"),
        ("timestamp", datetime(2026, 1, 1, tzinfo=UTC), "without a zone"),
        ("timestamptz", datetime(2026, 1, 1), "with a zone"),
        ("time", time(1, tzinfo=UTC), "without a zone"),
        ("jsonb", {"a": Decimal(1)}, "cannot be written as JSON"),
        ("jsonb", float("nan"), "cannot be written as JSON"),
        ("integer[]", 1, "takes a list or tuple"),
        ("integer[]", [1, "x"], "element 1: integer takes int"),
        ("uuid", 5, "uuid takes UUID or str"),
        ("real", 16777217, "not exact as real"),
        ("real", 1e-50, "out of range for real"),
        pytest.param("bigint", 10**5000, "out of range for bigint", id="an int too long to print"),
    ],
)
async def test_values_that_do_not_fit_are_refused_by_name(pg: Any, kind: str, value: Any, words: str) -> None:
    with pytest.raises(DataError) as caught:
        await maybe(pg.query(f"SELECT $1::{kind}", [value]))
    assert str(caught.value).startswith("parameter 1: ")
    assert words in str(caught.value)
    assert (await maybe(pg.query_one("SELECT 1")))[0] == 1


@pytest.mark.parametrize(
    "expression",
    [
        "'infinity'::date",
        "'-infinity'::timestamptz",
        "'0044-03-15 BC'::date",
        "'24:00'::time",
        "'20000-01-01'::timestamp",
    ],
)
async def test_values_python_cannot_hold_are_errors_after_which_the_connection_goes_on(
    pg: Any, expression: str
) -> None:
    with pytest.raises(DataError, match="no equal in Python; select it as text"):
        await maybe(pg.query(f"SELECT g, CASE WHEN g = 3 THEN {expression} END FROM generate_series(1, 5) g"))
    assert (await maybe(pg.query_one("SELECT 2")))[0] == 2


async def test_the_number_of_parameters_is_checked_before_anything_is_sent(pg: Any) -> None:
    with pytest.raises(ProgrammingError, match="1 placeholders, 2 parameters were given"):
        await maybe(pg.query("SELECT $1::int", [1, 2]))
    with pytest.raises(ProgrammingError, match="no named placeholders"):
        await maybe(pg.query("SELECT $1::int", {"a": 1}))


VALUES = {
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "double precision": st.floats(allow_nan=False),
    "text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    "bytea": st.binary(),
    "date": st.dates(),
    "time": st.times(),
    "timestamp": st.datetimes(),
    "numeric": st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40).filter(
        lambda value: -value.as_tuple().exponent < 1000  # type: ignore[operator]
    ),
    "uuid": st.uuids(),
    "jsonb": st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text("abc 'é\\\"", max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", max_size=3), inner, max_size=3),
        max_leaves=10,
    ).filter(lambda value: value is not None),
}


@pytest.fixture(scope="module")
def sync_pg(postgresql_database: Any) -> Any:
    from ferrow import driver

    with driver.connect(postgresql_database.url) as conn:
        yield conn


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_any_value_round_trips(sync_pg: Any, kind: str) -> None:
    @settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(VALUES[kind], min_size=1, max_size=4))
    def check(values: list[Any]) -> None:
        sql = "SELECT " + ", ".join(f"${n}::{kind}" for n in range(1, len(values) + 1))
        row = sync_pg.query_one(sql, values)
        for sent, got in zip(values, row, strict=True):
            # Equality, not representation: 1E+5 comes back as 100000, and 0.0 == -0.0 is kept apart below.
            assert got == sent, (sent, got)
            if isinstance(sent, float):
                assert str(got) == str(sent)

    check()
