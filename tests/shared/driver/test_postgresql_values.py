"""Every type of PostgreSQL that travels in binary, as parameter and as result. A new type is a row here.

Any value of each: test_postgresql_round_trips.py.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from ipaddress import ip_address, ip_interface, ip_network
from math import inf, isnan, nan
from typing import Any

import pytest

from ferrow.errors import DataError, InterfaceError, ProgrammingError
from ferrow.types import (
    Array,
    Box,
    Circle,
    Interval,
    Line,
    LineSegment,
    Path,
    Point,
    Polygon,
    Range,
)
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
    ("double precision", "NaN", nan),
    ("real", "NaN", nan),
    ("real", "Infinity", inf),
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
    ("numeric", "-Infinity", Decimal("-Infinity")),
    ("numeric", "NaN", Decimal("NaN")),
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
    ("integer[]", "{{1,2},{3,NULL}}", [[1, 2], [3, None]]),
    ("integer[]", "[0:1]={1,2}", Array([1, 2], (0,))),
    ("text[]", "[-1:-1][5:6]={{a,b}}", Array([["a", "b"]], (-1, 5))),
    ("int2vector", "1 2", [1, 2]),
    ("oidvector", "1 4294967295", [1, 2**32 - 1]),
    ("interval", "1 day 02:03:04.000005", timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=5)),
    ("interval", "-1 days -00:00:00.000001", timedelta(days=-1, microseconds=-1)),
    ("interval", "1 year 2 mons -3 days 04:00:00", Interval(14, -3, 14_400_000_000)),
    ("interval", "1000000000 days", Interval(0, 1_000_000_000, 0)),
    ("timetz", "12:30:00.000001+05:30", time(12, 30, 0, 1, timezone(timedelta(hours=5, minutes=30)))),
    ("timetz", "23:59:59-15:59:59", time(23, 59, 59, 0, timezone(-timedelta(hours=15, minutes=59, seconds=59)))),
    ("bit(5)", "10110", "10110"),
    ("varbit", "", ""),
    ("varbit", "101", "101"),
    ("inet", "10.0.0.1/8", "10.0.0.1/8"),
    ("inet", "::1", "::1"),
    ("cidr", "10.0.0.0/8", "10.0.0.0/8"),
    ("macaddr", "08:00:2b:01:02:03", "08:00:2b:01:02:03"),
    ("macaddr8", "08:00:2b:01:02:03:04:05", "08:00:2b:01:02:03:04:05"),
    ("xml", "<a>é</a>", "<a>é</a>"),
    ("jsonpath", '$."a"[*]', '$."a"[*]'),
    ("tsvector", "'a':1 'b':2", "'a':1 'b':2"),
    ("tsquery", "'a' & 'b'", "'a' & 'b'"),
    ("pg_lsn", "16/B374D848", "16/B374D848"),
    ("pg_snapshot", "10:20:10,14", "10:20:10,14"),
    ("txid_snapshot", "10:20:10,14", "10:20:10,14"),
    ("tid", "(4294967295,65535)", "(4294967295,65535)"),
    ("xid", "4294967295", 2**32 - 1),
    ("cid", "7", 7),
    ("xid8", "18446744073709551615", 2**64 - 1),
    ("refcursor", "c", "c"),
    ("money", "-$1,234.50", "-$1,234.50"),
    ("aclitem", "pg_monitor=r*w/pg_monitor", "pg_monitor=r*w/pg_monitor"),
    ("regclass", "pg_class", "pg_class"),
    ("regtype", "integer", "integer"),
    ("regproc", "now", "now"),
    ("regprocedure", "abs(integer)", "abs(integer)"),
    ("regoper", "||/", "||/"),
    ("regoperator", "+(integer,integer)", "+(integer,integer)"),
    ("regconfig", "simple", "simple"),
    ("regdictionary", "simple", "simple"),
    ("regnamespace", "pg_catalog", "pg_catalog"),
    ("regrole", "pg_monitor", "pg_monitor"),
    ("regcollation", '"C"', '"C"'),
    ("point", "(1.5,-2)", Point(1.5, -2.0)),
    ("line", "{1,2,3}", Line(1.0, 2.0, 3.0)),
    ("lseg", "[(0,1),(2,3)]", LineSegment(Point(0.0, 1.0), Point(2.0, 3.0))),
    ("box", "(2,3),(0,1)", Box(Point(2.0, 3.0), Point(0.0, 1.0))),
    ("path", "[(0,1),(2,3)]", Path((Point(0.0, 1.0), Point(2.0, 3.0)), False)),
    ("path", "((0,1),(2,3))", Path((Point(0.0, 1.0), Point(2.0, 3.0)), True)),
    ("polygon", "((0,1),(2,3),(4,5))", Polygon((Point(0.0, 1.0), Point(2.0, 3.0), Point(4.0, 5.0)))),
    ("circle", "<(1,2),3>", Circle(Point(1.0, 2.0), 3.0)),
    ("int4range", "[1,10)", Range(1, 10)),
    ("int8range", "(,5)", Range(None, 5)),
    ("int8range", "(,)", Range()),
    ("int4range", "empty", Range(empty=True)),
    ("numrange", "(1.10,2.0]", Range(Decimal("1.10"), Decimal("2.0"), "(]")),
    ("daterange", "[2026-01-01,2026-02-01)", Range(date(2026, 1, 1), date(2026, 2, 1))),
    (
        "tsrange",
        '["2026-01-01 00:00:00","2026-02-01 00:00:00"]',
        Range(datetime(2026, 1, 1), datetime(2026, 2, 1), "[]"),
    ),
    ("tstzrange", '["2026-01-01 00:00:00+00",)', Range(datetime(2026, 1, 1, tzinfo=UTC))),
    ("int4multirange", "{[1,3),[5,)}", [Range(1, 3), Range(5)]),
    ("int8multirange", "{(,3)}", [Range(None, 3, "()")]),
    ("nummultirange", "{(1.10,2.0]}", [Range(Decimal("1.10"), Decimal("2.0"), "(]")]),
    ("tsmultirange", '{["2026-01-01 00:00:00",)}', [Range(datetime(2026, 1, 1))]),
    ("tstzmultirange", '{["2026-01-01 00:00:00+00",)}', [Range(datetime(2026, 1, 1, tzinfo=UTC))]),
    ("datemultirange", "{}", []),
]
# These travel as text, and so does what holds them.
WITHOUT_BINARY = {"xml", "tsvector", "tsquery", "money", "aclitem"} | {kind for kind, _, _ in ROWS if kind[:3] == "reg"}
IDS = [f"{kind} {literal[:30]}" for kind, literal, _ in ROWS]


def same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return repr(left) == repr(right)
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left.as_tuple() == right.as_tuple()
    if isinstance(left, Array) or isinstance(right, Array):
        return type(left) is type(right) and left.lower_bounds == right.lower_bounds and same(list(left), list(right))
    if isinstance(left, time) and isinstance(right, time) and left.utcoffset() != right.utcoffset():
        return False
    if isinstance(left, Range) and isinstance(right, Range):
        return left == right and same(left.lower, right.lower) and same(left.upper, right.upper)
    if isinstance(left, (list, tuple)) and type(left) is type(right):
        return len(left) == len(right) and all(same(*pair) for pair in zip(left, right, strict=True))
    return type(left) is type(right) and left == right


@pytest.fixture
def needed(request: pytest.FixtureRequest) -> str | None:
    """The embedded server was built without XML."""
    return "xml" if request.node.callspec.params.get("kind") == "xml" else None


@pytest.mark.parametrize(("kind", "literal", "value"), ROWS, ids=IDS)
async def test_result(pg: Any, kind: str, literal: str, value: Any) -> None:
    escaped = literal.replace("'", "''")
    row = await maybe(pg.query_one(f"SELECT '{escaped}'::{kind}"))
    assert same(row[0], value), row


@pytest.mark.parametrize(("kind", "literal", "value"), ROWS, ids=IDS)
async def test_parameter(pg: Any, kind: str, literal: str, value: Any) -> None:
    row = await maybe(pg.query_one(f"SELECT $1::{kind}", [value]))
    assert same(row[0], value), row


@pytest.mark.parametrize(("kind", "literal", "value"), ROWS, ids=IDS)
async def test_part_of_an_array_and_a_composite(pg: Any, kind: str, literal: str, value: Any) -> None:
    """Both ways at once, next to a NULL; arrays of arrays do not exist."""
    if not isinstance(value, list) or kind.startswith("json") or kind.endswith("multirange"):
        row = await maybe(pg.query_one(f"SELECT $1::{kind}[]", [[value, None]]))
        assert same(row[0], [value, None]), row
        row = await maybe(pg.query_one(f"SELECT $1::{kind}[]", [Array([[value], [None]], (1, 1))]))
        assert same(row[0], [[value], [None]]), row
    await maybe(pg.script(f"DROP TYPE IF EXISTS holder; CREATE TYPE holder AS (v {kind}, n {kind})"))
    if kind in WITHOUT_BINARY:
        text = (await maybe(pg.query_one("SELECT ROW($1, NULL)::holder", [value])))[0]
        assert isinstance(text, str)
        assert (await maybe(pg.query_one("SELECT $1::holder", [text])))[0] == text
        with pytest.raises(DataError, match="holds a type without a binary form"):
            await maybe(pg.query("SELECT $1::holder", [(value, None)]))
        return
    row = await maybe(pg.query_one("SELECT $1::holder, ($1::holder).v", [(value, None)]))
    assert same(tuple(row[0]), (value, None)), row
    assert row[0].keys() == ["v", "n"]
    assert same(row[1], value)


@pytest.mark.parametrize("kind", sorted({row[0] for row in ROWS}))
async def test_null(pg: Any, kind: str) -> None:
    row = await maybe(pg.query_one(f"SELECT $1::{kind}", [None]))
    assert row[0] is None


async def test_nan_is_nan(pg: Any) -> None:
    row = await maybe(pg.query_one("SELECT $1::float8, $2::numeric", [float("nan"), Decimal("NaN")]))
    assert isnan(row[0])
    assert row[1].is_nan()


@pytest.mark.parametrize("params", [{1}, frozenset({1}), bytearray(b"a"), memoryview(b"a"), b"a", "a", 5])
async def test_what_is_no_list_of_parameters_is_refused(pg: Any, params: Any) -> None:
    with pytest.raises(InterfaceError, match="parameters are a list or tuple"):
        await maybe(pg.query("SELECT $1::int", params))


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
        ("interval", "1 day", timedelta(days=1)),
        ("interval", Interval(days=1), timedelta(days=1)),
        ("int4range", "[1,3]", Range(1, 4)),
        ("int4range", Range(1, 3, "[]"), Range(1, 4)),
        ("int4multirange", "{[1,3]}", [Range(1, 4)]),
        ("integer[]", "{1,2}", [1, 2]),
        ("point", (1, 2), Point(1.0, 2.0)),
        ("inet", ip_address("10.0.0.1"), "10.0.0.1"),
        ("inet", ip_interface("10.0.0.1/8"), "10.0.0.1/8"),
        ("cidr", ip_network("10.0.0.0/8"), "10.0.0.0/8"),
        ("inet[]", [ip_address("::1")], ["::1"]),
        ("pg_lsn", 0x16B374D848, "16/B374D848"),
        ("timetz", "12:00+01", time(12, tzinfo=timezone(timedelta(hours=1)))),
        ("date[]", ["2026-02-03"], [date(2026, 2, 3)]),
        ("double precision", Fraction(1, 2), 0.5),
        ("integer[]", ([1, 2], (3, 4)), [[1, 2], [3, 4]]),
        ("jsonb[]", [[1], [2, 3]], [[1], [2, 3]]),
        ("tsvector", "a b", "'a' 'b'"),
        ("money", "$1,000.50", "$1,000.50"),
        ("money[]", ["$1,000.50", None], ["$1,000.50", None]),
        ("aclitem[]", [], []),
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
        ("integer[]", [[1], [2, 3]], "one has 1 elements, another 2"),
        ("integer[]", [1, [2]], "some elements are lists and some are not"),
        ("integer[]", [[1], None], "some elements are lists and some are not"),
        ("integer[]", [[]], "no lists without elements inside of an array"),
        ("integer[]", [[[[[[[1]]]]]]], "nested deeper than 6"),
        ("integer[]", Array([[1]], (0,)), "element 0: integer takes int, not list"),
        ("integer[]", Array([1], (0, 0)), "1 dimensions and 2 lower bounds"),
        ("integer[]", Array([1], (2**40,)), "not all 32-bit"),
        ("integer[]", {1}, "takes a list or tuple"),
        ("interval", 5, "interval takes timedelta or ferrow.types.Interval"),
        ("interval", Interval(months=2**31), "out of range for interval"),
        ("interval[]", ["1 day"], "element 0: interval takes timedelta"),
        ("timetz", time(1), "a time with a fixed offset"),
        ("int4range", [1, 2], "takes a ferrow.types.Range"),
        ("int4range", Range(None, "x"), "upper bound: integer takes int"),
        ("int4multirange", Range(1, 2), "a list or tuple of ferrow.types.Range"),
        ("int4multirange", [Range(1, 2), 3], "element 1: int4multirange takes a ferrow.types.Range"),
        ("point", (1, 2, 3), "a Point or (x, y)"),
        ("point", (1, "2"), "point takes float or int"),
        ("circle", Circle(Point(0.0, 0.0), -1.0), "negative"),
        ("path", [(1, 2)], "takes a ferrow.types.Path"),
        ("inet", 5, "str or an object of ipaddress"),
        ("inet[]", ["10.0.0"], "is not an address in full"),
        ("varbit", 5, "a str of 0 and 1"),
        ("xid8", -1, "not negative"),
        ("money", 5, "write $1::numeric::money"),
        ("double precision", Fraction(1, 3), "not exact as double precision"),
        ("text", "a\0b", "NUL character (at index 1)"),
        ("varchar[]", ["a\0b"], "element 0: the text has a NUL character"),
        ("date", "2026\0", "NUL character"),
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
