"""Parameters of PostgreSQL's types: what else fits than the values they give, and what is refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

import numpy
import pytest

from ferrow.errors import DataError, ProgrammingError
from ferrow.types import Array, Circle, Interval, Point, Range
from tests.support import maybe
from tests.support.postgresql_values import ID, same

pytestmark = pytest.mark.postgresql


class Colour(Enum):
    RED = "red"


class Endless:
    """A scalar whose Python value is itself, without end."""

    class dtype:
        kind = "i"

    ndim = 0

    def item(self) -> Endless:
        return self


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
    ("kind", "value", "result"),
    [
        ("boolean", numpy.bool_(True), True),
        ("smallint", numpy.int64(7), 7),
        ("xid8", numpy.uint64(2**64 - 1), 2**64 - 1),
        ("numeric", numpy.int8(-7), Decimal("-7")),
        ("numeric", numpy.float64(0.1), Decimal("0.1")),
        ("numeric", numpy.float32(0.1), Decimal("0.1")),
        ("numeric", numpy.float16("nan"), Decimal("NaN")),
        ("text", numpy.int64(7), "7"),
        ("text", numpy.float32(0.1), "0.1"),
        ("text", numpy.str_("x"), "x"),
        ("regclass", numpy.int64(1259), "pg_class"),
        ("real", numpy.float32(0.1), 0.1),
        ("double precision", numpy.float32(0.5), 0.5),
    ],
)
async def test_scalars_of_numpy(pg: Any, kind: str, value: Any, result: Any) -> None:
    """As rows of pandas have them."""
    row = await maybe(pg.query_one(f"SELECT $1::{kind}, $2::{kind}[]", [value, [value, None]]))
    assert same(row[0], result), row
    assert same(row[1], [result, None]), row


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("smallint", 32768, "32768 is out of range for smallint"),
        ("bigint", 2**63, "out of range for bigint"),
        ("integer", True, "integer takes int, not bool True"),
        ("integer", 1.5, "integer takes int, not float 1.5"),
        ("integer", "25", "integer takes int, not str '25'"),
        ("boolean", 1, "boolean takes bool, not int 1"),
        ("boolean", numpy.int64(1), "boolean takes bool, not int 1"),
        ("boolean", numpy.array([True]), "boolean takes bool, not ndarray"),
        ("numeric", numpy.bool_(True), "numeric takes Decimal, int or float, not bool True"),
        ("numeric", numpy.longdouble(1), "numeric takes Decimal, int or float, not longdouble"),
        ("numeric", Endless(), "numeric takes Decimal, int or float, not Endless"),
        ("numeric", numpy.array([1]), "numeric takes Decimal, int or float, not ndarray"),
        ("numeric", Fraction(1, 3), "numeric takes Decimal, int or float, not Fraction"),
        ("text", numpy.datetime64("2026-01-01"), "text takes str, not datetime64"),
        ("text", float("nan"), "text takes str (None where a value is missing), not float nan"),
        ("varchar", numpy.float32("nan"), "None where a value is missing"),
        ('"char"', "\0", "takes a str of one ASCII character, an empty one, or a byte in octal ('\\200')"),
        ('"char"', "\x80", "a byte in octal ('\\200'), not str '\\x80'"),
        ('"char"', "\\400", "takes a str of one ASCII character"),
        ("numeric", "1", "numeric takes Decimal, int or float, not str '1'"),
        ("double precision", 2**53 + 1, "not exact as double precision"),
        ("real", 1e300, "out of range for real"),
        ("bytea", "x", "bytea takes bytes"),
        ("text", b"x", "text takes str, not bytes"),
        ("date", datetime(2026, 1, 1), "pass value.date()"),
        (
            "timestamp",
            datetime(2026, 1, 1, tzinfo=UTC),
            "without a zone (declare the column with timezone=True, in SQL",
        ),
        ("timestamptz", datetime(2026, 1, 1), "with a zone"),
        (
            "timestamptz",
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
            "0001-01-01 00:00:00+14:00 lies outside the years 1 to 9999 in UTC, in which it would come back",
        ),
        (
            "timestamptz",
            datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2))),
            "outside the years 1 to 9999",
        ),
        ("time", time(1, tzinfo=UTC), "without a zone"),
        ("time[]", ["24:00"], "element [0]: hour must be in 0..23"),
        ("jsonb", {"a": Decimal(1)}, "cannot be written as JSON"),
        ("jsonb", float("nan"), "cannot be written as JSON"),
        ("integer[]", 1, "takes a list or tuple"),
        ("integer[]", [1, "x"], "element [1]: integer takes int"),
        ("uuid", 5, "uuid takes UUID or str"),
        ("real", 16777217, "not exact as real"),
        ("real", 1e-50, "out of range for real"),
        ("integer[]", [[1], [2, 3]], "one has 1 elements, another 2"),
        ("integer[]", [1, [2]], "some elements are lists and some are not"),
        ("integer[]", [[1], None], "some elements are lists and some are not"),
        ("integer[]", [[]], "no lists without elements inside of an array"),
        ("integer[]", [[[[[[[1]]]]]]], "nested deeper than 6"),
        ("integer[]", Array([[1]], (0,)), "element [0]: integer takes int, not list"),
        ("integer[]", Array([1], (0, 0)), "1 dimensions and 2 lower bounds"),
        ("integer[]", Array([1], (2**40,)), "not all 32-bit"),
        ("integer[]", {1}, "takes a list or tuple"),
        ("interval", 5, "interval takes timedelta or ferrow.types.Interval"),
        ("interval", Interval(months=2**31), "out of range for interval"),
        ("interval[]", ["1 day"], "element [0]: interval takes timedelta"),
        ("timetz", time(1), "a time with a fixed offset"),
        ("int4range", [1, 2], "takes a ferrow.types.Range"),
        ("int4range", Range(None, "x"), "upper bound: integer takes int"),
        ("int4multirange", Range(1, 2), "a list or tuple of ferrow.types.Range"),
        ("int4multirange", [Range(1, 2), 3], "element [1]: int4multirange takes a ferrow.types.Range"),
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
        ("varchar[]", ["a\0b"], "element [0]: the text has a NUL character"),
        ("date", "2026\0", "NUL character"),
        pytest.param(
            "double precision",
            10**400,
            "0... is out of range for double precision; only numeric takes",
            id="beyond float8",
        ),
        pytest.param("real[]", [10**400], "element [0]: 1000", id="beyond float4"),
        pytest.param("point", (1, -(10**400)), "0... is out of range for point", id="beyond a point"),
        pytest.param(
            "double precision", 10**5000, "the int is out of range for double", id="beyond float8, too long to print"
        ),
        pytest.param("bigint", 10**5000, "out of range for bigint", id="an int too long to print"),
    ],
)
async def test_values_that_do_not_fit_are_refused_by_name(pg: Any, kind: str, value: Any, words: str) -> None:
    with pytest.raises(DataError) as caught:
        await maybe(pg.query(f"SELECT $1::{kind}", [value]))
    assert str(caught.value).startswith("parameter 1: ")
    assert words in str(caught.value)
    assert (await maybe(pg.query_one("SELECT 1")))[0] == 1


async def test_the_number_of_parameters_is_checked_before_anything_is_sent(pg: Any) -> None:
    with pytest.raises(ProgrammingError, match="has 1 placeholder, 2 parameters were given"):
        await maybe(pg.query("SELECT $1::int", [1, 2]))
    with pytest.raises(ProgrammingError, match="0 placeholders, 1 parameter was given; statements such as CREATE"):
        await maybe(pg.query("CREATE TABLE t (a integer DEFAULT $1)", [1]))
    with pytest.raises(
        ProgrammingError, match=r"no named placeholders.* pass a list \(cursors take :name and %\(name\)s, too\)"
    ):
        await maybe(pg.query("SELECT $1::int", {"a": 1}))
