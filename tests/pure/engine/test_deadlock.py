"""Waiting for what only oneself could give back is refused at once; waiting for others is not."""

from __future__ import annotations

import contextvars
import threading
from typing import Any

import pytest

from ferrow.engine.borrowed import BorrowedWire
from ferrow.engine.held import hold, let_go
from ferrow.errors import PoolDeadlock, PoolTimeout
from ferrow.wire.drive import drive
from tests.pure.engine.rig import Rig, both


class Block:
    """What a `connection()` block does."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig

    async def __aenter__(self) -> Any:
        slot = await self.rig.pool.acquire()
        self.borrowed = BorrowedWire(slot)
        self.held = hold(self.borrowed, slot)
        return slot

    async def __aexit__(self, *_: object) -> None:
        let_go(self.held)
        slot = self.borrowed.end()
        assert slot is not None
        self.rig.pool.release(slot)


@both(max_size=1, acquire_timeout=600)
async def test_a_second_one_out_of_one_is_refused_at_once(rig: Rig) -> None:
    async with Block(rig) as slot:
        slot.sql = "SELECT 'secret'"
        with pytest.raises(PoolDeadlock, match=r"conn\.query") as caught:
            await rig.pool.acquire()
        assert isinstance(caught.value, PoolTimeout)
        assert "SELECT '…'" in str(caught.value)
        assert rig.pool.stats()[:5] == (0, 1, 0, 0, 0)
    rig.pool.release(await rig.pool.acquire())


@both(max_size=2, acquire_timeout=600)
async def test_the_last_of_a_circle_is_refused_and_the_others_go_on(rig: Rig) -> None:
    errors: list[PoolDeadlock] = []
    inside: list[int] = []

    async def work(number: int) -> None:
        async with Block(rig):
            inside.append(number)
            await rig.until(lambda: len(inside) == 2)
            try:
                async with Block(rig):
                    pass
            except PoolDeadlock as error:
                errors.append(error)

    callers = [rig.start(work(number)) for number in range(2)]
    await rig.until(lambda: all(caller.finished for caller in callers))
    assert [caller.error for caller in callers] == [None, None]
    assert len(errors) == 1
    assert "all others that do wait for one too" in str(errors[0])


@both(max_size=2, acquire_timeout=600)
async def test_who_waits_for_somebody_at_work_waits(rig: Rig) -> None:
    other = await rig.pool.acquire()

    async def work() -> None:
        async with Block(rig), Block(rig):
            pass

    caller = rig.start(work())
    await rig.waiting(1)
    rig.pool.release(other)
    await rig.until(lambda: caller.finished)
    assert caller.error is None


@both(max_size=1)
async def test_after_the_block_nothing_is_held(rig: Rig) -> None:
    async with Block(rig):
        pass
    other = await rig.pool.acquire()
    with pytest.raises(PoolTimeout) as caught:
        await rig.pool.acquire(timeout=0.01)
    assert not isinstance(caught.value, PoolDeadlock)
    rig.pool.release(other)


@both(max_size=1)
async def test_a_child_task_is_not_its_parent(rig: Rig) -> None:
    """It has its context, but the parent may give back what it holds."""

    async def child() -> None:
        async with Block(rig):
            pass

    async with Block(rig):
        caller = rig.start(child())
        await rig.waiting(1)
    await rig.until(lambda: caller.finished)
    assert caller.error is None


def test_a_thread_that_serves_one_request_after_another_is_not_taken_for_the_first() -> None:
    """As where a framework runs the two ends of a block in whichever threads are free, each time in a context of the request."""

    @both(max_size=1)
    async def body(rig: Rig) -> None:
        block = Block(rig)
        contextvars.copy_context().run(drive, block.__aenter__())
        waiting = threading.Timer(0.05, lambda: drive(block.__aexit__()))
        waiting.start()
        rig.pool.release(await rig.pool.acquire(timeout=20))
        waiting.join()

    body("blocking")
