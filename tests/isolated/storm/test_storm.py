"""Random cancellations of everything at once: no wrong answer, no half transaction, and the pool is whole afterwards.

Single statements, shared and not, transactions, streams, COPY, pipelines, connecting: in plain text and in TLS, on both event loops;
callers are cancelled once, twice and three times, run out of time, or are deserted by their task group.
The seed is printed; FERROW_TEST_SEED repeats a run.
"""

from __future__ import annotations

import time
from typing import Any

import pytest

from ferrow.engine import create_engine
from tests.support.effort import times
from tests.support.seed import seed
from tests.support.storm import LOOPS, Ledger, blow, check, watched
from tests.support.storm.connections import NAME
from tests.support.storm.ledger import TABLE

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

CANCELLATIONS = times(500)
SIZE = 6


async def storm(url: str, seed: int) -> None:
    async with await create_engine(url, max_size=SIZE, acquire_timeout=20, application_name=NAME) as engine:
        await engine.script(TABLE)
        ledger = Ledger(engine, seed, url)
        begun = time.perf_counter()
        await blow(ledger, CANCELLATIONS)
        assert ledger.wrong == []
        await check(ledger, SIZE)
        print(f"{time.perf_counter() - begun:.1f} s, {dict(ledger.figures)}, {ledger.tags} tags, {ledger.shapes}")  # noqa: T201


@pytest.mark.timeout(times(120))
@pytest.mark.parametrize("loop_factory", LOOPS)
def test_whoever_leaves_takes_nothing_along(storm_url: str, loop_factory: Any) -> None:
    assert watched(storm(storm_url, seed()), loop_factory) == []
