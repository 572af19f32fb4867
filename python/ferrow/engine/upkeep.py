"""What a pool does about its connections when nobody asks for any: it recovers, retires and replaces them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow._core import Shape
from ferrow.engine.pooled import start_parameters
from ferrow.engine.recovery import can_reset, recover, within
from ferrow.errors import Error
from ferrow.wire.suitable import READ_ONLY

if TYPE_CHECKING:
    from ferrow.abc import Wire
    from ferrow.engine.pool import AsyncPool
    from ferrow.engine.shard import Shard
    from ferrow.engine.slot import Slot

_TUPLES = Shape.tuples()

_PATIENCE = 5.0
"""Seconds between two generations: a server that is meant to be read-only must not cost a login with every mistake."""

_MEANT = {"read-only", "standby", "prefer-standby"}


async def restore(pool: AsyncPool, shard: Shard, slot: Slot) -> None:
    """Make a connection that was given back in the middle of something fit to be lent, or replace it."""
    usable = False
    try:
        again = start_parameters(pool.source.settings)
        usable = await recover(
            pool.world,
            slot.wire,
            pool.limits.recovery_timeout,
            reset=slot.touched and pool.source.resets,
            afterwards=again,
        )
        if slot.touched:
            pool.source.touched(slot.wire)
        if usable and slot.wire.refusals != slot.refusals:
            slot.refusals = slot.wire.refusals
            if await _leads_to_a_standby(pool, slot.wire):
                _renew(shard, pool.world.now())
    except Error:
        usable = False  # a connection that cannot be recovered is replaced, which is all there is to say
    finally:
        if usable:
            slot.touched = False
            shard.recovered(slot, pool.world.now())
        else:
            # On SQLite that is how a session is reset, and no sign of anything.
            suspicious = can_reset(slot.wire)
            slot.wire.abort()
            shard.gone(slot, pool.world.now() if suspicious else None)
    pool._flush(shard)


async def retire(pool: AsyncPool, shard: Shard, slot: Slot) -> None:
    """Close a connection."""
    try:
        await within(pool.world, pool.limits.recovery_timeout, slot.wire.close())
    finally:
        slot.wire.abort()
        shard.gone(slot)


async def refill(pool: AsyncPool, shard: Shard) -> None:
    """Open what is missing of `min_size`, one after the other; the place of the first is counted. The first failure ends it:
    whoever needs a connection is told, and the next loss is the next occasion."""
    while True:
        try:
            slot = await pool._connect(shard, pool.world.now(), pool.world.now() + pool.limits.acquire_timeout)
        except Error:
            return
        pool.release(slot)
        if not shard.replaces():
            return


async def _leads_to_a_standby(pool: AsyncPool, wire: Wire) -> bool:
    """Whether a server refuses writes that nobody forbade in this session.

    After a failover the server that was left may go on answering, read-only. A transaction that was itself declared read-only, and
    settings of the session, are over by now.
    """
    settings = pool.source.settings
    options = settings.parameters.get("options", "")
    if settings.target_session_attrs in _MEANT or "read_only" in options:
        return False
    shown = await wire.run(READ_ONLY, None, _TUPLES, None, pool.limits.recovery_timeout)
    return shown is not None and shown.rows == [("on",)]


def _renew(shard: Shard, now: float) -> None:
    """All connections lead to the wrong server: the idle ones are closed, others on their return."""
    with shard.mutex:
        if now - shard.renewed < _PATIENCE:
            return
        shard.renewed = now
        while shard.idle:
            shard.retire(shard.idle.pop())
        for slot in (*shard.used, *shard.recovering):
            slot.expires = min(slot.expires, now)
