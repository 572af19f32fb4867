"""A connection and a statement under one deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.wire.deadline import limit

if TYPE_CHECKING:
    from ferrow.engine.pool import AsyncPool
    from ferrow.engine.slot import Slot

LEAST = 0.001  # seconds for a statement whose connection came at the last moment


async def borrowed(pool: AsyncPool, timeout: float | None) -> tuple[Slot, float | None]:
    """A connection, and the seconds that are left of `timeout` then. Raises PoolTimeout when it takes all of them.

    None is no limit here, and is handed on as it came.
    """
    seconds = limit(timeout, None)
    if seconds is None:
        return await pool.acquire(), timeout
    since = pool.world.now()
    slot = await pool.acquire(min(seconds, pool.limits.acquire_timeout))
    return slot, max(LEAST, seconds - (pool.world.now() - since))
