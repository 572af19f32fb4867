"""Leaving at every point of waiting, of everything: no connection, no session and no error is left behind.

Nothing is left to chance here: the first, the second, the third point at which the work waits, until it has no more; each when
the wait begins, a turn later, and when the answer has come in the same turn; and once more, or twice, while it tidies up.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from functools import partial
from itertools import count
from typing import Any

import pytest

from ferrow.driver import AsyncConnection
from ferrow.engine import create_engine
from tests.support.effort import EFFORT
from tests.support.storm import Ledger, watched
from tests.support.storm.after import settled
from tests.support.storm.bulk import BULK
from tests.support.storm.connections import NAME, acquire, borrow, own, own_pool, touch
from tests.support.storm.ledger import TABLE
from tests.support.storm.loops import ways
from tests.support.storm.pipelines import pipeline, pipeline_fails, pipeline_inside, pipeline_transaction
from tests.support.storm.single import batch, echo, many, prepare, rows, rows_in_pieces, script, slow
from tests.support.storm.steps import HOW, step
from tests.support.storm.transactions import beside, by_hand, cursor, nested, transact, undo

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

SIZE = 2
TIMES = (1, 3) if EFFORT == 1 else (1, 2, 3)
WAYS = ways(every=EFFORT > 1)


async def queued(of: Ledger) -> None:
    """In the queue of a pool that has lent everything."""

    async def hold() -> None:
        slots = [await of.engine.pool.acquire() for _ in range(SIZE)]
        await asyncio.sleep(0.002)
        for slot in slots:
            of.engine.pool.release(slot)

    holder = asyncio.ensure_future(hold())
    try:
        await asyncio.sleep(0)
        await acquire(of)
    finally:
        await asyncio.shield(holder)


SHAPES = [
    acquire, borrow, touch, echo, slow, many, rows, rows_in_pieces, batch, script, prepare,
    transact, undo, by_hand, nested, beside, cursor, *BULK,
    pipeline, pipeline_transaction, pipeline_inside, pipeline_fails, own, own_pool, queued,
]  # fmt: skip


def sockets() -> int:
    """How many this process has."""
    found = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            found += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
        except FileNotFoundError:
            pass  # that of the listing itself
    return found


async def every_step(
    work: Callable[[], Coroutine[Any, Any, Any]], afterwards: Callable[[], Coroutine[Any, Any, Any]]
) -> int:
    """At how many points it was left."""
    points = 0
    for how in HOW:
        for times in TIMES:
            for at in count(1):
                if not await step(work, at, how, times):
                    break
                points += 1
                await afterwards()
    return points


async def walk(url: str, shape: Callable[[Ledger], Coroutine[Any, Any, Any]]) -> int:
    async with (
        AsyncConnection(url) as observer,
        await create_engine(url, min_size=SIZE, max_size=SIZE, acquire_timeout=10, application_name=NAME) as engine,
    ):
        await engine.script(TABLE)
        ledger = Ledger(engine, 0, url)
        before = sockets()

        async def whole() -> None:
            """The pool lends everything at once, and all of it works."""
            ledger.chance.seed(0)
            slots = [await engine.pool.acquire() for _ in range(SIZE)]
            for slot in slots:
                await ledger.ask("echo", slot.wire)
                engine.pool.release(slot)

        async def look() -> tuple[int, dict[str, int]]:
            sql = "SELECT state, count(*) FROM pg_stat_activity WHERE application_name = $1 GROUP BY state"
            return sockets(), dict(map(tuple, await observer.query(sql, [NAME])))

        points = await every_step(partial(shape, ledger), whole)
        right = (before, {"idle": SIZE})
        ledger.expect(await settled(look, right), right, "sockets and sessions")
        await ledger.count(observer.query)
        assert ledger.wrong == []
        return points


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="sockets are counted in /proc")
@pytest.mark.parametrize(("storm_url", "loop_factory"), WAYS, indirect=["storm_url"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_nothing_is_left_behind(storm_url: str, shape: Any, loop_factory: Any) -> None:
    points = 0

    async def run() -> None:
        nonlocal points
        points = await walk(storm_url, shape)

    assert watched(run(), loop_factory) == []
    assert points > 0
    print(f"{points} points")  # noqa: T201
