"""The connection ends before and after each byte of COMMIT, and of its answer: nobody is told anything false.

Whoever is told that it is committed finds the row, whoever is told of a failure does not, and everybody else is told that it
is unknown.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.errors import CommitUnknown, Error, IntegrityError, InterfaceError
from tests.support import entered, maybe
from tests.support.cutting import Cutting, cutting
from tests.support.postgres import ENCRYPTED, with_options

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

NAME = "ferrow_outcomes"
READY = 6  # bytes of ReadyForQuery, which comes after the answer
NEAR = 40  # bytes at the end that hold COMMIT, or its answer, and what comes behind
GOODBYE = 5  # bytes of Terminate, which is said when it has been answered
INSERT = "INSERT INTO outcomes VALUES ($1, $2)"
Cut = Callable[[], None]


@pytest.fixture
def between(postgresql_url: str) -> Iterator[Cutting]:
    with cutting(postgresql_url) as found:
        yield found


@asynccontextmanager
async def connected(url: str, colour: str) -> AsyncIterator[Any]:
    conn = driver.Connection(url) if colour == "sync" else await driver.AsyncConnection.connect(url)
    try:
        yield conn
    finally:
        await maybe(conn.close())


async def block(url: str, colour: str, row: list[int], cut: Cut) -> None:
    async with connected(url, colour) as conn, entered(conn.transaction()) as tx:
        await maybe(tx.execute(INSERT, row))
        cut()


async def by_hand(url: str, colour: str, row: list[int], cut: Cut) -> None:
    async with connected(url, colour) as conn:
        tx = await maybe(conn.begin())
        await maybe(tx.execute(INSERT, row))
        cut()
        await maybe(tx.commit())


async def cursor(url: str, colour: str, row: list[int], cut: Cut) -> None:
    async with connected(url, colour) as conn:
        await maybe(conn.cursor().execute("INSERT INTO outcomes VALUES (%s, %s)", row))
        cut()
        await maybe(conn.commit())


async def stream(url: str, colour: str, row: list[int], cut: Cut) -> None:
    """Whose transaction commits at its end."""
    async with connected(url, colour) as conn:
        async with entered(conn.stream(f"{INSERT} RETURNING n", row, chunk=10)) as rows:
            await maybe(rows.fetch())
            cut()


async def pooled(url: str, colour: str, row: list[int], cut: Cut) -> None:
    pair = create_engine(url, max_size=1)
    engine = pair.aio if colour == "async" else pair
    try:
        async with entered(engine.transaction()):
            await maybe(engine.run(INSERT, row))
            cut()
    finally:
        await maybe(engine.close())


async def with_deadline(url: str, colour: str, row: list[int], cut: Cut) -> None:
    async with connected(url, colour) as conn:
        tx = await maybe(conn.begin())
        await maybe(tx.execute(INSERT, row))
        cut()
        await maybe(tx.commit(timeout=30))


async def pipeline(url: str, colour: str, row: list[int], cut: Cut) -> None:
    """BEGIN, INSERT and COMMIT are one message."""
    async with connected(url, colour) as conn:
        cut()
        async with entered(conn.pipeline()) as pipe, entered(pipe.transaction()):
            pipe.execute(INSERT, row)


SHAPES = [block, by_hand, cursor, stream, pooled, with_deadline, pipeline]
MORE = (stream, pipeline)  # what says more than COMMIT


class Outcomes:
    """What callers were told, and what is there."""

    def __init__(self, shape: Any, colour: str, between: Cutting, observer: driver.Connection) -> None:
        self._shape, self._colour, self._between, self._observer = shape, colour, between, observer
        self.number = 0
        self.told: Counter[str] = Counter()
        self.false: list[str] = []

    async def one(self, where: str, cut: Cut, parent: int = 1) -> None:
        """One transaction of one row, which is refused at COMMIT where there is no such parent."""
        self.number += 1
        try:
            await self._shape(
                with_options(self._between.url, f"application_name={NAME}"), self._colour, [self.number, parent], cut
            )
        except CommitUnknown:
            told = "unknown"
        except IntegrityError:
            told = "refused"
        except Error as error:
            told = "failed"
            if isinstance(error, InterfaceError) and cut != self._between.cut:
                self.false.append(f"{where}: {error!r} is no mistake of the caller's")
        else:
            told = "committed"
        there = self._there()
        self.told[f"{told}, {'there' if there else 'absent'}"] += 1
        if told != "unknown" and there != (told == "committed"):
            self.false.append(f"{where}: told that it {told}, but it is {'there' if there else 'absent'}")

    def _there(self) -> bool:
        """Once nobody is at it any more."""
        others = f"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{NAME}'"
        deadline = time.monotonic() + 20
        while self._observer.query_one(others)[0]:
            assert time.monotonic() < deadline, "a session does not end"
        return bool(self._observer.query("SELECT 1 FROM outcomes WHERE n = $1", [self.number]))


@pytest.mark.skipif(ENCRYPTED in os.environ, reason="bytes are counted that TLS hides")
@pytest.mark.parametrize(
    ("shape", "parent"),
    [*((shape, 1) for shape in SHAPES), (block, 2), (stream, 2), (pooled, 2), (pipeline, 2)],
    ids=lambda value: value if isinstance(value, int) else value.__name__,
)
async def test_nobody_is_told_anything_false(
    colour: str, shape: Any, parent: int, between: Cutting, sender: driver.Connection
) -> None:
    sender.script(
        "CREATE TABLE parents (n integer PRIMARY KEY); INSERT INTO parents VALUES (1);"
        "CREATE TABLE outcomes (n integer PRIMARY KEY, parent integer REFERENCES parents DEFERRABLE INITIALLY DEFERRED)"
    )
    outcomes = Outcomes(shape, colour, between, sender)
    await outcomes.one("whole", lambda: between.cut_after("up", None), parent)
    assert outcomes.told == {"committed, there" if parent == 1 else "refused, absent": 1}
    # What is said afterwards counts, too: a goodbye.
    lengths = {"up": between.passed["up"], "down": between.passed["down"]}
    for direction, length in lengths.items():
        for count in range(length + 1):
            if (parent != 1 or shape is pipeline) and count % 9 and count < length - NEAR:
                continue  # somewhere in what is said before, or in a long message
            for reset in (False, True):
                where = f"{direction} {count} of {length}{', reset' if reset else ''}"
                await outcomes.one(where, partial(between.cut_after, direction, count, reset=reset), parent)
    if shape not in MORE:
        # A refusal that came whole is told, even if nothing came after it.
        refused = outcomes.told["refused, absent"]
        assert refused == (0 if parent == 1 else 1 + 2 * (READY + 1) + 2 * GOODBYE), outcomes.told
    between.cut_after("up", None)
    await outcomes.one("before COMMIT", between.cut, parent)
    print(f"{shape.__name__}: {dict(outcomes.told)}")  # noqa: T201
    assert outcomes.false == []
    assert parent != 1 or {"committed, there", "unknown, absent", "unknown, there"} <= outcomes.told.keys()
