"""Every type of PostgreSQL that travels in binary: its literals, and the Python values they are. A new type is a row here."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from math import inf, nan
from typing import Any

from ferrow.types import Array, Box, Circle, Interval, Line, LineSegment, Path, Point, Polygon, Range

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
    ("real", "19781.062", 19781.062),
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
    ('"char"', "", ""),
    ('"char"', "\\200", "\\200"),
    ('"char"', "\\377", "\\377"),
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
