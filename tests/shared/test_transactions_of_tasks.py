"""Whose a transaction is: tasks that begin in its block, outlive it, or run beside it; other engines, the other colour."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any

import pytest

from ferrow.errors import DatabaseError, InterfaceError, ProgrammingError
from tests.support import entered, maybe
from tests.support.transactions import Stop, add, engine, idle, numbers

__all__ = ["engine"]


async def test_a_block_object_is_used_once_at_a_time(engine: Any) -> None:
    block = engine.transaction()
    async with entered(block):
        with pytest.raises(InterfaceError, match="open already"):
            async with entered(block):
                pass
        await add(engine, 1)
    async with entered(block):
        await add(engine, 2)
    assert await numbers(engine) == [1, 2]


async def test_another_engine_does_not_join(engine: Any, url: str) -> None:
    from ferrow.engine import create_engine

    with create_engine(url) as other:
        async with entered(engine.transaction(readonly=True)):
            other.execute("INSERT INTO t (n) VALUES (7)")
    assert await numbers(engine) == [7]


@pytest.mark.only(colour="async")  # threads do the same in tests/isolated/test_pool.py
async def test_a_second_write_transaction_waits_for_the_first(engine: Any) -> None:
    """Read, then write, in two contexts at once: on SQLite this needs BEGIN IMMEDIATE."""

    both = asyncio.Barrier(1 if engine.dialect.name == "sqlite" else 2)

    async def increment() -> None:
        async with entered(engine.transaction(isolation="repeatable read")):
            current = await numbers(engine)
            await asyncio.sleep(0.02)
            await both.wait()
            await add(engine, len(current) + 1)

    results = await asyncio.gather(*(increment() for _ in range(2)), return_exceptions=True)
    if engine.dialect.name == "sqlite":
        assert results == [None, None]
        assert await numbers(engine) == [1, 2]
    else:
        assert sum(isinstance(result, DatabaseError) for result in results) == 1
        assert await numbers(engine) == [1]


@pytest.mark.only(colour="async")
async def test_tasks_started_in_the_block_join_it(engine: Any) -> None:
    with pytest.raises(Stop):
        async with engine.transaction():
            await asyncio.gather(*(add(engine, number) for number in range(5)))
            assert await numbers(engine) == [0, 1, 2, 3, 4]
            raise Stop
    assert await numbers(engine) == []


@pytest.mark.only(colour="async")
async def test_a_task_that_outlives_the_block_uses_the_pool(engine: Any) -> None:
    go = asyncio.Event()

    async def later() -> None:
        await go.wait()
        await add(engine, 1)

    with pytest.raises(Stop):
        async with engine.transaction():
            task = asyncio.create_task(later())
            raise Stop
    go.set()
    await task
    assert await numbers(engine) == [1]


@pytest.mark.only(colour="async")
async def test_other_tasks_do_not_see_the_transaction(engine: Any) -> None:
    context = contextvars.copy_context()
    async with engine.transaction():
        await add(engine, 1)
        if engine.dialect.name == "postgresql":  # SQLite would wait for the writer
            outside = asyncio.create_task(numbers(engine), context=context)
            assert await outside == []
    assert await numbers(engine) == [1]


@pytest.mark.only(colour="async")
async def test_nested_blocks_of_concurrent_tasks_do_not_mix(engine: Any) -> None:

    async def part(number: int) -> None:
        async with engine.transaction():
            await add(engine, number)
            await asyncio.sleep(0)
            if number % 2:
                raise Stop

    async with engine.transaction():
        results = await asyncio.gather(*(part(number) for number in range(10)), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), Stop] * 5
    assert await numbers(engine) == [0, 2, 4, 6, 8]


SLOW = {
    "postgresql": "SELECT pg_sleep(10)",
    "mariadb": "SELECT SLEEP(10)",
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000000) SELECT max(n) FROM c",
}


@pytest.mark.only(colour="async")
async def test_a_task_that_outlives_a_cancelled_block_uses_the_pool(engine: Any, backend: str) -> None:
    go, inside = asyncio.Event(), asyncio.Event()
    children: list[asyncio.Task[None]] = []

    async def later() -> None:
        await go.wait()
        await add(engine, 1)

    async def block() -> None:
        async with engine.transaction():
            await add(engine, 2)
            children.append(asyncio.create_task(later()))
            inside.set()
            await engine.query(SLOW[backend])

    task = asyncio.create_task(block())
    await inside.wait()
    await asyncio.sleep(0.02)  # the slow statement is running
    task.cancel()
    await asyncio.wait([task])
    go.set()
    await asyncio.gather(*children)
    assert await numbers(engine) == [1]


@pytest.mark.only(colour="async")
async def test_a_timeout_in_a_nested_block_leaves_the_outer_one_usable(engine: Any, backend: str) -> None:
    if backend == "mariadb":
        pytest.skip("a cancelled statement ends its connection, and the transaction with it")
    async with engine.transaction():
        await add(engine, 1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                async with engine.transaction():
                    await add(engine, 2)
                    await engine.query(SLOW[backend])
        await add(engine, 3)
    assert await numbers(engine) == [1, 3]
    await idle(engine)


async def test_the_other_colour_cannot_join_and_says_so(engine: Any, colour: str) -> None:
    other = engine.sync if colour == "async" else engine.aio
    async with entered(engine.transaction()):
        with pytest.raises(ProgrammingError, match="same engine would not be part of it"):
            if colour == "async":
                other.query("SELECT 1")
            else:
                await other.query("SELECT 1")
        assert (await maybe(engine.query_one("SELECT 1")))[0] == 1
