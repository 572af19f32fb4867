"""Values of every type of PostgreSQL, for Hypothesis. A new type is an entry, here or in texts.py."""

from __future__ import annotations

from datetime import timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from ferrow.types import Circle, Interval, Line, LineSegment, Path, Polygon, Range, SparseVector
from tests.support.values import texts
from tests.support.values.kind import Kind, same
from tests.support.values.made import (
    DATES,
    DIGITS,
    DOCUMENT,
    FINITE_POINTS,
    MOMENTS,
    MOOD,
    NO_NUMBERS,
    NUMBERS,
    PAIR,
    PAIRS,
    POINTS,
    SHORT,
    SIGNLESS,
    SINGLES,
    SNAPSHOTS,
    TEXT,
    boxed,
    document_literal,
    has_no_other_form,
    interval_literal,
    nested,
    ranges,
    several,
    shortest,
    steps,
    unsigned,
    whole,
)
from tests.support.values.texts import FLAGGED, LEVEL, TEXTS, joined

__all__ = ["ALL", "SETUP", "Kind", "same"]

SETUP = (
    """
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
    + texts.SETUP
)


ALL = [
    Kind("boolean", st.booleans(), str),
    Kind("smallint", whole(16), str),
    Kind("integer", whole(32), str),
    Kind("bigint", whole(64), str),
    Kind("oid", unsigned(32), str),
    Kind("xid", unsigned(32), str),
    Kind("cid", unsigned(32), str),
    Kind("xid8", unsigned(64), str),
    Kind("real", st.floats(width=32, allow_nan=False, allow_infinity=False).map(shortest) | NO_NUMBERS, repr),
    Kind("double precision", st.floats(), repr),
    Kind(
        "numeric",
        st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40).filter(
            lambda value: -value.as_tuple().exponent < 1000  # type: ignore[operator]
        )
        | NO_NUMBERS.map(Decimal),
        str,
    ),
    Kind("text", TEXT, str),
    Kind("varchar", TEXT, str),
    Kind("char(5)", TEXT.map(lambda value: f"{value:5.5}"), str),
    Kind("name", TEXT.map(lambda value: value[:15]), str),
    Kind('"char"', st.characters(min_codepoint=1, max_codepoint=127) | st.just(""), str),
    Kind("refcursor", TEXT, str),
    Kind("bytea", st.binary(), lambda value: "\\x" + value.hex()),
    Kind("uuid", st.uuids(), str),
    Kind("json", DOCUMENT),
    Kind("jsonb", SIGNLESS, document_literal),
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
    Kind("pg_snapshot", SNAPSHOTS, str),
    Kind("txid_snapshot", SNAPSHOTS, str),
    Kind("point", POINTS, lambda value: f"({value.x!r},{value.y!r})"),
    Kind("line", st.builds(Line, st.floats(1, 1e9), NUMBERS, NUMBERS)),
    Kind("lseg", st.builds(LineSegment, POINTS, POINTS)),
    Kind("box", st.builds(boxed, FINITE_POINTS, FINITE_POINTS)),
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
    Kind("int2vector", st.lists(whole(16), min_size=1, max_size=9), lambda value: " ".join(map(str, value))),
    Kind("oidvector", st.lists(unsigned(32), min_size=1, max_size=9), lambda value: " ".join(map(str, value))),
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
    Kind("textmultirange", several(st.text("abcé", max_size=4))),
    Kind("moodmultirange", st.sampled_from([[], [Range("sad", "ok")]])),
    Kind("moodrange", steps(MOOD.filter(lambda value: value != "ok")).map(lambda _: Range("sad", "ok"))),
    Kind("vector", st.lists(SINGLES, min_size=1, max_size=40), needs="vector"),
    Kind("halfvec", st.lists(st.floats(width=16, allow_nan=False, allow_infinity=False), min_size=1, max_size=40),
         needs="vector"),
    Kind("sparsevec", st.dictionaries(st.integers(1, 1000), SINGLES.filter(bool), max_size=20).map(
        lambda values: SparseVector(1000, values)), needs="vector"),
    Kind("hstore", st.dictionaries(TEXT, st.none() | TEXT, max_size=8), needs="hstore"),
    Kind("citext", TEXT, str, needs="citext"),
    Kind("ltree", st.lists(st.text("abc1_", min_size=1, max_size=5), max_size=5).map(".".join), str, needs="ltree"),
    Kind("lquery", joined(LEVEL, ".", 4), str, needs="ltree"),
    Kind("ltxtquery", joined(joined(FLAGGED | FLAGGED.map("!{}".format), " & ", 3), " | ", 2), str, needs="ltree"),
    *TEXTS,
]  # fmt: skip
