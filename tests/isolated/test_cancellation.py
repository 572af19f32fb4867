"""2,000 random cancellations: no wrong answer, no half transaction, every connection usable afterwards.

Each statement carries a tag of its own that must come back; each transaction writes its tag twice, so that a half one shows.
The seed is printed; FERROW_TEST_SEED repeats a run.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.engine import AsyncEngine, create_engine
from tests.support.effort import times
from tests.support.loops import LOOPS
from tests.support.seed import seed

CANCELLATIONS = times(2000)
TASKS = 24
SIZE = 6
TUPLES = Shape.tuples()

TEXTS = {
    "postgresql": {
        "echo": "SELECT $1::int",
        "slow": "SELECT $1::int FROM pg_sleep(0.004)",
        "many": "SELECT $1::int FROM generate_series(1, 500)",
        "insert": "INSERT INTO tags (tag, part) VALUES ($1, $2)",
        "find": "SELECT tag FROM tags WHERE tag = $1",
    },
    "sqlite": {
        "echo": "SELECT ?1",
        "slow": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 40000) SELECT ?1 FROM c WHERE n = 40000",
        "many": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 500) SELECT ?1 FROM c",
        "insert": "INSERT INTO tags (tag, part) VALUES (?1, ?2)",
        "find": "SELECT tag FROM tags WHERE tag = ?1",
    },
}


class Undo(Exception):
    """Leaves a transaction on purpose."""


class Storm:
    """One run: what is done, what is cancelled, what went wrong."""

    def __init__(self, engine: AsyncEngine, seed: int) -> None:
        self.engine = engine
        self.sql = TEXTS[engine.dialect.name]
        self.chance = random.Random(seed)
        self.tags = count(1)
        self.wrong: list[str] = []
        self.kept: set[int] = set()
        self.undone: set[int] = set()
        self.cancelled: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.actions: list[Callable[[], Awaitable[None]]] = [
            self.echo, self.slow, self.many, self.batch, self.transact, self.undo, self.nested, self.timeout, self.borrow,
            self.pipeline, self.piped, self.joined,
        ]  # fmt: skip

    async def ask(self, what: str, rows: int = 1, target: Any = None) -> None:
        tag = next(self.tags)
        found = (await (target or self.engine).run(self.sql[what], [tag], TUPLES)).rows
        if found != [(tag,)] * rows:
            self.wrong.append(f"{what} {tag}: {found[:3]!r}")

    async def write(self, tag: int, part: int) -> None:
        await self.engine.run(self.sql["insert"], [tag, part], TUPLES)

    async def echo(self) -> None:
        await asyncio.gather(*(self.ask("echo") for _ in range(3)))

    async def slow(self) -> None:
        await self.ask("slow")

    async def many(self) -> None:
        await self.ask("many", 500)

    async def batch(self) -> None:
        tag = next(self.tags)
        await self.engine.run_many(self.sql["insert"], [(tag, 1), (tag, 2)], TUPLES)
        self.kept.add(tag)

    async def transact(self) -> None:
        tag = next(self.tags)
        async with self.engine.transaction():
            await self.write(tag, 1)
            await self.ask("echo")
            await self.write(tag, 2)
        self.kept.add(tag)

    async def undo(self) -> None:
        tag = next(self.tags)
        self.undone.add(tag)
        with pytest.raises(Undo):
            async with self.engine.transaction():
                await self.write(tag, 1)
                raise Undo

    async def nested(self) -> None:
        tag, lost = next(self.tags), next(self.tags)
        self.undone.add(lost)
        async with self.engine.transaction():
            await self.write(tag, 1)
            try:
                async with self.engine.transaction():
                    await self.write(lost, 1)
                    await self.ask("slow")
                    raise Undo
            except Undo:
                pass
            await self.write(tag, 2)
        self.kept.add(tag)

    async def timeout(self) -> None:
        tag, lost = next(self.tags), next(self.tags)
        self.undone.add(lost)
        async with self.engine.transaction():
            await self.write(tag, 1)
            try:
                async with asyncio.timeout(0.002), self.engine.transaction():
                    await self.write(lost, 1)
                    while True:
                        await self.ask("slow")
            except TimeoutError:
                pass
            await self.ask("echo")
            await self.write(tag, 2)
        self.kept.add(tag)

    async def borrow(self) -> None:
        async with self.engine.connection() as connection:
            await self.ask("echo", target=connection)
            await self.ask("slow", target=connection)

    async def pipeline(self) -> None:
        async with self.engine.pipeline() as pipe:
            tags = [next(self.tags) for _ in range(8)]
            pending = [pipe.query(self.sql[what], [tag]) for tag, what in zip(tags, ["echo", "slow"] * 4, strict=True)]
            for tag, one in zip(tags, pending, strict=True):
                if (found := await one) != [(tag,)]:
                    self.wrong.append(f"pipeline {tag}: {found!r}")

    async def piped(self) -> None:
        tag, lost = next(self.tags), next(self.tags)
        self.undone.add(lost)
        async with self.engine.pipeline() as pipe:
            async with pipe.transaction():
                pipe.execute(self.sql["insert"], [tag, 1])
                slow = pipe.query(self.sql["slow"], [tag])
                pipe.execute(self.sql["insert"], [tag, 2])
            try:
                async with pipe.transaction():
                    pipe.execute(self.sql["insert"], [lost, 1])
                    raise Undo
            except Undo:
                pass
            if await slow != [(tag,)]:
                self.wrong.append(f"piped {tag}")
        self.kept.add(tag)

    async def joined(self) -> None:
        tag = next(self.tags)
        async with self.engine.transaction() as tx, tx.pipeline() as pipe:
            pipe.execute(self.sql["insert"], [tag, 1])
            await self.ask("echo")
            pipe.execute(self.sql["insert"], [tag, 2])
        self.kept.add(tag)

    async def one(self) -> None:
        """One task with one to three cancellations, at once or a little later each."""
        action = self.chance.choice(self.actions)
        task = asyncio.ensure_future(action())
        for _ in range(self.chance.randint(1, 3)):
            pause = self.chance.random()
            if pause < 0.3:
                for _ in range(self.chance.randint(0, 12)):
                    await asyncio.sleep(0)
            else:
                await asyncio.sleep(self.chance.random() ** 3 * 0.02)
            task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            self.cancelled[action.__name__] += 1
        except BaseException as error:
            self.wrong.append(f"{action.__name__}: {error!r}")
        else:
            self.done[action.__name__] += 1

    async def blow(self) -> None:
        async def worker() -> None:
            while self.cancelled.total() < CANCELLATIONS and not self.wrong:
                await self.one()

        await asyncio.gather(*(worker() for _ in range(TASKS)))

    async def check(self) -> None:
        """Every connection is usable, every transaction whole."""
        slots = [await self.engine.pool.acquire(timeout=10) for _ in range(SIZE)]
        for slot in slots:
            await self.ask("echo", target=slot.wire)
        assert self.engine.pool.stats().used == SIZE
        for slot in slots:
            self.engine.pool.release(slot)
        stats = self.engine.pool.stats()
        assert (stats.idle, stats.used, stats.opening, stats.recovering, stats.waiting) == (SIZE, 0, 0, 0, 0)
        parts: dict[int, int] = {}
        for tag, parts_of_tag in (
            await self.engine.run("SELECT tag, count(*) FROM tags GROUP BY tag", None, TUPLES)
        ).rows:
            parts[tag] = parts_of_tag
        assert self.wrong == []
        assert {tag for tag, number in parts.items() if number != 2} == set(), "half a transaction"
        assert self.kept - parts.keys() == set(), "said to be committed, but lost"
        assert self.undone & parts.keys() == set(), "rolled back, but there"


async def storm(url: str, seed: int) -> None:
    options = {"application_name": "ferrow_storm"} if url.startswith("postgresql") else {"busy_timeout": 30}
    async with await create_engine(url, max_size=SIZE, acquire_timeout=20, **options) as engine:
        await engine.script("CREATE TABLE tags (tag INTEGER, part INTEGER, PRIMARY KEY (tag, part))")
        run = Storm(engine, seed)
        await run.blow()
        await run.check()
        if engine.dialect.name == "postgresql":
            states = await engine.query(
                "SELECT state, count(*) FROM pg_stat_activity WHERE application_name = 'ferrow_storm' GROUP BY state"
            )
            assert dict(map(tuple, states)) == {"idle": SIZE - 1, "active": 1}
        print(f"cancelled {dict(run.cancelled)}, completed {dict(run.done)}, {next(run.tags)} tags, {engine.pool!r}")  # noqa: T201


@pytest.fixture(params=["file", "memory", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def storm_url(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return "sqlite::memory:"
    return str(request.getfixturevalue("sqlite_url" if request.param == "file" else "postgresql_url"))


@pytest.mark.slow
@pytest.mark.timeout(times(180))
@pytest.mark.parametrize("loop_factory", LOOPS)
def test_random_cancellations_leave_the_pool_whole(storm_url: str, loop_factory: Any) -> None:
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(storm(storm_url, seed()))
