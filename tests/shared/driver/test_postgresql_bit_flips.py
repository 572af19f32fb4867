"""Bits that change on their way, in rows over all types: an error or another value, and never a crash or an answer to
the wrong question.

TCP's checksum misses one broken segment in some tens of thousands, and memory without error correction flips by itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from ferrow import driver
from ferrow._core import CopyDecoder, Row, Shape
from ferrow.errors import DatabaseError, DataError
from ferrow.types import Range, SparseVector
from ferrow.wire.drive import drive
from tests.support.effort import times
from tests.support.postgres import CONTRIB
from tests.support.postgresql_values import ROWS as ALL_ROWS
from tests.support.postgresql_values import WITHOUT_BINARY, same
from tests.support.replay import Replay, record
from tests.support.shapes import WAYS, Way, way
from tests.support.values import SETUP

pytestmark = pytest.mark.postgresql

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
ROWS_FLIPPED = times(20_000)
ANYWHERE = times(5_000)
NEXT = "SELECT 1 AS one, 'two' AS two"


@dataclass(frozen=True)
class Recorded:
    """What a server said, and the rows it means."""

    rows: list[tuple[str, str, Any]]
    sql: str
    answers: list[bytes]
    following: list[bytes]
    copied: bytes
    """The same row three times, by COPY."""
    names: list[str]
    oids: list[int]
    types: Any


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


def without_rows(answer: bytes) -> bytes:
    """The same answer from a server that found nothing."""
    return b"".join(answer[start - 5 : end] for kind, start, end in messages(answer) if kind != b"D")


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


FEW = {"integer", "text", "int4range", "integer[]"}


@pytest.fixture(scope="module", params=["the server", "its arrays", "one with contrib"])
def recorded(request: pytest.FixtureRequest, database_with: Any) -> Recorded:
    """The server has all types but some extensions'; those that another one has come from there, among a few others."""
    main = database_with(None)
    if request.param == "the server":
        return recording(main, ROWS)
    if request.param == "its arrays":
        return recording(main, LISTED)
    lacking = [needed for needed in CONTRIB if not main.offers(needed)]
    if not lacking:
        pytest.skip("the server has everything itself")
    return recording(database_with(lacking[0]), [row for row in ALL_ROWS if row[0] in FEW])


def recording(database: Any, rows: list[tuple[str, str, Any]]) -> Recorded:
    """`rows` and those of all extensions that there are."""
    url, rows = database.clean(), list(rows)
    with driver.connect(url) as conn:
        conn.script(SETUP)
        for needed in filter(database.offers, EXTENDED):
            if needed != "xml":
                conn.script(f"CREATE EXTENSION {needed}")
            rows += EXTENDED[needed]
        sql = sql_of(rows)
        answers, [got] = record(url, sql)
        # Types that travel as text have no place in a binary COPY.
        copied_rows = [row for row in rows if row[0].removesuffix("[]") not in WITHOUT_BINARY]
        copied_sql = sql_of(copied_rows)
        described = drive(conn.wire.describe(copied_sql))
        copy = f"COPY ({copied_sql} FROM generate_series(1, 3)) TO STDOUT (FORMAT binary)"
        copied = b"".join(conn.copy_out(sql=copy))
        CopyDecoder(*described[:2], Shape.tuples(), described[2]).feed(copied)
    for (kind, literal, value), one in zip(rows, got, strict=True):
        assert alike(one, value), (kind, literal)
    return Recorded(rows, sql, answers, record(url, NEXT)[0], copied, *described)


def assert_next_is_right(replay: Replay, answers: list[bytes]) -> None:
    outcome = replay.ask(NEXT, answers)
    assert outcome.error is None, outcome.error
    assert outcome.result.rows == [(1, "two")]
    assert outcome.result.columns == ("one", "two")


def test_a_bit_in_a_value_is_that_values_affair(recorded: Recorded) -> None:
    (*before, answer), following = recorded.answers, recorded.following
    sql, random = recorded.sql, Random(1)
    places = [(column, *place) for column, place in enumerate(values_of_row(answer)) if place[0] < place[1]]
    refused, nothing = 0, without_rows(before[-1])
    replay = Replay()
    prepared = replay.ask(sql, [*before, answer])
    assert prepared.error is None
    assert_next_is_right(replay, following)
    for number in range(ROWS_FLIPPED):
        column, start, end = places[number % len(places)]
        spoilt = flipped(answer, random.randrange(start, end), random.randrange(8))
        built = built_as(len(recorded.rows), number)
        # A row that lies whole in what is read takes the fast path, and one that comes in pieces another.
        cut = random.randrange(start, end) if number % 2 else 0
        outcome = replay.ask(sql, [spoilt[:cut], spoilt[cut:]], built.shape)
        asked = not outcome.done()
        while not outcome.done():  # what named a type in a value may name another now: the session asks, there is none
            replay.talk.hear(nothing)
        assert not replay.talk.over, f"a value must not cost the connection: column {column}"
        if outcome.error is None:
            (row,) = outcome.result.rows
            got = dict(zip(built.columns, built.values(row), strict=True))
            wrong = [at for at, value in got.items() if at != column and not alike(value, recorded.rows[at][2])]
            assert not wrong, f"the flip in column {column} changed {wrong}"
            assert got.get(column, "") is not None, f"what cannot be read in column {column} is no NULL"
        else:
            assert isinstance(outcome.error, DataError), outcome.error
            refused += 1
        if asked:  # it has thrown away what it had prepared, and would say so
            replay = Replay()
            assert replay.ask(sql, [*before, answer]).error is None
            assert_next_is_right(replay, following)
        elif number % 10 == 0:
            assert_next_is_right(replay, following[1:])
    assert 0 < refused < ROWS_FLIPPED


def test_a_bit_anywhere_ends_in_an_answer_or_in_the_end_of_the_connection(
    recorded: Recorded,
) -> None:
    (*before, answer), following = recorded.answers, recorded.following
    sql, random = recorded.sql, Random(2)
    ended = 0
    for number in range(ANYWHERE):
        replay = Replay()
        spoilt = flipped(answer, random.randrange(len(answer)), random.randrange(8))
        outcome = replay.ask(sql, [*before, spoilt], built_as(len(recorded.rows), number).shape)
        if outcome.done() and not replay.talk.over:
            following_outcome = replay.ask(NEXT, following)
            # A length that grew swallows the beginning of the next answer, which then does not add up.
            if following_outcome.done() and following_outcome.error is None:
                assert following_outcome.result.rows == [(1, "two")]
                continue
        if not replay.talk.over:
            replay.talk.hang_up()
        assert outcome.done()
        assert outcome.error is None or isinstance(outcome.error, DatabaseError), outcome.error
        ended += 1
    assert 0 < ended < ANYWHERE


def test_a_bit_in_a_copy_is_a_value_or_a_data_error(recorded: Recorded) -> None:
    data, random = recorded.copied, Random(3)
    refused = 0
    for number in range(ANYWHERE):
        built = built_as(len(recorded.names), number)
        decoder = CopyDecoder(recorded.names, recorded.oids, built.shape, recorded.types)
        spoilt, rows = flipped(data, random.randrange(len(data)), random.randrange(8)), []
        cut = random.randrange(len(data))
        try:
            for piece in (spoilt[:cut], spoilt[cut:]):
                rows += decoder.feed(piece)
            decoder.finish()
        except (DataError, UnicodeDecodeError):
            refused += 1
        assert len(rows) <= 3
        assert all(len(built.values(row)) == len(built.columns) for row in rows)
    assert 0 < refused < ANYWHERE
