"""What a begin() block is asked for by code that does not run in its context, and is no other task either: it goes with the block."""

from __future__ import annotations

import asyncio
from contextvars import Context
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, Session
from tests.support.units import Mistake

pytestmark = pytest.mark.only(style="declarative")


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("way", ["executor", "callback", "another task"])
async def test_what_is_added_outside_of_the_context_of_a_block_goes_with_it(
    session: Any, engine: Any, models: ModuleType, way: str, begun: bool
) -> None:
    """`begun`: the block is a savepoint in the session's transaction. Another task says which block it means."""
    item, loop = models.Item, asyncio.get_running_loop()
    async with AsyncSession(engine, autoflush=False) as own:
        if begun:
            own.add(item(name="first"))
            await own.flush()

        async def ask(tx: Any) -> None:
            if way == "executor":
                await loop.run_in_executor(None, own.add, item(name="a"))
            elif way == "callback":
                done = asyncio.Event()

                def call() -> None:
                    own.add(item(name="a"))
                    done.set()

                loop.call_soon(call, context=Context())
                await done.wait()
            else:

                async def other() -> None:
                    tx.add(item(name="a"))

                await loop.create_task(other(), context=Context())

        with pytest.raises(Mistake):
            async with own.begin() as tx:
                await ask(tx)
                assert len(own.new) == 1
                raise Mistake
        assert own.new == []
        await own.commit()
    assert await session.query(item).count() == begun


@pytest.mark.parametrize("colour", ["sync"])
def test_so_does_what_the_same_thread_adds_in_another_context(session: Any, engine: Any, models: ModuleType) -> None:
    item = models.Item
    with Session(engine, autoflush=False) as own:
        with pytest.raises(Mistake), own.begin():
            Context().run(own.add, item(name="a"))
            raise Mistake
        assert own.new == []


@pytest.mark.parametrize("colour", ["async"])
async def test_of_two_blocks_it_is_none_that_is_meant(session: Any, engine: Any, models: ModuleType) -> None:
    item, loop = models.Item, asyncio.get_running_loop()
    begun, added = asyncio.Event(), asyncio.Event()
    async with AsyncSession(engine, autoflush=False) as own:

        async def other() -> None:
            async with own.begin(readonly=True):
                begun.set()
                await added.wait()

        async def block() -> None:
            await begun.wait()
            with pytest.raises(Mistake):
                async with own.begin(readonly=True):
                    await loop.run_in_executor(None, own.add, item(name="a"))
                    raise Mistake
            assert len(own.new) == 1
            own.expunge(own.new[0])
            added.set()

        await asyncio.gather(other(), block())


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("first", ["owner", "writer"])
async def test_what_is_given_back_is_still_its_owners(
    session: Any, engine: Any, models: ModuleType, first: str
) -> None:
    """Another block has written it, and both are rolled back, in either order."""
    item = models.Item
    added, written, over = asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with AsyncSession(engine, autoflush=False) as own:

        async def owner() -> None:
            with pytest.raises(Mistake):
                async with own.begin(readonly=True):
                    own.add(item(name="a"))
                    added.set()
                    await (written if first == "owner" else over).wait()
                    raise Mistake
            over.set()

        async def writer() -> None:
            await added.wait()
            with pytest.raises(Mistake):
                async with own.begin():
                    await own.flush()
                    written.set()
                    if first == "owner":
                        await over.wait()
                    raise Mistake
            assert len(own.new) == (first == "writer")
            over.set()

        await asyncio.gather(owner(), writer())
        assert own.new == []


@pytest.mark.parametrize("colour", ["async"])
async def test_blocks_that_overlap_for_ever_leave_nothing_behind(session: Any, engine: Any, models: ModuleType) -> None:
    item = models.Item
    async with AsyncSession(engine) as own:
        async with own.begin(readonly=True):
            outside = Context()

            async def other() -> None:
                own.add(item(name="a"))

                async def block() -> None:
                    async with own.begin():
                        own.add(item(name="b"))

                await asyncio.get_running_loop().create_task(block())

            await asyncio.get_running_loop().create_task(other(), context=outside)
            owners = own._engine.unit._owners
            assert (owners._links, owners._lent) == ({}, {})
    assert await session.query(item).count() == 2
