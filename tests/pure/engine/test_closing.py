"""The end of a pool: by `close`, by the end of its loop, by a fork."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

from ferrow.errors import PoolClosed
from ferrow.wire.drive import drive
from tests.pure.engine.rig import FakeAsyncio, FakeBlocking, Rig, both


@both(max_size=2)
async def test_close_closes_idle_connections_and_refuses_newcomers(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    rig.pool.release(slot)
    await rig.pool.close()
    assert slot.wire.log == ["close"]
    with pytest.raises(PoolClosed):
        await rig.pool.acquire()
    await rig.pool.close()
    assert repr(rig.pool).startswith("<AsyncPool postgresql://me:****@h:5432/db: closed, 0 of 2")


@both()
async def test_closing_an_unused_pool_opens_nothing(rig: Rig) -> None:
    await rig.pool.close()
    assert rig.world.opened == []


@both(max_size=1)
async def test_close_sends_the_queue_home_and_waits_for_the_holder(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    waiting = rig.start(rig.pool.acquire())
    await rig.waiting(1)
    closing = rig.start(rig.pool.close())
    await rig.until(lambda: waiting.finished)
    assert isinstance(waiting.error, PoolClosed)
    await rig.world.sleep(0.02)
    assert not closing.finished
    rig.pool.release(slot)
    await rig.until(lambda: closing.finished)
    assert slot.wire.log == ["close"]


@both(max_size=1, close_timeout=600)
async def test_close_cuts_off_a_holder_at_its_deadline(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    start = rig.world.now()
    await rig.pool.close(timeout=0.05)
    assert rig.world.now() - start >= 0.05
    assert slot.wire.log == ["abort"]
    rig.pool.release(slot)
    assert rig.pool.stats().size == 0


@both(max_size=1)
async def test_a_connection_opened_during_close_is_not_lent(rig: Rig) -> None:
    gate = rig.world.gate = rig.world.waiter()
    opening = rig.start(rig.pool.acquire())
    await rig.until(lambda: rig.pool.stats().opening == 1)
    closing = rig.start(rig.pool.close())
    await rig.until(lambda: rig.pool.closed)
    gate.set()
    await rig.until(lambda: opening.finished and closing.finished)
    assert isinstance(opening.error, PoolClosed)
    assert rig.world.opened[0].log == ["close"]


def test_a_second_loop_opens_its_own_connections_and_drops_those_of_the_dead_one() -> None:
    world = FakeAsyncio()
    rig = Rig(world, max_size=2)

    async def use() -> None:
        slot = await rig.pool.acquire()
        rig.pool.release(slot)
        assert rig.pool.stats().size == 1

    asyncio.run(use())
    asyncio.run(use())
    first, second = world.opened
    assert first.log == ["abort"]
    assert second.log == []


def test_a_connection_held_over_the_end_of_its_loop_comes_back_quietly() -> None:
    rig = Rig(FakeAsyncio(), max_size=1)

    async def borrow() -> None:
        rig.slot = await rig.pool.acquire()
        rig.slot.wire.busy = True

    asyncio.run(borrow())
    rig.pool.release(rig.slot)
    assert rig.slot.wire.log == ["abort"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_opens_its_own_connections_and_never_touches_its_parents() -> None:
    world = FakeBlocking()
    rig = Rig(world, max_size=2)
    held = drive(rig.pool.acquire())
    drive_release = drive(rig.pool.acquire())
    rig.pool.release(drive_release)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            held.wire.busy = True
            rig.pool.release(held)
            fresh = [drive(rig.pool.acquire()) for _ in range(2)]
            fine = {slot.wire.number for slot in fresh} == {3, 4} and rig.pool.stats().size == 2
            for slot in fresh:
                rig.pool.release(slot)
            drive(rig.pool.close())
            code = 0 if fine and all(wire.log == [] for wire in world.opened[:2]) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    held.wire.busy = False
    rig.pool.release(held)
    assert rig.pool.stats().idle == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_while_a_thread_is_inside_the_pool_does_not_hang_the_child() -> None:
    rig = Rig(FakeBlocking(), max_size=1)
    slot = drive(rig.pool.acquire())
    with slot.shard.mutex:  # as another thread would hold it at the moment of the fork
        child = os.fork()
        if child == 0:
            code = 1
            try:
                rig.pool.release(slot)
                rig.pool.release(drive(rig.pool.acquire(timeout=20)))
                code = 0
            finally:
                os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
