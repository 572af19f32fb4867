"""`transaction()` over a tiny scripted database, cancelled at every step: nothing half done, nobody in the wrong place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from ferrow.abc import Status
from ferrow.engine.engine import AsyncEngine
from ferrow.engine.limits import Limits
from ferrow.engine.pair import Pair
from ferrow.errors import PoolTimeout, ProgrammingError
from tests.pure.engine.rig import SETTINGS
from tests.pure.engine.tiny import TinyWorld


class Oops(Exception): ...


async def put(engine: AsyncEngine, *rows: str) -> None:
    for row in rows:
        await engine.run(row, None, None)


async def plain(engine: AsyncEngine) -> None:
    async with engine.transaction():
        await put(engine, "a", "b")


async def nested(engine: AsyncEngine) -> None:
    async with engine.transaction():
        await put(engine, "a")
        async with engine.transaction():
            await put(engine, "b")
        await put(engine, "c")


async def nested_and_undone(engine: AsyncEngine) -> None:
    async with engine.transaction():
        await put(engine, "a")
        try:
            async with engine.transaction():
                await put(engine, "lost")
                async with engine.transaction():
                    await put(engine, "lost")
                raise Oops
        except Oops:
            pass
        await put(engine, "b")


async def nested_and_stubborn(engine: AsyncEngine) -> None:
    """Goes on in the outer block although the inner one was cancelled."""
    async with engine.transaction():
        await put(engine, "a")
        try:
            async with engine.transaction():
                await put(engine, "x", "y")
        except asyncio.CancelledError:
            pass
        await put(engine, "b")


async def siblings(engine: AsyncEngine) -> None:
    async def part(row: str) -> None:
        async with engine.transaction():
            await put(engine, row, row)

    async with engine.transaction():
        await asyncio.gather(part("a"), part("b"), part("c"))


WHOLE: dict[Callable[..., Any], list[list[str]]] = {
    plain: [["a", "b"]],
    nested: [["a", "b", "c"]],
    nested_and_undone: [["a", "b"]],
    nested_and_stubborn: [["a", "x", "y", "b"], ["a", "b"]],
    siblings: [["a", "a", "b", "b", "c", "c"]],
}


@pytest.mark.parametrize("obeys", [True, False])
@pytest.mark.parametrize("cancels", [1, 2, 3])
@pytest.mark.parametrize("action", WHOLE)
def test_cancelling_at_every_step_leaves_all_or_nothing(
    action: Callable[[AsyncEngine], Coroutine[Any, Any, None]], cancels: int, obeys: bool
) -> None:
    async def at_step(step: int) -> bool:
        world = TinyWorld(obeys)
        engine = AsyncEngine(Pair(SETTINGS, Limits(max_size=2)), world)
        task = asyncio.ensure_future(action(engine))
        for _ in range(step):
            await asyncio.sleep(0)
        finished = task.done()
        for _ in range(cancels):
            task.cancel()
            await asyncio.sleep(0)
        await asyncio.wait([task])
        slots = [await engine.pool.acquire(timeout=20) for _ in range(2)]
        assert all(slot.wire.status is Status.IDLE and not slot.wire.busy for slot in slots)
        for slot in slots:
            engine.pool.release(slot)
        if task.cancelled():
            assert world.rows in ([], *WHOLE[action]), step  # cancelled as COMMIT was on its way: that may be too late
        elif task.exception() is not None:
            assert isinstance(task.exception(), ProgrammingError)  # went on in a transaction spoilt by the cancellation
            assert world.rows == [], step
        else:
            assert world.rows in WHOLE[action], step
        world.rows.clear()
        await put(engine, "after")
        assert world.rows == ["after"], "the context is out of the transaction"
        await engine.close()
        return finished

    async def main() -> int:
        step = 0
        while not await at_step(step):
            step += 1
        return step

    assert asyncio.run(main()) > 10, "there were steps to cancel at"


def test_a_rollback_that_hangs_does_not_hold_its_task_for_ever() -> None:
    async def main() -> None:
        world = TinyWorld()
        engine = AsyncEngine(Pair(SETTINGS, Limits(max_size=1, recovery_timeout=0.05)), world)
        with pytest.raises(Oops):
            async with asyncio.timeout(20), engine.transaction():
                await put(engine, "a")
                world.wires[0]._carry_out = lambda sql: asyncio.sleep(30)
                raise Oops
        assert world.wires[0].closed
        await put(engine, "b")
        assert world.rows == ["b"]

    asyncio.run(main())


def test_a_nested_block_that_never_gets_its_turn_says_why() -> None:
    async def main() -> None:
        engine = AsyncEngine(Pair(SETTINGS, Limits(acquire_timeout=0.05)), TinyWorld())
        inside = asyncio.Event()

        async def occupant() -> None:
            async with engine.transaction():
                inside.set()
                await asyncio.sleep(30)

        async with engine.transaction():
            task = asyncio.create_task(occupant())
            await inside.wait()
            with pytest.raises(PoolTimeout, match="one after the other"):
                async with engine.transaction():
                    pass
            task.cancel()
            await asyncio.wait([task])
            async with engine.transaction():
                await put(engine, "a")

    asyncio.run(main())


def test_what_cannot_begin_gives_its_connection_back() -> None:
    async def main() -> None:
        engine = AsyncEngine(Pair(SETTINGS, Limits(max_size=1)), TinyWorld())
        async with engine.transaction() as outer:
            with pytest.raises(ProgrammingError):
                async with engine.transaction(readonly=True):
                    pass
            assert outer.is_active()
        assert engine.pool.stats().idle == 1

    asyncio.run(main())
