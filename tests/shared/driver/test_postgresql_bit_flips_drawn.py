"""Bits that change in 20,000 rows of a server over all types, whose values Hypothesis draws.

What is said of one row of known values, and of bits elsewhere: test_postgresql_bit_flips.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ferrow import driver
from ferrow.errors import DataError
from tests.support.effort import times
from tests.support.flips import NEXT, alike, built_as, flipped, messages, plain, values_of_row
from tests.support.postgres import CONTRIB
from tests.support.replay import Replay, record
from tests.support.values import ALL, SETUP, Kind, same

pytestmark = pytest.mark.postgresql

ROWS = 50
FLIPPED = times(20_000)


@dataclass(frozen=True)
class Drawn:
    """What a server said of a statement: each of its rows by itself, and what it means."""

    sql: str
    before: list[bytes]
    rows: list[tuple[bytes, list[Any]]]
    following: list[bytes]


def drawn(kind: Kind) -> list[Any]:
    """As many values as there are rows."""
    found: list[Any] = []

    @settings(max_examples=ROWS, deadline=None, database=None, derandomize=True, suppress_health_check=[*HealthCheck])
    @given(kind.values)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return [found[at % len(found)] for at in range(ROWS)]


def single(answer: bytes) -> Iterator[bytes]:
    """The answer once for each of its rows, as if that were the only one."""
    rows = [(start - 5, end) for kind, start, end in messages(answer) if kind == b"D"]
    head, tail = answer[: rows[0][0]], answer[rows[-1][1] :]
    return (head + answer[start:end] + tail for start, end in rows)


@pytest.fixture(scope="module", params=[None, "hstore"], ids=["the server", "one with contrib"])
def said(request: pytest.FixtureRequest, database_with: Any) -> Drawn:
    database = database_with(request.param)
    kinds = [kind for kind in ALL if kind.needs is None or database.offers(kind.needs)]
    if request.param is not None:
        kinds = [kind for kind in kinds if kind.needs is not None]
        if not kinds:
            pytest.skip("the server has everything itself")
    url = database.clean()
    with driver.connect(url) as conn:
        conn.script(SETUP)
        for needed in {kind.needs for kind in kinds if kind.needs in (*CONTRIB, "vector")} - {"xml"}:
            conn.script(f"CREATE EXTENSION {needed}")
        columns = ", ".join(f"c{at} {kind.sql}" for at, kind in enumerate(kinds))
        conn.script(f"CREATE TABLE drawn (row integer, {columns})")
        values = [*zip(*map(drawn, kinds), strict=True)]
        places = ", ".join(f"${at + 2}" for at in range(len(kinds)))
        conn.run_many(f"INSERT INTO drawn VALUES ($1, {places})", [(at, *row) for at, row in enumerate(values)])
    sql = f"SELECT {', '.join(f'c{at}' for at in range(len(kinds)))} FROM drawn ORDER BY row"
    (*before, answer), rows = record(url, sql)
    for got, sent in zip(rows, values, strict=True):
        for kind, one, other in zip(kinds, got, sent, strict=True):
            assert same(one, other), kind.sql
    singles = zip(single(answer), [[plain(value) for value in row] for row in rows], strict=True)
    return Drawn(sql, before, [*singles], record(url, NEXT)[0])


def test_a_bit_in_a_value_is_that_values_affair(said: Drawn) -> None:
    random, refused = Random(8), 0
    replay = prepared(said)
    for number in range(FLIPPED):
        answer, expected = said.rows[number % len(said.rows)]
        places = [(column, *place) for column, place in enumerate(values_of_row(answer)) if place[0] < place[1]]
        column, start, end = random.choice(places)
        spoilt = flipped(answer, random.randrange(start, end), random.randrange(8))
        built = built_as(len(expected), random.randrange(10**6))
        cut = random.choice([0, random.randrange(start, end)])
        outcome = replay.ask(said.sql, [spoilt[:cut], spoilt[cut:]], built.shape)
        asked = False
        while not outcome.done():  # a type that the value names may have changed: the session asks
            asked = True
            replay.talk.hear(said.before[-1])
        assert not replay.talk.over, f"a value must not cost the connection: column {column}"
        if outcome.error is None:
            (row,) = outcome.result.rows
            got = dict(zip(built.columns, built.values(row), strict=True))
            wrong = [at for at, value in got.items() if at != column and not alike(value, expected[at])]
            assert not wrong, f"the flip in column {column} changed {wrong}"
            assert got.get(column, "") is not None, f"what cannot be read in column {column} is no NULL"
        else:
            assert isinstance(outcome.error, DataError), outcome.error
            refused += 1
        if asked:  # it has thrown away what it had prepared
            replay = prepared(said)
        else:
            assert_next_is_right(replay, said.following[1:])
    assert 0 < refused < FLIPPED


def prepared(said: Drawn) -> Replay:
    """A session that knows the statement, and the one that comes next."""
    replay = Replay()
    assert replay.ask(said.sql, [*said.before, said.rows[0][0]]).error is None
    assert_next_is_right(replay, said.following)
    return replay


def assert_next_is_right(replay: Replay, answers: list[bytes]) -> None:
    outcome = replay.ask(NEXT, answers)
    assert outcome.error is None, outcome.error
    assert outcome.result.rows == [(1, "two")]
