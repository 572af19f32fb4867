"""What one task has pending while another one is in a block of the same unit: neither lost with that block, nor written in spite of it."""

from __future__ import annotations

import asyncio
import threading
from contextvars import copy_context
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, Session
from ferrow.engine.transaction import AsyncTransactionScope
from ferrow.errors import UniqueViolation
from ferrow.orm.unit.owners import Owners
from tests.support.units import Mistake

pytestmark = pytest.mark.only(style="declarative")

BLOCKED = 0.2
"""Seconds for which a thread is waited for that cannot go on."""


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("way", ["begin", "engine"])
@pytest.mark.parametrize("around", ["block", "begin"])
@pytest.mark.parametrize("when", ["it waits", "it is open", "it is open, and writes"])
async def test_what_is_added_beside_a_block_is_not_undone_with_it(
    session: Any,
    engine: Any,
    models: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    around: str,
    when: str,
) -> None:
    item, joined = models.Item, AsyncTransactionScope._joined
    new, undone, late = item(name="new"), item(name="undone"), item(name="late")

    async def work(own: Any) -> None:
        there = item(name="there")
        own.add(there)
        await own.flush()
        outside = copy_context()

        async def other() -> None:
            own.add(new)
            own.delete(there)

        def beside() -> asyncio.Task[None]:
            return asyncio.get_running_loop().create_task(other(), context=outside)

        async def waiting(scope: AsyncTransactionScope) -> Any:
            monkeypatch.setattr(AsyncTransactionScope, "_joined", joined)
            found = await joined(scope)
            await beside()
            return found

        if when == "it waits":
            monkeypatch.setattr(AsyncTransactionScope, "_joined", waiting)
        with pytest.raises(Mistake):
            async with own.begin() if way == "begin" else own.engine.transaction():
                own.add(undone)
                if when != "it waits":
                    await beside()
                if when == "it is open, and writes":
                    await own.flush()
                    assert new.id is not None
                raise Mistake
        assert (own.new, own.deleted, new.id, undone.id) == ([new], [there], None, None)
        own.add(late)

    if around == "begin":
        own = AsyncSession(engine)
        async with own.begin():
            await work(own)
    else:
        async with AsyncSession(engine) as own:
            await work(own)
            await own.commit()
    assert await session.query(item).order_by("id").values_list("name", flat=True) == ["new", "late"]


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("doing", ["add", "delete"])
async def test_what_a_block_asks_for_while_another_task_writes_goes_with_it(
    session: Any, engine: Any, models: ModuleType, pause_flush: Any, doing: str
) -> None:
    item = models.Item
    there = await session.insert(item(name="there"))
    outside, paused = copy_context(), pause_flush()
    async with AsyncSession(engine, autoflush=False) as own:
        mine = await own.get(item, there.id)

        async def flushing() -> None:
            own.add(item(name="flushed"))
            await own.flush()

        with pytest.raises(Mistake):
            async with own.begin(readonly=True):
                task = asyncio.get_running_loop().create_task(flushing(), context=outside)
                await paused.reached.wait()
                if doing == "add":
                    own.add(item(name="undone"))
                else:
                    own.delete(mine)
                raise Mistake
        paused.go.set()
        await task
        assert own.new == own.deleted == []
        await own.commit()
    assert await session.query(item).order_by("name").values_list("name", flat=True) == ["flushed", "there"]


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("where", ["outside", "in another block"])
async def test_what_another_task_could_not_write_is_still_of_its_block(
    session: Any, engine: Any, models: ModuleType, where: str
) -> None:
    item = models.Item
    await session.insert(item(name="taken"))
    begun, failed, over = (asyncio.Event() for _ in range(3))
    async with AsyncSession(engine, autoflush=False) as own:

        async def block() -> None:
            with pytest.raises(Mistake):
                async with own.begin(readonly=True):
                    own.add(item(name="taken"))
                    begun.set()
                    await failed.wait()
                    raise Mistake
            assert own.new == []
            over.set()

        async def writing() -> None:
            with pytest.raises(UniqueViolation):
                await own.flush()
            failed.set()
            await over.wait()

        async def other() -> None:
            await begun.wait()
            if where == "outside":
                await writing()
                return
            with pytest.raises(Mistake):
                async with own.begin():
                    await writing()
                    raise Mistake

        await asyncio.gather(block(), other())
        assert own.new == []


@pytest.mark.parametrize("colour", ["sync"])
def test_what_a_thread_adds_while_a_block_is_rolled_back_stays(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, kept = models.Item, Owners.kept
    new, threads = item(name="new"), list[threading.Thread]()

    def slow(*given: Any) -> Any:
        found = kept(*given)
        if not threads:
            threads.append(threading.Thread(target=own.add, args=(new,)))
            threads[0].start()
            threads[0].join(BLOCKED)
        return found

    with Session(engine, autoflush=False) as own:
        with pytest.raises(Mistake), own.begin():
            monkeypatch.setattr(Owners, "kept", slow)
            raise Mistake
        threads[0].join()
        assert own.new == [new]
        own.expunge(new)
