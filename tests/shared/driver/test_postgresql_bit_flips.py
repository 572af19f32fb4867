"""Bits that change on their way, in rows over all types: an error or another value, and never a crash or an answer to
the wrong question.

TCP's checksum misses one broken segment in some tens of thousands, and memory without error correction flips by itself.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError
from tests.support.effort import times
from tests.support.flips import (
    NEXT,
    SOURCES,
    Recorded,
    alike,
    built_as,
    flipped,
    recording,
    source,
    values_of_row,
)
from tests.support.replay import Replay

pytestmark = pytest.mark.postgresql

ROWS_FLIPPED = times(7_000)
ANYWHERE = times(800)


@pytest.fixture(scope="module", params=SOURCES)
def recorded(request: pytest.FixtureRequest, database_with: Any) -> Recorded:
    found = source(request.param, database_with)
    if found is None:
        pytest.skip("the server has everything itself")
    return recording(*found)


def assert_next_is_right(replay: Replay, answers: list[bytes]) -> None:
    outcome = replay.ask(NEXT, answers)
    assert outcome.error is None, outcome.error
    assert outcome.result.rows == [(1, "two")]
    assert outcome.result.columns == ("one", "two")


def test_a_bit_in_a_value_is_that_values_affair(recorded: Recorded) -> None:
    (*before, answer), following = recorded.answers, recorded.following
    sql, random = recorded.sql, Random(1)
    places = [(column, *place) for column, place in enumerate(values_of_row(answer)) if place[0] < place[1]]
    refused = 0
    replay = Replay()
    prepared = replay.ask(sql, [*before, answer])
    assert prepared.error is None
    assert_next_is_right(replay, following)
    for number in range(ROWS_FLIPPED):
        column, start, end = places[number % len(places)]
        spoilt = flipped(answer, random.randrange(start, end), random.randrange(8))
        # By chance, since what goes by the number may always go with the same columns.
        built = built_as(len(recorded.rows), random.randrange(10**6))
        # A row that lies whole in what is read takes the fast path, and one that comes in pieces another.
        cut = random.choice([0, random.randrange(start, end)])
        outcome = replay.ask(sql, [spoilt[:cut], spoilt[cut:]], built.shape)
        questions = 0
        while not outcome.done():  # a type that the value names may be none now, or may have changed: the session asks
            replay.talk.hear(before[-1])
            questions += 1
        assert questions <= 2, f"what has been asked is known: column {column}"
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
        if questions:  # it has thrown away what it had prepared, and would say so
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
