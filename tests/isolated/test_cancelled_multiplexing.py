"""10,000 random cancellations of reads that share connections, and of what runs beside them: 0 wrong answers, the pool whole afterwards.

Each statement carries a tag of its own that must come back. The seed is printed; FERROW_TEST_SEED repeats a run.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from itertools import count
from typing import Any

import pytest

from ferrow.engine import create_engine
from tests.support.effort import times
from tests.support.loops import LOOPS
from tests.support.seed import seed

pytestmark = pytest.mark.postgresql

CANCELLATIONS = times(10_000)
TASKS = 64
SIZE = 4
ECHO = "SELECT $1::int AS tag"
WIDE = "SELECT $1::int AS tag, repeat('x', 20000) AS much"
WORK = "SELECT $1::int AS tag, count(*) FROM generate_series(1, $2::int) AS steps"
TRANSACTION = "SELECT $1::int AS tag, pg_sleep(0.0005)"


class Storm:
    def __init__(self, engine: Any, seed: int) -> None:
        self.engine = engine
        self.chance = random.Random(seed)
        self.tags = count(1)
        self.figures: Counter[str] = Counter()

    async def ask(self, sql: str, *more: Any) -> None:
        tag = next(self.tags)
        rows = await self.engine.query(sql, [tag, *more])
        assert [row["tag"] for row in rows] == [tag]

    async def work(self) -> None:
        match self.chance.randrange(12):
            case 0:
                await self.ask(WIDE)
            case 1:
                await self.ask(WORK, self.chance.choice([1, 1, 1, 1, 1000, 200_000]))
            case 2:
                async with self.engine.transaction():
                    await self.ask(ECHO)
                    await self.ask(TRANSACTION)
            case _:
                await self.ask(ECHO)

    async def one(self) -> None:
        task = asyncio.ensure_future(self.work())
        for _ in range(self.chance.randint(1, 2)):
            if self.chance.random() < 0.5:
                for _ in range(self.chance.randint(0, 6)):
                    await asyncio.sleep(0)
            else:
                await asyncio.sleep(self.chance.random() ** 4 * 0.02)
            self.look()
            task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            self.figures["cancelled"] += 1
        else:
            self.figures["completed"] += 1

    async def worker(self) -> None:
        while self.figures["cancelled"] < CANCELLATIONS:
            await self.one()

    async def bystander(self) -> None:
        """Never cancelled, and always right."""
        while self.figures["cancelled"] < CANCELLATIONS:
            await self.ask(ECHO)
            self.figures["beside"] += 1
            self.look()

    def look(self) -> None:
        self.figures["together"] = max(self.figures["together"], self.engine.pool.stats().shared)


async def storm(url: str, seed: int) -> None:
    async with await create_engine(url, max_size=SIZE, acquire_timeout=20, application_name="ferrow_storm") as engine:
        run = Storm(engine, seed)
        # Known to be quick, so that it shares from the start: over TLS hardly a read may end in the storm.
        for _ in range(50):
            await run.ask(ECHO)
        async with asyncio.TaskGroup() as group:
            for _ in range(TASKS):
                group.create_task(run.worker())
            for _ in range(4):
                group.create_task(run.bystander())
        for _ in range(200):
            await run.ask(ECHO)
        slots = [await engine.pool.acquire(timeout=10) for _ in range(SIZE)]
        assert engine.pool.stats()[:6] == (0, SIZE, 0, 0, 0, SIZE)
        assert engine.pool.stats().shared == 0
        for slot in slots:
            engine.pool.release(slot)
        states = await engine.query(
            "SELECT state, count(*) FROM pg_stat_activity WHERE application_name = 'ferrow_storm' GROUP BY state"
        )
        assert dict(map(tuple, states)) == {"idle": SIZE - 1, "active": 1}
        assert run.figures["beside"] > 0
        assert run.figures["together"] > SIZE, "several statements were under way on one connection"
        print(f"{dict(run.figures)}, {next(run.tags)} tags, {engine.pool!r}")  # noqa: T201


@pytest.mark.slow
@pytest.mark.timeout(times(180))
@pytest.mark.parametrize("loop_factory", LOOPS)
def test_random_cancellations_of_shared_reads(postgresql_url: str, loop_factory: Any) -> None:
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(storm(postgresql_url, seed()))
