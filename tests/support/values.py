"""Values of every type of PostgreSQL that has a binary form here, for Hypothesis. A new type is an entry."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from ferrow.types import Array, Box, Circle, Interval, Line, LineSegment, Path, Point, Polygon, Range, SparseVector

SETUP = """
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "fine"');
CREATE DOMAIN short AS text CHECK (length(value) <= 5);
CREATE DOMAIN shorter AS short CHECK (length(value) <= 3);
CREATE DOMAIN numbers AS integer[];
CREATE TYPE pair AS (n integer, "The Name" text);
CREATE TYPE nest AS (id bigint, m mood, code shorter, p pair, many pair[], tags shorter[], span int4range, ns numbers);
CREATE DOMAIN good_pair AS pair CHECK ((value).n >= 0);
CREATE TYPE moodrange AS RANGE (subtype = mood);
CREATE TYPE textrange AS RANGE (subtype = text, collation = "C");
"""


@dataclass(frozen=True)
class Kind:
    """A type, its values, and how the server would be told one of them in SQL text, where that is easy to say."""

    sql: str
    values: st.SearchStrategy[Any]
    literal: Callable[[Any], str] | None = None
    is_array: bool = False
    """There are no arrays of arrays."""
    extension: str | None = None


def whole(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def unsigned(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**bits - 1)


def shortest(value: float) -> float:
    """A single has the digits that it takes to tell it from other singles, as the server writes it."""
    single = struct.pack("!f", value)
    return next(found for n in range(1, 18) if as_single(found := float(f"{value:.{n}g}")) == single)


def as_single(value: float) -> bytes | None:
    """Its four bytes; None beyond the largest single, where rounding to few digits can lead."""
    try:
        return struct.pack("!f", value)
    except OverflowError:
        return None


def has_no_other_form(value: Interval) -> bool:
    """What fits into a timedelta comes back as one, and the ends of all parts are infinity to PostgreSQL 17.

    Nor does PostgreSQL read its own text of the least number of microseconds.
    """
    ends = {(2**31 - 1, 2**31 - 1, 2**63 - 1), (-(2**31), -(2**31), -(2**63))}
    return (
        value.months != 0
        and value.microseconds != -(2**63)
        and (value.months, value.days, value.microseconds) not in ends
    )


def interval_literal(value: Any) -> str:
    if isinstance(value, timedelta):
        # With one sign for all of it, as the driver writes it: two make another text, though an equal interval.
        days, rest = divmod(abs(value), timedelta(days=1))
        sign = -1 if value < timedelta() else 1
        value = Interval(0, sign * days, sign * (rest // timedelta(microseconds=1)))
    hours, rest = divmod(abs(value.microseconds), 3_600_000_000)
    sign = "-" if value.microseconds < 0 else ""
    minutes, rest = divmod(rest, 60_000_000)
    clock = f"{sign}{hours}:{minutes:02}:{rest // 10**6:02}.{rest % 10**6:06}"
    return f"{value.months} mons {value.days} days {clock}"


def ordered(one: Any, other: Any, bounds: str = "[)") -> Range[Any]:
    """A range that is not empty."""
    if one is not None and other is not None and one > other:
        one, other = other, one
    if one is not None and one == other:
        bounds = "[]"
    return Range(one, other, infinite(one, other, bounds))


def infinite(one: Any, other: Any, bounds: str) -> str:
    """What has no end has none to include."""
    return ("(" if one is None else bounds[0]) + (")" if other is None else bounds[1])


def ranges(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Range[Any]]:
    ends = st.none() | values
    return st.builds(ordered, ends, ends, st.sampled_from(["[)", "[]", "(]", "()"])) | st.just(Range(empty=True))


def steps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Range[Any]]:
    """Ranges of what can be counted have one form: [)."""
    ends = st.tuples(st.none() | values, st.none() | values).filter(lambda pair: pair[0] is None or pair[0] != pair[1])
    return ends.map(lambda pair: ordered(*pair)) | st.just(Range(empty=True))


def several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Range[Any]]]:
    """Multiranges in the one form that they have: apart, in order."""
    edges = st.lists(values, unique=True, max_size=8).map(sorted)
    return edges.map(lambda found: [Range(*pair) for pair in zip(found[::2], found[1::2], strict=False)])


def boxed(one: Point, other: Point) -> Box:
    """The upper right corner comes first."""
    high = Point(max(one.x, other.x), max(one.y, other.y))
    return Box(high, Point(min(one.x, other.x), min(one.y, other.y)))


def nested(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Arrays of one to three dimensions, with NULLs, and some with bounds of their own."""

    def shaped(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
        inner = st.none() | values if len(shape) == 1 else shaped(shape[1:])
        return st.lists(inner, min_size=shape[0], max_size=shape[0])

    def bounded(made: Any, bounds: tuple[int, ...]) -> Any:
        depth, inner = 0, made
        while isinstance(inner, list):
            depth, inner = depth + 1, inner[0]
        return made if set(bounds[:depth]) == {1} else Array(made, bounds[:depth])

    shapes = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple).flatmap(shaped)
    return st.just([]) | shapes | st.builds(bounded, shapes, st.tuples(*[st.integers(-5, 5)] * 3))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
SHORT = st.text("ab'\"\\,(){} é🦀", max_size=3)
MOOD = st.sampled_from(["sad", "ok", 'it\'s "fine"'])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SINGLES = st.floats(width=32, allow_nan=False, allow_infinity=False)
POINTS = st.builds(Point, NUMBERS, NUMBERS)
DIGITS = st.decimals(-(10**9), 10**9, places=3)
# `datetime.max` is a valid end, its neighbour is not a Python value.
MOMENTS = st.datetimes(timezones=st.just(UTC))
DATES = st.dates(max_value=date(9999, 12, 30))
DOCUMENT = st.recursive(
    st.none() | st.booleans() | whole(64) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
).filter(lambda value: value is not None)
PAIR = st.tuples(st.none() | whole(32), st.none() | TEXT)
PAIRS = [
    st.none() | whole(64),
    st.none() | MOOD,
    st.none() | SHORT,
    st.none() | PAIR,
    st.none() | st.lists(st.none() | PAIR, max_size=3),
    st.none() | st.lists(st.none() | SHORT, max_size=3),
    st.none() | steps(st.integers(-(2**30), 2**30)),
    st.none() | st.lists(st.none() | whole(32), max_size=3),
]

ALL = [
    Kind("boolean", st.booleans(), str),
    Kind("smallint", whole(16), str),
    Kind("integer", whole(32), str),
    Kind("bigint", whole(64), str),
    Kind("oid", unsigned(32), str),
    Kind("xid", unsigned(32), str),
    Kind("cid", unsigned(32), str),
    Kind("xid8", unsigned(64), str),
    Kind("real", st.floats(width=32, allow_nan=False, allow_infinity=False).map(shortest), repr),
    Kind("double precision", st.floats(allow_nan=False), repr),
    Kind(
        "numeric",
        st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40).filter(
            lambda value: -value.as_tuple().exponent < 1000  # type: ignore[operator]
        ),
        str,
    ),
    Kind("text", TEXT, str),
    Kind("varchar", TEXT, str),
    Kind("char(5)", TEXT.map(lambda value: f"{value:5.5}"), str),
    Kind("name", TEXT.map(lambda value: value[:15]), str),
    Kind('"char"', st.characters(min_codepoint=1, max_codepoint=127), str),
    Kind("refcursor", TEXT, str),
    Kind("bytea", st.binary(), lambda value: "\\x" + value.hex()),
    Kind("uuid", st.uuids(), str),
    Kind("json", DOCUMENT),
    Kind("jsonb", DOCUMENT, json.dumps),
    Kind("jsonpath", st.sampled_from(['$."a"[*]', "$", '$."a"?(@ > 1)'])),
    Kind("date", st.dates(), str),
    Kind("time", st.times(), str),
    Kind("timestamp", st.datetimes(), str),
    Kind("timestamptz", MOMENTS, str),
    Kind(
        "timetz",
        st.builds(
            lambda at, seconds: at.replace(tzinfo=timezone(timedelta(seconds=seconds))),
            st.times(),
            st.integers(-57599, 57599),
        ),
        str,
    ),
    Kind(
        "interval",
        st.timedeltas() | st.builds(Interval, whole(32), whole(32), whole(64)).filter(has_no_other_form),
        interval_literal,
    ),
    Kind("bit(5)", st.text("01", min_size=5, max_size=5), str),
    Kind("varbit", st.text("01"), str),
    Kind(
        "inet",
        st.ip_addresses(network="2001:db8::/32").map(str)
        | st.builds("{}/{}".format, st.ip_addresses(v=4), st.integers(0, 31)),
        str,
    ),
    Kind("cidr", st.ip_addresses(v=4).map("{}/32".format), str),
    Kind("macaddr", st.binary(min_size=6, max_size=6).map(lambda value: value.hex(":")), str),
    Kind("macaddr8", st.binary(min_size=8, max_size=8).map(lambda value: value.hex(":")), str),
    Kind("pg_lsn", unsigned(64).map(lambda value: f"{value >> 32:X}/{value & 0xFFFFFFFF:X}"), str),
    Kind("tid", st.builds("({},{})".format, unsigned(32), unsigned(16)), str),
    Kind("pg_snapshot", st.integers(3, 2**31).map(lambda xmin: f"{xmin}:{xmin + 9}:{xmin},{xmin + 3}"), str),
    Kind("point", POINTS, lambda value: f"({value.x!r},{value.y!r})"),
    Kind("line", st.builds(Line, st.floats(1, 1e9), NUMBERS, NUMBERS)),
    Kind("lseg", st.builds(LineSegment, POINTS, POINTS)),
    Kind("box", st.builds(boxed, POINTS, POINTS)),
    Kind("path", st.builds(Path, st.lists(POINTS, min_size=1, max_size=9).map(tuple), st.booleans())),
    Kind("polygon", st.builds(Polygon, st.lists(POINTS, min_size=1, max_size=9).map(tuple))),
    Kind("circle", st.builds(Circle, POINTS, st.floats(0, 1e9))),
    Kind("int4range", steps(whole(32))),
    Kind("int8range", steps(whole(64))),
    Kind("daterange", steps(DATES)),
    Kind("numrange", ranges(DIGITS)),
    Kind("tsrange", ranges(st.datetimes())),
    Kind("tstzrange", ranges(MOMENTS)),
    Kind("int4multirange", several(whole(32))),
    Kind("int8multirange", several(whole(64))),
    Kind("nummultirange", several(DIGITS)),
    Kind("datemultirange", several(DATES)),
    Kind("tsmultirange", several(st.datetimes())),
    Kind("tstzmultirange", several(MOMENTS)),
    Kind("int2vector", st.lists(whole(16), min_size=1, max_size=9), lambda value: " ".join(map(str, value)), is_array=True),
    Kind("integer[]", nested(whole(32)), is_array=True),
    Kind("text[]", nested(TEXT), is_array=True),
    Kind("numeric[]", nested(DIGITS), is_array=True),
    Kind("timestamptz[]", nested(MOMENTS), is_array=True),
    Kind("mood[]", nested(MOOD), is_array=True),
    Kind("pair[]", nested(PAIR), is_array=True),
    Kind("int4range[]", nested(steps(whole(32))), is_array=True),
    Kind("mood", MOOD, str),
    Kind("short", SHORT, str),
    Kind("shorter", SHORT, str),
    Kind("numbers", st.lists(st.none() | whole(32), max_size=5)),
    Kind("pair", PAIR),
    Kind("good_pair", st.tuples(unsigned(31), st.none() | TEXT)),
    Kind("nest", st.tuples(*PAIRS)),
    Kind("textrange", ranges(st.text("abcé", max_size=4))),
    Kind("moodrange", steps(MOOD.filter(lambda value: value != "ok")).map(lambda _: Range("sad", "ok"))),
    Kind("vector", st.lists(SINGLES, min_size=1, max_size=40), extension="vector"),
    Kind("halfvec", st.lists(st.floats(width=16, allow_nan=False, allow_infinity=False), min_size=1, max_size=40),
         extension="vector"),
    Kind("sparsevec", st.dictionaries(st.integers(1, 1000), SINGLES.filter(bool), max_size=20).map(
        lambda values: SparseVector(1000, values)), extension="vector"),
    Kind("hstore", st.dictionaries(TEXT, st.none() | TEXT, max_size=8), extension="hstore"),
    Kind("citext", TEXT, str, extension="citext"),
    Kind("ltree", st.lists(st.text("abc1_", min_size=1, max_size=5), max_size=5).map(".".join), str, extension="ltree"),
]  # fmt: skip


def same(got: Any, sent: Any) -> bool:
    """Equal, and of one type, all the way down; 1E+5 may come back as 100000, and -0.0 not as 0.0."""
    if isinstance(sent, float):
        return type(got) is float and repr(got) == repr(sent)
    if isinstance(sent, Range):
        parts = [(one.lower, one.upper, one.bounds, one._empty) for one in (got, sent) if type(one) is Range]
        return len(parts) == 2 and same(*parts)
    if isinstance(sent, Array) or isinstance(got, Array):
        return (
            type(got) is type(sent) and got.lower_bounds == sent.lower_bounds and all(map(same, list(got), list(sent)))
        )
    if isinstance(sent, dict):
        return type(got) is dict and got.keys() == sent.keys() and all(same(got[key], sent[key]) for key in sent)
    if isinstance(sent, (list, tuple)):
        # A composite is sent as a tuple, and comes as a `Row`.
        fits = type(got) is type(sent) or (type(sent) is tuple and type(got).__name__ == "Row")
        return fits and len(got) == len(sent) and all(map(same, got, sent))
    if hasattr(sent, "utcoffset") and (got.utcoffset() != sent.utcoffset()):
        return False
    return type(got) is type(sent) and bool(got == sent)
