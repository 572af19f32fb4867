"""Statements for which there is no shared connection at the moment: in the queue of the pool they stand as one."""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, Any

from ferrow.engine.deadline import LEAST, borrowed
from ferrow.engine.held import held_by
from ferrow.engine.lane import WINDOW

if TYPE_CHECKING:
    from ferrow._core import Result, Shape
    from ferrow.abc import Params, Waiter
    from ferrow.engine.lane import Lane
    from ferrow.engine.lanes import Lanes

DEPTH = 1024
"""Statements that go to one connection at most."""


class Place:
    """One who waits, and what came of it."""

    __slots__ = ("error", "lane", "waiter")

    def __init__(self, waiter: Waiter) -> None:
        self.waiter: Waiter = waiter
        self.lane: Lane | None = None
        self.error: Exception | None = None


class Backlog:
    """Those who wait for a connection that they will share.

    One task asks the pool for all of them, and queues up with everybody else: sixty readers are not in the way of a transaction, nor it
    in theirs. If each stood in the queue for itself, there would always be somebody in it, and nothing shared ever again.
    """

    __slots__ = ("waiting", "_asking", "_lanes")

    def __init__(self, lanes: Lanes) -> None:
        self.waiting: dict[Place, None] = {}
        """In the order of coming."""
        self._lanes = lanes
        self._asking: Any = None

    async def run(self, sql: str, params: Params, shape: Shape, timeout: float | None = None) -> Result:
        """Wait for a connection and run one statement on it, `timeout` seconds at most.

        Raises as `AsyncPool.acquire`, whose deadline it keeps, and as `Lane.run`.
        """
        pool, shard = self._lanes.pool, self._lanes.shard
        if held_by(pool._caller(), shard):
            return await self._alone(sql, params, shape, timeout)
        since, seconds = pool.world.now(), pool.limits.acquire_timeout
        if timeout is not None:
            seconds = min(seconds, timeout)
        place = Place(pool.world.waiter())
        self.waiting[place] = None
        self._ask()
        try:
            await place.waiter.wait(None if math.isinf(seconds) else seconds)
        except BaseException:
            self._leave(place)
            if place.lane is not None:
                place.lane.expected -= 1
                place.lane.end()
            raise
        if place.lane is not None:
            place.lane.expected -= 1
            left = None if timeout is None else max(LEAST, timeout - (pool.world.now() - since))
            return await place.lane.run(sql, params, shape, left)
        self._leave(place)
        raise place.error or pool._late(shard, since, since + seconds)

    async def _alone(self, sql: str, params: Params, shape: Shape, timeout: float | None) -> Result:
        """For who holds a connection himself: only in a queue of one's own can be told whether waiting is in vain."""
        pool = self._lanes.pool
        slot, timeout = await borrowed(pool, timeout)
        slot.sql = sql
        try:
            return await slot.wire.run(sql, params, shape, None, timeout)
        finally:
            pool.release(slot)

    def _ask(self) -> None:
        if self._asking is None:
            loop: Any = self._lanes.shard.key
            self._asking = loop.create_task(self._open())

    def _leave(self, place: Place) -> None:
        self.waiting.pop(place, None)
        if not self.waiting and self._asking is not None:
            self._asking.cancel()
            self._asking = None

    async def _open(self) -> None:
        pool = self._lanes.pool
        try:
            slot = await pool.acquire(math.inf)
        except Exception as error:
            self._asking = None
            for place in self.waiting:
                place.error = error
                place.waiter.set()
            self.waiting.clear()
            return
        self._asking = None
        width = self._lanes.width
        places = [*islice(self.waiting, DEPTH if width == WINDOW else width)]
        lane = self._lanes.start(slot)
        lane.expected = len(places)
        for place in places:
            del self.waiting[place]
            place.lane = lane
            place.waiter.set()
        lane.end()
        if self.waiting:
            self._ask()
