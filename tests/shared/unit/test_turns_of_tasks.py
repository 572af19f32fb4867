"""What becomes of a task that waits for its turn in the transaction of a session that others share."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession
from tests.support.deadlines import eventually
from tests.support.units import Mistake

pytestmark = [pytest.mark.parametrize("colour", ["async"]), pytest.mark.only(style="declarative")]


@pytest.mark.parametrize("waits", ["begin", "flush"])
async def test_the_transaction_has_ended_meanwhile(session: Any, engine: Any, models: ModuleType, waits: str) -> None:
    """A begin() block is then one of its own; what is flushed is in the session's next one, and undone with that."""
    item = models.Item
    inside, go = asyncio.Event(), asyncio.Event()
    async with AsyncSession(engine) as own:
        own.add(item(name="first"))
        await own.flush()
        queue = own._engine.unit.link.turns._queue

        async def block() -> None:
            async with own._engine.transaction():
                inside.set()
                await go.wait()

        async def waiting() -> None:
            if waits == "begin":
                async with own.begin():
                    await own.insert(item(name="second"))
            else:
                own.add(item(name="second"))
                await own.flush()

        tasks = [asyncio.create_task(block())]
        await inside.wait()
        for before, call in enumerate((own.commit, waiting)):
            tasks.append(asyncio.create_task(call()))
            await eventually("async", lambda before=before: len(queue) == before + 1)
        go.set()
        await asyncio.gather(*tasks)
        await own.rollback()
    names = await session.query(item).order_by("id").values_list("name", flat=True)
    assert names == (["first", "second"] if waits == "begin" else ["first"])


async def test_another_task_begins_the_next_transaction_meanwhile(
    session: Any, engine: Any, models: ModuleType
) -> None:
    """A begin() block that waited for its turn in the one before is a part of that then, and waits until there is one."""
    item = models.Item
    inside, go, entered = asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with AsyncSession(engine) as own:
        own.add(item(name="first"))
        await own.flush()
        unit = own._engine.unit
        turns, beginning = unit.link.turns._queue, unit._beginning

        async def block() -> None:
            async with own._engine.transaction():
                inside.set()
                await go.wait()

        async def waiting() -> None:
            async with own.begin():
                entered.set()
                await own.insert(item(name="second"))

        tasks = [asyncio.create_task(block())]
        await inside.wait()
        for before, call in enumerate((own.commit, waiting)):
            tasks.append(asyncio.create_task(call()))
            await eventually("async", lambda before=before: len(turns) == before + 1)
        await beginning.take(engine.world, None)  # as whoever begins it
        go.set()
        await eventually("async", lambda: beginning._queue or entered.is_set())
        assert not entered.is_set()
        await unit.begin()
        beginning.give()
        await asyncio.gather(*tasks)
        await own.rollback()
    assert await session.query(item).values_list("name", flat=True) == ["first"]


async def test_who_waits_is_not_waited_for(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block that is rolled back waits for what others have sent, but not for who waits for that block."""
    monkeypatch.setattr(engine.pool.limits, "acquire_timeout", 600)
    begun = asyncio.Event()
    async with AsyncSession(engine) as own:
        own.add(models.Item(name="first"))
        await own.flush()
        unit = own._engine.unit
        queue = unit.link.turns._queue

        async def block() -> None:
            with pytest.raises(Mistake):
                async with own.begin():
                    begun.set()
                    await eventually("async", lambda: len(queue) == 1)
                    raise Mistake

        async def by_itself() -> None:
            await begun.wait()
            async with unit.quiet():
                assert await own.query(models.Item).count() == 1
                async with own._engine.transaction():
                    assert await own.query(models.Item).count() == 1

        async with asyncio.timeout(60):
            await asyncio.gather(block(), by_itself())
        await own.commit()
