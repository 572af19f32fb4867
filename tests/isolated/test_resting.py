"""A shared connection that nobody uses is kept for the next statement, and counts as idle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ferrow.engine import create_engine
from ferrow.engine.clock import TICK
from ferrow.engine.lane import WINDOW
from ferrow.errors import DatabaseError

pytestmark = pytest.mark.postgresql

TAG = "SELECT $1::int AS tag"
MINE = "SELECT pg_backend_pid()"


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Any]:
    async with await create_engine(url, max_size=4) as engine:
        for _ in range(500):
            await engine.run(TAG, [1])
            if engine._shared._texts.get(TAG).shared:
                break
        yield engine


async def rested(engine: Any) -> Any:
    """A lane that rests, and takes as many statements as any."""
    for _ in range(500):
        await engine.run(TAG, [1])
        lanes = engine.pool._here().lanes
        if lanes is not None and lanes.resting:  # no tick came in between
            [lane] = lanes._all
            if lane.window == WINDOW:  # the machine was not busy with something else for two ticks
                return lane
    pytest.fail("nothing rests")


async def test_the_next_statement_finds_it(postgresql_url: str) -> None:
    async with opened(postgresql_url) as engine:
        lane = await rested(engine)
        # A tick that is due by now would give it back before the two tasks have begun.
        engine.pool._here().lanes.clock._tick = lambda _now, _late: False
        work = asyncio.gather(engine.run(TAG, [1]), engine.run(TAG, [2]))
        await asyncio.sleep(0)
        assert len(lane.flying) == 2
        assert engine.pool._here().lanes._all == [lane]
        await work


async def test_it_counts_as_idle(postgresql_url: str) -> None:
    async with opened(postgresql_url) as engine:
        await rested(engine)
        stats = engine.pool.stats()
        assert (stats.idle, stats.used, stats.shared) == (1, 0, 0)
        work = asyncio.ensure_future(engine.run(TAG, [1]))
        await asyncio.sleep(0)
        stats = engine.pool.stats()
        assert (stats.idle, stats.used, stats.shared) == (0, 1, 1)
        await work


async def test_a_tick_gives_it_back(postgresql_url: str) -> None:
    async with opened(postgresql_url) as engine:
        lane = await rested(engine)
        async with asyncio.timeout(20):
            while lane.slot.holder is lane:  # noqa: ASYNC110  # what is waited for has no event of its own
                await asyncio.sleep(TICK)
        shard = engine.pool._here()
        assert [*shard.idle] == [lane.slot]
        assert not shard.lanes._all


async def test_whoever_asks_for_a_connection_gets_it(postgresql_url: str) -> None:
    async with opened(postgresql_url) as engine:
        lane = await rested(engine)
        async with engine.connection() as conn:
            assert (await conn.query_one(MINE))[0] == lane.slot.wire.backend_pid
        assert engine.pool.stats().size == 1


async def test_it_does_not_rest_for_ever(postgresql_url: str) -> None:
    async with opened(postgresql_url) as engine:
        lane = await rested(engine)
        lane.until = engine.pool._here().lanes.clock.ticks  # as if statements had followed each other for so long
        before = lane.slot.proven
        await engine.run(TAG, [1])
        assert [*engine.pool._here().idle] == [lane.slot]
        assert lane.slot.proven > before


async def test_trouble_elsewhere_has_it_tried_out(postgresql_url: str) -> None:
    async with opened(postgresql_url) as engine:
        lane = await rested(engine)
        shard = engine.pool._here()
        shard.trouble = engine.pool.world.now()
        before = lane.slot.wire.requests
        await engine.run(TAG, [1])
        assert lane.slot.wire.requests - before == 2, "it was asked for a sign of life first"


async def test_an_error_ends_the_rest(postgresql_url: str) -> None:
    async with opened(postgresql_url) as engine:
        lane = await rested(engine)
        with pytest.raises(DatabaseError):
            await engine.run(TAG, ["no number"])
        assert [*engine.pool._here().idle] == [lane.slot]


async def test_one_that_was_lost_meanwhile_is_not_noticed(postgresql_url: str) -> None:
    async with opened(postgresql_url) as engine:
        lane = await rested(engine)
        lane.slot.wire._transport.abort()
        assert (await engine.query_one(TAG, [7]))["tag"] == 7
        assert lane.slot.wire.closed


async def test_closing_waits_for_nothing(postgresql_url: str) -> None:
    async with opened(postgresql_url) as engine:
        lane = await rested(engine)
        await engine.close()
        assert lane.slot.wire.closed
        assert engine.pool.stats().size == 0
