"""A row over all types, as a server sends it and as it copies it, and where in these bytes its values are."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ferrow import driver
from ferrow._core import CopyDecoder, Row, Shape
from ferrow.driver.copy_sql import Options, copy_query, with_texts
from ferrow.types import Range, SparseVector
from ferrow.wire.drive import drive
from tests.support.postgres import CONTRIB
from tests.support.postgresql_values import ROWS as ALL_ROWS
from tests.support.postgresql_values import same
from tests.support.replay import record
from tests.support.shapes import WAYS, Way, way
from tests.support.values import SETUP

OWN = """
CREATE TYPE item AS (
    price money, note text, words tsvector, span int4range, at date, of regclass, others money[]
);
CREATE TYPE prices AS RANGE (subtype = money);
"""
# Types that a session has to look up; its questions are recorded with the answers.
LOOKED_UP: list[tuple[str, str, Any]] = [
    ("mood", "sad", "sad"),
    ("short", "abcde", "abcde"),
    ("shorter", "abc", "abc"),
    ("numbers", "{1,NULL}", [1, None]),
    ("pair", '(1,"a b")', (1, "a b")),
    ("good_pair", "(2,)", (2, None)),
    ("pair[]", '{"(1,a)",NULL,"(,)"}', [(1, "a"), None, (None, None)]),
    (
        "nest",
        '(1,ok,abc,"(2,b)","{""(3,c)"",NULL}","{d,NULL}","[1,5)","{7,8}")',
        (1, "ok", "abc", (2, "b"), [(3, "c"), None], ["d", None], Range(1, 5), [7, 8]),
    ),
    ("mood[]", "{{sad,ok},{NULL,sad}}", [["sad", "ok"], [None, "sad"]]),
    ("moodrange", "[sad,ok)", Range("sad", "ok")),
    ("textrange", "[a,c)", Range("a", "c")),
    ("textmultirange", "{[a,b),[c,)}", [Range("a", "b"), Range("c")]),
    ("moodmultirange", "{[sad,ok)}", [Range("sad", "ok")]),
    ("int4range[]", '{"[1,5)",NULL,empty}', [Range(1, 5), None, Range(empty=True)]),
    ("textrange[]", '{"[a,c)",empty,"(,b]"}', [Range("a", "c"), Range(empty=True), Range(None, "b", "(]")]),
    # What travels as text because a part of it does.
    (
        "item",
        '($1.50,"a, ""b""\\\\","\'a\':1","[1,5)",2026-01-02,pg_class,"{$2.00,NULL}")',
        ("$1.50", 'a, "b"\\', "'a':1", Range(1, 5), date(2026, 1, 2), "pg_class", ["$2.00", None]),
    ),
    ("prices", '["$1.00","$1,002.00")', Range("$1.00", "$1,002.00")),
    ("prices_multirange", "{[$1.00,$2.00),[$3.00,)}", [Range("$1.00", "$2.00"), Range("$3.00", None)]),
    ("regclass[][]", "{{pg_class,NULL},{-,pg_type}}", [["pg_class", None], ["-", "pg_type"]]),
]
EXTENDED: dict[str, list[tuple[str, str, Any]]] = {
    "vector": [
        ("vector", "[1,-2.5,0.5]", [1.0, -2.5, 0.5]),
        ("halfvec", "[1,-2.5,0.5]", [1.0, -2.5, 0.5]),
        ("sparsevec", "{1:0.5,4:-2}/5", SparseVector(5, {1: 0.5, 4: -2.0})),
        ("vector[]", '{"[1,2]",NULL}', [[1.0, 2.0], None]),
        ("halfvec[]", '{"[1,2]",NULL}', [[1.0, 2.0], None]),
        ("sparsevec[]", '{"{1:0.5}/5",NULL}', [SparseVector(5, {1: 0.5}), None]),
    ],
    "hstore": [
        ("hstore", '"a"=>"1", "é"=>NULL', {"a": "1", "é": None}),
        ("hstore[]", '{"\\"a\\"=>\\"1\\"",NULL}', [{"a": "1"}, None]),
    ],
    "citext": [("citext", "Abc", "Abc"), ("citext[]", "{Abc,NULL}", ["Abc", None])],
    "ltree": [
        ("ltree", "a.b.c", "a.b.c"),
        ("lquery", "*.b{1,2}", "*.b{1,2}"),
        ("ltxtquery", "a & b", "a & b"),
        ("ltree[]", "{a.b,NULL}", ["a.b", None]),
        ("lquery[]", '{"*.b{1,2}",NULL}', ["*.b{1,2}", None]),
        ("ltxtquery[]", "{a & b,NULL}", ["a & b", None]),
    ],
    "xml": [("xml", "<a>é</a>", "<a>é</a>"), ("xml[]", "{<a/>,NULL}", ["<a/>", None])],
}
"""By what a server must have for them."""
ROWS = [row for row in ALL_ROWS if row[0] != "xml"] + LOOKED_UP


def listed(kind: str, literal: str, value: Any) -> tuple[str, str, Any]:
    """The array of that value and NULL."""
    quoted = literal.replace("\\", "\\\\").replace('"', '\\"')
    return f"{kind}[]", f'{{"{quoted}"{";" if kind == "box" else ","}NULL}}', [value, None]


LISTED = [listed(*row) for row in {row[0]: row for row in ROWS if not row[0].endswith("[]")}.values()]
"""An array of each type."""
SOURCES = ("the server", "its arrays", "one with contrib")
FEW = {"integer", "text", "int4range", "integer[]"}
NEXT = "SELECT 1 AS one, 'two' AS two"


@dataclass(frozen=True)
class Recorded:
    """What a server said, and the rows it means."""

    rows: list[tuple[str, str, Any]]
    sql: str
    answers: list[bytes]
    following: list[bytes]


@dataclass(frozen=True)
class Copied:
    """The same row three times, by COPY."""

    rows: list[tuple[str, str, Any]]
    data: bytes
    names: list[str]
    oids: list[int]
    types: Any


def source(name: str, database_with: Any) -> tuple[Any, list[tuple[str, str, Any]]] | None:
    """A database and the rows to ask it for; None if the server has everything itself.

    It has all types but some extensions'; those that another one has come from there, among a few others.
    """
    main = database_with(None)
    if name == "the server":
        return main, ROWS
    if name == "its arrays":
        return main, LISTED
    lacking = [needed for needed in CONTRIB if not main.offers(needed)]
    return (database_with(lacking[0]), [row for row in ALL_ROWS if row[0] in FEW]) if lacking else None


def prepared(database: Any, rows: list[tuple[str, str, Any]]) -> tuple[str, list[tuple[str, str, Any]]]:
    """Its URL; `rows` and those of all extensions that there are."""
    url, rows = database.clean(), list(rows)
    with driver.connect(url) as conn:
        conn.script(SETUP + OWN)
        for needed in filter(database.offers, EXTENDED):
            if needed != "xml":
                conn.script(f"CREATE EXTENSION {needed}")
            rows += EXTENDED[needed]
    return url, rows


def recording(database: Any, rows: list[tuple[str, str, Any]]) -> Recorded:
    url, rows = prepared(database, rows)
    sql = sql_of(rows)
    answers, [got] = record(url, sql)
    for (kind, literal, value), one in zip(rows, got, strict=True):
        assert alike(one, value), (kind, literal)
    return Recorded(rows, sql, answers, record(url, NEXT)[0])


def copying(database: Any, rows: list[tuple[str, str, Any]]) -> Copied:
    url, rows = prepared(database, rows)
    sql = f"{sql_of(rows)} FROM generate_series(1, 3)"
    with driver.connect(url) as conn:
        columns, oids, types, _ = drive(conn.wire.describe(sql))
        copy = copy_query(with_texts(sql, types.as_text(oids)), Options())
        data = b"".join(conn.copy_out(sql=copy))
        got = CopyDecoder(columns, oids, Shape.tuples(), types).feed(data)
        assert repr(got) == repr(list(conn.copy_out(sql=sql))), "what is flipped is what copy_out reads"
    assert [all(map(alike, row, (value for _, _, value in rows))) for row in got] == [True] * 3
    return Copied(rows, data, columns, oids, types)


def sql_of(rows: list[tuple[str, str, Any]]) -> str:
    columns = [
        "'{}'::{} AS c{}".format(literal.replace("'", "''"), kind, at) for at, (kind, literal, _) in enumerate(rows)
    ]
    return "SELECT " + ", ".join(columns)


def messages(answer: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the body of each message."""
    at = 0
    while at < len(answer):
        (length,) = struct.unpack_from("!i", answer, at + 1)
        yield answer[at : at + 1], at + 5, at + 1 + length
        at += 1 + length


def values_of_row(answer: bytes) -> list[tuple[int, int]]:
    """Where the values of the only row stand; nothing for NULL and for what is empty."""
    [(start, _)] = [(start, end) for kind, start, end in messages(answer) if kind == b"D"]
    (count,) = struct.unpack_from("!h", answer, start)
    at, places = start + 2, []
    for _ in range(count):
        (length,) = struct.unpack_from("!i", answer, at)
        at += 4
        places.append((at, at + max(0, length)))
        at += max(0, length)
    return places


def flipped(answer: bytes, at: int, bit: int) -> bytes:
    spoilt = bytearray(answer)
    spoilt[at] ^= 1 << bit
    return bytes(spoilt)


def alike(got: Any, value: Any) -> bool:
    """A composite comes as a `Row`."""
    return same(plain(got), value)


def plain(value: Any) -> Any:
    if isinstance(value, Row):
        return tuple(map(plain, value))
    return [*map(plain, value)] if type(value) is list else value


def built_as(columns: int, number: int) -> Way:
    """Another one for each row, and of those that take one column another column."""
    names = tuple(f"c{at}" for at in range(columns))
    return way(WAYS[number % len(WAYS)], names, number // len(WAYS) % columns)
