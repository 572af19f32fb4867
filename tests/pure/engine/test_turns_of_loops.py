"""Turns that are shared by the event loops of several threads."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from ferrow.engine.turns import Turns
from ferrow.errors import PoolTimeout
from ferrow.wire.aio.world import AsyncioWorld
from tests.support.deadlines import eventually


async def test_a_waiter_of_another_loop_is_woken() -> None:
    turns, world, waits = Turns(), AsyncioWorld(), threading.Event()
    await turns.take(world, 30)

    async def follow() -> None:
        asyncio.get_running_loop().call_soon(waits.set)
        await turns.take(world, 3600)
        turns.give()

    thread = threading.Thread(target=lambda: asyncio.run(follow()), daemon=True)
    thread.start()
    await eventually("async", waits.is_set)
    turns.give()
    await eventually("async", lambda: not thread.is_alive())
    await turns.take(world, 0)


def test_a_waiter_whose_loop_was_closed_does_not_keep_the_turn() -> None:
    turns, world, loop = Turns(), AsyncioWorld(), asyncio.new_event_loop()

    async def begin() -> asyncio.Task[None]:
        await turns.take(world, 30)
        task = asyncio.create_task(turns.take(world, 3600))
        await asyncio.sleep(0)
        return task

    waiting = loop.run_until_complete(begin())
    waiting._log_destroy_pending = False  # type: ignore[attr-defined]  # it is what this is about
    loop.close()
    turns.give()
    asyncio.run(turns.take(world, 0))
    del waiting
    gc.collect()
    with pytest.raises(PoolTimeout):
        asyncio.run(turns.take(world, 0))
