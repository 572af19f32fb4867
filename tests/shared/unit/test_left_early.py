"""Loops and generators that are left early inside a unit of work: the connection is free, the block goes on, and nothing that it writes is lost."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, asynccontextmanager, closing
from types import ModuleType
from typing import Any

import pytest

from tests.support import entered, maybe
from tests.support.deadlines import eventually

pytestmark = pytest.mark.only(style="declarative")


async def first_of(stream: Any) -> Any:
    """The first item of a loop that is left by `break`."""
    if hasattr(stream, "__aiter__"):
        async for item in stream:
            return item
    return next(iter(stream))


@pytest.mark.parametrize("way", ["block", "begin", "transaction"])
async def test_a_stream(session: Any, opened: Any, engine: Any, models: ModuleType, colour: str, way: str) -> None:
    item = models.Item
    await maybe(session.insert_all([item(name=f"{number}") for number in range(20)]))
    block = opened() if way == "block" else getattr(session, way)()
    async with entered(block) as found:
        work = session if way == "begin" else found
        for number in range(3):
            one = await first_of(work.query(item).order_by("id").stream(batch_size=2))
            one.count = number
            work.add(item(name=f"new {number}"))
            await maybe(work.flush())
            assert await maybe(work.query(item).count()) == 21 + number
        if way == "block":
            await maybe(work.commit())
    # asyncio closes what was left, in a task of its own.
    await eventually(colour, lambda: engine.pool.stats().used == 0)
    assert (await maybe(session.get(item, 1))).count == 2
    assert await maybe(session.query(item).filter(name__startswith="new").count()) == 3


@pytest.mark.parametrize("way", ["block", "begin", "transaction"])
async def test_a_generator_that_holds_a_block_open(
    session: Any, opened: Any, engine: Any, models: ModuleType, colour: str, way: str
) -> None:
    """Closed where the loop is left, it undoes its block and nothing else."""
    item = models.Item

    def block() -> Any:
        return opened() if way == "block" else getattr(session, way)()

    def plain() -> Generator[int, None, None]:
        with block() as found:
            (session if way == "begin" else found).add(item(name="undone"))
            (session if way == "begin" else found).flush()
            yield from range(5)

    async def awaited() -> AsyncGenerator[int, None]:
        async with block() as found:
            (session if way == "begin" else found).add(item(name="undone"))
            await (session if way == "begin" else found).flush()
            for number in range(5):
                yield number

    for _ in range(3):
        if colour == "sync":
            with closing(plain()) as numbers:
                assert next(numbers) == 0
        else:
            async with aclosing(awaited()) as later:
                assert await anext(later) == 0
        assert engine.pool.stats().used == 0
        await maybe(session.insert(item(name=f"kept {await maybe(session.query(item).count())}")))
    if colour == "sync":
        for _ in plain():  # nobody holds it any more
            break
        assert engine.pool.stats().used == 0
        await maybe(session.insert(item(name="kept 3")))
    found = await maybe(session.query(item).order_by("id").values_list("name", flat=True))
    assert found == [f"kept {number}" for number in range(4 if colour == "sync" else 3)]


@pytest.mark.only(colour="async")
@pytest.mark.parametrize("way", ["block", "begin", "transaction", "engine", "wrapped"])
async def test_what_joins_a_generator_that_nobody_has_closed_yet(
    session: Any, opened: Any, engine: Any, models: ModuleType, way: str
) -> None:
    """It is undone when asyncio closes the generator, and somebody is told; nobody if nothing was."""
    item, done = models.Item, asyncio.Event()

    @asynccontextmanager
    async def wrapped() -> AsyncGenerator[None]:
        async with session.begin():
            yield

    def block() -> Any:
        if way == "wrapped":
            return wrapped()
        return opened() if way == "block" else (engine if way == "engine" else session).transaction()

    async def numbers() -> AsyncGenerator[int, None]:
        async with block() as found:
            work = found if way == "block" else session
            work.add(item(name="undone"))
            await work.flush()
            try:
                for number in range(5):
                    yield number
                    await work.flush()
            finally:
                await done.wait()

    async def left(*, joined: bool) -> list[str]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            async for number in numbers():
                if number == 2:
                    break
            if joined:
                await session.insert(item(name="joined"))
            done.set()
            await eventually("async", lambda: engine.pool.stats().used == 0)
        return [str(one.message) for one in caught if one.category is RuntimeWarning]

    assert await left(joined=False) == []
    done.clear()
    (said,) = await left(joined=True)
    assert "numbers() was left early" in said
    assert "rolled back" in said
    assert "contextlib.aclosing(numbers(...))" in said
    async with aclosing(numbers()) as closed:
        async for _ in closed:
            break
    assert await session.query(item).count() == 0
