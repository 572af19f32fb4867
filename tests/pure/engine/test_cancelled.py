"""A task may be cancelled at any step, once or again: nothing is lost and nobody is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ferrow.abc import Status
from tests.pure.engine.rig import FakeAsyncio, FakeWire, Rig


class StepWire(FakeWire):
    """Suspends once in everything it does, so that there is a step to cancel at."""

    async def _do(self, what: str, timeout: float | None = None) -> None:
        self.busy = True
        await asyncio.sleep(0)
        await super()._do(what, timeout)
        self.busy = False


class StepWorld(FakeAsyncio):
    async def open(self, settings: Any) -> Any:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        wire = StepWire(self, len(self.opened) + 1)
        self.opened.append(wire)
        return wire


async def whole(rig: Rig) -> None:
    """The pool serves its full size at once, with clean connections."""
    slots = [await rig.pool.acquire(timeout=20) for _ in range(rig.pool.limits.max_size)]
    for slot in slots:
        assert slot.wire.status is Status.IDLE
        assert not slot.wire.busy
    for slot in slots:
        rig.pool.release(slot)
    stats = rig.pool.stats()
    assert (stats.used, stats.opening, stats.recovering, stats.waiting) == (0, 0, 0, 0)


async def run_and_release(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    try:
        await slot.wire.run("SELECT", None, None)
    finally:
        rig.pool.release(slot)


async def transact(rig: Rig) -> None:
    slot = await rig.pool.acquire()
    try:
        await slot.wire.script("BEGIN")
        await slot.wire.run("SELECT", None, None)
        await slot.wire.script("COMMIT")
    finally:
        rig.pool.release(slot)


async def find_dead(rig: Rig) -> None:
    """The path over trying out a connection and replacing it."""
    slot = await rig.pool.acquire()
    rig.pool.release(slot)
    slot.shard.trouble = rig.world.now()
    await run_and_release(rig)


@pytest.mark.parametrize("action", [run_and_release, transact, find_dead])
@pytest.mark.parametrize("cancels", [1, 2, 3])
@pytest.mark.parametrize("crowd", [0, 3])
def test_cancelling_at_every_step_leaves_the_pool_whole(
    action: Callable[[Rig], Awaitable[None]], cancels: int, crowd: int
) -> None:
    async def at_step(step: int) -> bool:
        rig = Rig(StepWorld(), max_size=2)
        victim = asyncio.ensure_future(action(rig))
        others = [asyncio.ensure_future(transact(rig)) for _ in range(crowd)]
        for _ in range(step):
            await asyncio.sleep(0)
        for _ in range(cancels):
            victim.cancel()
            await asyncio.sleep(0)
        await asyncio.wait([victim])
        await asyncio.gather(*others)
        await whole(rig)
        return not victim.cancelled()

    async def main() -> int:
        step = 0
        while not await at_step(step):
            step += 1
        return step

    assert asyncio.run(main()) >= 4, "there were steps to cancel at"


def test_a_connection_granted_to_a_cancelled_caller_goes_to_the_next() -> None:
    async def main() -> None:
        rig = Rig(FakeAsyncio(), max_size=1)
        slot = await rig.pool.acquire()
        first, second = (asyncio.ensure_future(rig.pool.acquire()) for _ in range(2))
        await rig.waiting(2)
        rig.pool.release(slot)  # granted to the first, who has not run yet
        first.cancel()
        assert await second is slot
        assert first.cancelled()

    asyncio.run(main())


def test_a_permit_granted_to_a_cancelled_caller_goes_to_the_next() -> None:
    async def main() -> None:
        rig = Rig(FakeAsyncio(), max_size=1)
        slot = await rig.pool.acquire()
        first, second = (asyncio.ensure_future(rig.pool.acquire()) for _ in range(2))
        await rig.waiting(2)
        slot.wire.abort()
        rig.pool.release(slot)
        first.cancel()
        assert (await second).wire is rig.world.opened[1]

    asyncio.run(main())


def test_a_recovery_that_hangs_is_cut_off() -> None:
    async def main() -> None:
        rig = Rig(FakeAsyncio(), max_size=1, recovery_timeout=0.05)
        slot = await rig.pool.acquire()
        slot.wire.status = Status.TRANSACTION
        slot.wire.gates["ROLLBACK"] = rig.world.waiter()
        rig.pool.release(slot)
        again = await rig.pool.acquire(timeout=20)
        assert again is not slot
        assert slot.wire.log == ["settle", "ROLLBACK", "abort"]
        slot.wire.gates["ROLLBACK"].set()

    asyncio.run(main())


def test_two_thousand_waiters_leave_in_any_order() -> None:
    async def main() -> None:
        rig = Rig(FakeAsyncio(), max_size=3)
        held = [await rig.pool.acquire() for _ in range(3)]
        tasks = [asyncio.ensure_future(run_and_release(rig)) for _ in range(2000)]
        await rig.waiting(2000)
        for task in tasks[::2]:
            task.cancel()
        for slot in held:
            rig.pool.release(slot)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(result is None for result in results) == 1000
        await whole(rig)

    asyncio.run(main())
