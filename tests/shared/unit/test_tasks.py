"""Concurrent tasks that share an engine never see each other's transactions, nor each other's instances."""

from __future__ import annotations

import asyncio
from random import Random
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, session_context

pytestmark = pytest.mark.parametrize("colour", ["async"])


@pytest.mark.parametrize("way", ["begin", "context", "block"])
async def test_tasks_do_not_see_each_other(session: Any, engine: Any, models: ModuleType, way: str) -> None:
    item = models.Item
    await session.insert_all([item(name=f"n{number}") for number in range(8)])
    seen: dict[int, list[int]] = {number: [] for number in range(8)}
    # SQLite lets one write at a time; there the tasks take turns, and reading ones do not.
    apart = Random(way)

    async def work(number: int) -> None:
        if way == "begin":
            async with session.begin():
                await changed(session, number)
        elif way == "context":
            async with session_context(engine) as own:
                await changed(own, number)
        else:
            async with AsyncSession(engine) as own:
                await changed(own, number)
                await own.commit()

    async def changed(own: Any, number: int) -> None:
        mine = await own.get(item, number + 1)
        mine.count = 1
        await own.flush()
        await asyncio.sleep(apart.random() / 100)
        found = await own.query(item).all()
        # Others' changes are there once they are committed, and only then: those who are in the midst of it have 1.
        seen[number] = [one.count for one in found if one.id != mine.id]
        assert next(one for one in found if one.id == mine.id) is mine
        mine.count = 2

    async def reading() -> None:
        for _ in range(30):
            assert {one.count for one in await session.query(item).all()} <= {0, 2}
            await asyncio.sleep(0.001)

    await asyncio.gather(reading(), *[work(number) for number in range(8)])

    assert all(set(counts) <= {0, 2} for counts in seen.values())
    assert await session.query(item).order_by("id").values_list("count", flat=True) == [2] * 8


async def test_a_session_goes_on_in_another_task(session: Any, models: ModuleType, engine: Any) -> None:
    """A transaction that began in a task of its own (wait_for makes one) is the session's, not the task's."""
    async with AsyncSession(engine) as own:
        own.add(models.Item(name="a"))
        await asyncio.create_task(own.flush())
        assert await own.query(models.Item).count() == 1
        own.add(models.Item(name="b"))
        await asyncio.create_task(own.commit())
    assert await session.query(models.Item).count() == 2
