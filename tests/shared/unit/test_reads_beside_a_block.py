"""What a task reads on a connection of its own while another one, of the same session, writes the same row: it must not hide what is written."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession
from ferrow.engine.engine import AsyncEngine
from tests.support.units import Mistake, read

pytestmark = [pytest.mark.parametrize("colour", ["async"]), pytest.mark.only(style="declarative")]


@pytest.mark.parametrize("ending", ["commit", "rollback"])
@pytest.mark.parametrize("way", ["query", "stream"])
async def test_a_row_that_a_block_has_changed(
    session: Any, engine: Any, models: ModuleType, way: str, ending: str
) -> None:
    item = models.Item
    there = await session.insert(item(name="there"))
    changed, done = asyncio.Event(), asyncio.Event()

    async def block(own: Any, mine: Any) -> None:
        async with own.begin():
            mine.count = 5
            await own.flush()
            changed.set()
            await done.wait()
            assert mine.count == 5
            if ending == "rollback":
                raise Mistake
            mine.count = 0

    async def other(own: Any, mine: Any) -> None:
        await changed.wait()
        assert await read(own.query(item), way) == [mine]
        done.set()

    async with AsyncSession(engine) as own:
        mine = await own.get(item, there.id)
        failed, _ = await asyncio.gather(block(own, mine), other(own, mine), return_exceptions=True)
        assert isinstance(failed, Mistake if ending == "rollback" else type(None))
        assert (mine.count, own.dirty) == (0, [])
    assert (await session.get(item, there.id)).count == 0


@pytest.mark.parametrize("way", ["begin", "commit", "update", "flush"])
async def test_a_row_that_is_changed_before_the_answer_is_known(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    item, run = models.Item, AsyncEngine.run
    there = await session.insert(item(name="there"))
    answered, go = asyncio.Event(), asyncio.Event()

    async def late(*given: Any) -> Any:
        monkeypatch.setattr(AsyncEngine, "run", run)
        result = await run(*given)
        answered.set()
        await go.wait()
        return result

    async with AsyncSession(engine) as own:
        mine = await own.get(item, there.id)
        monkeypatch.setattr(AsyncEngine, "run", late)
        reading = asyncio.create_task(own.query(item).one())
        await answered.wait()
        if way == "begin":
            async with own.begin():
                mine.count = 5
        elif way == "commit":
            mine.count = 5
            await own.commit()
        elif way == "update":
            await own.update(mine, count=5)
        else:
            inside, over = asyncio.Event(), asyncio.Event()

            async def block() -> None:
                async with own.begin(readonly=True):
                    inside.set()
                    await over.wait()

            other = asyncio.create_task(block())
            await inside.wait()
            mine.count = 5
            await own.flush()
            over.set()
            await other
        go.set()
        assert await reading is mine
        assert mine.count == 5
        mine.count = 0
        await own.commit()
    assert (await session.get(item, there.id)).count == 0


async def test_a_row_that_is_changed_before_a_stream_comes_to_it(session: Any, engine: Any, models: ModuleType) -> None:
    item = models.Item
    await session.insert_all([item(name="a"), item(name="b")])
    async with AsyncSession(engine) as own:
        mine = await own.query(item).filter(name="b").one()
        async with own.query(item).order_by("name").stream(batch_size=1) as rows:
            assert (await rows.fetch(1))[0].name == "a"
            mine.count = 5
            await own.commit()
            assert await rows.fetch(1) == [mine]
        assert mine.count == 5
        mine.count = 0
        await own.commit()
    assert await session.query(item).order_by("name").values_list("count", flat=True) == [0, 0]
