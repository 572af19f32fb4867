"""Single statements that share connections: which do, and how the others are watched in order to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow import process
from ferrow.engine.again import again
from ferrow.engine.deadline import borrowed
from ferrow.engine.lanes import Lanes
from ferrow.engine.texts import Texts
from ferrow.errors import ConnectionLost

if TYPE_CHECKING:
    from ferrow._core import Result, Shape
    from ferrow.abc import Params
    from ferrow.engine.backlog import Backlog
    from ferrow.engine.lane import Lane
    from ferrow.engine.pool import AsyncPool
    from ferrow.engine.shard import Shard
    from ferrow.engine.texts import Text


class Multiplexer:
    """Sends statements of different tasks over the same connections, where that cannot be told from having one each.

    For reads only (purity.py) that have run before and were quick (texts.py), outside transactions, on asyncio and PostgreSQL. What
    several tasks ask for in one turn of the loop is then written at once and read at once, by both sides.
    """

    __slots__ = ("_pool", "_texts")

    def __init__(self, pool: AsyncPool) -> None:
        self._pool = pool
        self._texts = Texts()

    def lane(self, sql: str) -> Lane | Backlog | None:
        """Where to `run` this statement; None: on a connection of its own."""
        text = self._texts.get(sql)
        if text is None or not text.shared:
            return None
        pool = self._pool
        shard = pool._latest
        # As `_here`, without the call: this is every statement's way.
        if shard is None or shard.key is not pool.world.key() or shard.pid != process.current:
            shard = pool._here()
        if shard.closing:
            return None
        return (shard.lanes or self._lanes(shard)).pick()

    def lesson(self, sql: str) -> Text | None:
        """What to learn about a statement from running it alone; None: nothing."""
        return self._texts.lesson(sql)

    async def alone(self, lesson: Text, sql: str, params: Params, shape: Shape, timeout: float | None) -> Result:
        """Run a statement on a connection of its own, and learn how long it takes. Raises as `AsyncEngine.run`.

        A connection that is lost meanwhile costs a try on another one, as with shared ones: the same text must not fail or not
        depending on how quick it was of late.
        """
        pool = self._pool
        if type(params) is list:
            params = tuple(params)  # it may be sent twice
        shard = pool._here()
        lanes = shard.lanes or self._lanes(shard)
        slot, timeout = await borrowed(pool, timeout)
        slot.sql = sql
        since = pool.world.now()
        clock = lanes.clock
        begun = clock.begin()
        try:
            result = await slot.wire.run(sql, params, shape, None, timeout)
            lesson.ran_alone(clock.quick(begun))
            return result
        except ConnectionLost as error:
            failed = error
        finally:
            clock.end()
            pool.release(slot)
        left = None if timeout is None else timeout - (pool.world.now() - since)
        return await again(pool, failed, (sql, params, shape), left)

    def _lanes(self, shard: Shard) -> Lanes:
        lanes = shard.lanes = Lanes(self._pool, shard, self._texts)
        return lanes
