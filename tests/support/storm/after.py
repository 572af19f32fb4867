"""What must be true after a storm."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ferrow.driver import AsyncConnection
from tests.support.storm.connections import NAME
from tests.support.storm.ledger import Ledger

T = TypeVar("T")

AFTERWARDS = 200


async def check(of: Ledger, size: int) -> None:
    """The pool lends every connection at once, each of them answers, 200 queries are right, and the server knows of nothing else."""
    pool = of.engine.pool
    slots = [await pool.acquire(timeout=10) for _ in range(size)]
    for slot in slots:
        await of.ask("echo", slot.wire)
    assert pool.stats().used == size
    for slot in slots:
        pool.release(slot)
    for _ in range(AFTERWARDS):
        await of.ask()
        of.figures["afterwards"] += 1
    stats = pool.stats()
    of.expect((stats.idle, stats.used, stats.opening, stats.recovering, stats.waiting), (size, 0, 0, 0, 0), "pool")
    async with AsyncConnection(of.url) as conn:

        async def states() -> dict[str, int]:
            sql = "SELECT state, count(*) FROM pg_stat_activity WHERE application_name = $1 GROUP BY state"
            return dict(map(tuple, await conn.query(sql, [NAME])))

        # A session whose client hung up while it logged in is gone a moment later.
        of.expect(await settled(states, {"idle": size}), {"idle": size}, "sessions")
        await of.count(conn.query)
    assert of.wrong == []


async def settled(look: Callable[[], Awaitable[T]], right: T, patience: float = 10) -> T:
    """What `look` finds, as soon as that is `right`, or in the end."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while (found := await look()) != right and loop.time() < deadline:  # noqa: ASYNC110, the server tells nobody
        await asyncio.sleep(0.01)
    return found
