"""Hundreds of streams and COPYs cancelled at random points of one connection: it goes on, and every answer is right.

Each COPY writes the same number of rows under a tag of its own: it is there whole or not at all. The seed is printed;
FERROW_TEST_SEED repeats a run.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from ferrow.driver import AsyncConnection
from tests.support.effort import times
from tests.support.loops import LOOPS
from tests.support.seed import seed

CANCELLATIONS = times(300)
ROWS = 3_000


class Storm:
    def __init__(self, conn: AsyncConnection, seed: int, *, copies: bool) -> None:
        self.conn = conn
        self.chance = random.Random(seed)
        self.tag = 0
        self.done: Counter[str] = Counter()
        self.cancelled: Counter[str] = Counter()
        self.actions: list[Callable[[], Awaitable[None]]] = [self.stream, self.stream_inside, self.fetch]
        if copies:
            self.actions += [self.copy_in, self.copy_in_later, self.copy_text, self.copy_out, self.copy_out_inside]

    def numbers(self, count: int) -> str:
        return f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT n FROM c"

    async def stream(self) -> None:
        seen = [row[0] async for row in self.conn.stream(self.numbers(ROWS), chunk=self.chance.choice([7, 100, 5000]))]
        assert seen == list(range(1, ROWS + 1))

    async def stream_inside(self) -> None:
        async with self.conn.transaction() as tx, tx.stream(self.numbers(50), chunk=5) as rows:
            async for row in rows:
                assert (await tx.query_one("SELECT $1 + 0", [row[0]]))[0] == row[0]

    async def fetch(self) -> None:
        async with self.conn.stream(self.numbers(200), chunk=10) as rows:
            for start in range(0, 100, 20):
                assert [row[0] for row in await rows.fetch(20)] == list(range(start + 1, start + 21))

    def rows(self) -> Any:
        self.tag += 1
        return ((self.tag, n, "x" * 50) for n in range(ROWS))

    async def copy_in(self) -> None:
        assert await self.conn.copy_in("copied", self.rows()) == ROWS

    async def copy_in_later(self) -> None:
        async def later() -> AsyncIterator[Any]:
            for n, row in enumerate(self.rows()):
                if n % 500 == 0:
                    await asyncio.sleep(0)
                yield row

        assert await self.conn.copy_in("copied", later()) == ROWS

    async def copy_text(self) -> None:
        text = (f"{tag}\t{n}\t{x}\n" for tag, n, x in self.rows())
        async with self.conn.transaction() as tx:
            assert await tx.copy_in("copied", text, format="text") == ROWS

    async def copy_out(self) -> None:
        sql = f"SELECT n, repeat('y', 200) FROM generate_series(1, {ROWS}) n"
        seen = [row[0] async for row in self.conn.copy_out(sql=sql)]
        assert seen == list(range(1, ROWS + 1))

    async def copy_out_inside(self) -> None:
        async with self.conn.transaction() as tx, tx.copy_out(sql=f"SELECT n FROM generate_series(1, {ROWS}) n") as out:
            assert (await out.fetch())[0] == (1,)

    async def one(self) -> None:
        action = self.chance.choice(self.actions)
        task = asyncio.ensure_future(action())
        for _ in range(self.chance.randint(1, 2)):
            if self.chance.random() < 0.5:
                for _ in range(self.chance.randint(0, 25)):
                    await asyncio.sleep(0)
            else:
                await asyncio.sleep(self.chance.random() ** 2 * 0.03)
            task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            self.cancelled[action.__name__] += 1
        else:
            self.done[action.__name__] += 1
        number = self.chance.randint(0, 2**30)
        assert (await self.conn.query_one("SELECT $1 + 0", [number]))[0] == number, action.__name__
        assert not self.conn.is_closed()

    async def blow(self) -> None:
        while self.cancelled.total() < CANCELLATIONS:
            await self.one()


@pytest.mark.slow
@pytest.mark.timeout(times(180))
@pytest.mark.parametrize("loop_factory", LOOPS)
@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_cancelled_streams_and_copies_leave_the_connection_whole(
    request: pytest.FixtureRequest, backend: str, loop_factory: Any
) -> None:
    url = request.getfixturevalue(f"{backend}_url")

    async def run() -> None:
        async with AsyncConnection(url) as conn:
            await conn.script("CREATE TABLE copied (tag integer, n integer, x text)")
            storm = Storm(conn, seed(), copies=backend == "postgresql")
            await storm.blow()
            sizes = await conn.query("SELECT tag, count(*) FROM copied GROUP BY tag")
            assert {row[1] for row in sizes} <= {ROWS}, "half a COPY"
            print(f"cancelled {dict(storm.cancelled)}, completed {dict(storm.done)}")  # noqa: T201

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(run())
