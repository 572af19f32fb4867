"""Bits that change on their way, in rows over all types: an error or another value, and never a crash or an answer to
the wrong question.

TCP's checksum misses one broken segment in some tens of thousands, and memory without error correction flips by itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError
from tests.shared.driver.test_postgresql_values import ROWS as ALL_ROWS
from tests.shared.driver.test_postgresql_values import same
from tests.support.replay import Replay, record

pytestmark = pytest.mark.postgresql

# The embedded server is built without libxml, and xml travels as text does.
ROWS = [row for row in ALL_ROWS if not row[0].startswith("xml")]
ROWS_FLIPPED = 20_000
ANYWHERE = 5_000
NEXT = "SELECT 1 AS one, 'two' AS two"


def sql_of_all_types() -> str:
    columns = [
        "'{}'::{} AS c{}".format(literal.replace("'", "''"), kind, at) for at, (kind, literal, _) in enumerate(ROWS)
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


@pytest.fixture(scope="module")
def recorded(postgresql_database: Any) -> tuple[list[bytes], list[bytes]]:
    answers, rows = record(postgresql_database.url, sql_of_all_types())
    for (kind, literal, value), got in zip(ROWS, rows[0], strict=True):
        assert same(got, value), (kind, literal)
    return answers, record(postgresql_database.url, NEXT)[0]


def assert_next_is_right(replay: Replay, answers: list[bytes]) -> None:
    outcome = replay.ask(NEXT, answers)
    assert outcome.error is None, outcome.error
    assert outcome.result.rows == [(1, "two")]
    assert outcome.result.columns == ("one", "two")


def test_a_bit_in_a_value_is_that_values_affair(recorded: tuple[list[bytes], list[bytes]]) -> None:
    (*before, answer), following = recorded
    sql, random = sql_of_all_types(), Random(1)
    places = [(column, *place) for column, place in enumerate(values_of_row(answer)) if place[0] < place[1]]
    refused = 0
    replay = Replay()
    prepared = replay.ask(sql, [*before, answer])
    assert prepared.error is None
    assert_next_is_right(replay, following)
    for number in range(ROWS_FLIPPED):
        column, start, end = places[number % len(places)]
        spoilt = flipped(answer, random.randrange(start, end), random.randrange(8))
        outcome = replay.ask(sql, [spoilt])
        assert outcome.done()
        assert not replay.talk.over, f"a value must not cost the connection: column {column}"
        if outcome.error is None:
            (row,) = outcome.result.rows
            wrong = [at for at, (_, _, value) in enumerate(ROWS) if at != column and not same(row[at], value)]
            assert not wrong, f"the flip in column {column} changed {wrong}"
        else:
            assert isinstance(outcome.error, DataError), outcome.error
            refused += 1
        if number % 10 == 0:
            assert_next_is_right(replay, following[1:])
    assert 0 < refused < ROWS_FLIPPED


def test_a_bit_anywhere_ends_in_an_answer_or_in_the_end_of_the_connection(
    recorded: tuple[list[bytes], list[bytes]],
) -> None:
    (*before, answer), following = recorded
    sql, random = sql_of_all_types(), Random(2)
    ended = 0
    for _ in range(ANYWHERE):
        replay = Replay()
        spoilt = flipped(answer, random.randrange(len(answer)), random.randrange(8))
        outcome = replay.ask(sql, [*before, spoilt])
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
