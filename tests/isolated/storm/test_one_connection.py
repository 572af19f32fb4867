"""Random cancellations of tasks that share one connection: each one's own, and nobody else's.

Nobody who stayed is told that he was cancelled, or that his COPY has ended, and what he was told is committed is there.
The seed is printed; FERROW_TEST_SEED repeats a run.
"""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.driver import AsyncConnection
from tests.support.effort import times
from tests.support.seed import seed
from tests.support.storm import LOOPS, Ledger, blow, watched
from tests.support.storm.ledger import TABLE
from tests.support.storm.one import SHAPES

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

ROUNDS = times(10)
CANCELLATIONS = 100


async def storm(url: str, seed: int) -> None:
    async with AsyncConnection(url) as conn:
        await conn.script(TABLE)
        for number in range(ROUNDS):
            ledger = Ledger(conn, seed + number, url)
            await blow(ledger, CANCELLATIONS, tasks=8, shapes=SHAPES, beside=0)
            await ledger.count(conn.query)
            assert ledger.wrong == [], f"seed {seed + number}"
            await conn.script("TRUNCATE tags")
            print(f"{dict(ledger.figures)}, {ledger.shapes}")  # noqa: T201


@pytest.mark.timeout(times(120))
@pytest.mark.parametrize("loop_factory", LOOPS)
def test_whoever_leaves_takes_nobody_along(storm_url: str, loop_factory: Any) -> None:
    assert watched(storm(storm_url, seed()), loop_factory) == []
