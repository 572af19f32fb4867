"""A begin() block that ends in another context than it began in: what it was told of is written in it, and what it was not is never lost silently."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.support import entered, maybe
from tests.support.units import Mistake, rows, two

pytestmark = pytest.mark.only(style="declarative")


async def apart(colour: str, outside: Context, work: Callable[[], Any]) -> Any:
    """What comes of it in a context of its own, which knows of no block."""
    if colour == "sync":
        return outside.copy().run(work)

    async def run() -> Any:
        return await maybe(work())

    return await asyncio.get_running_loop().create_task(run(), context=outside.copy())


async def begun(colour: str, outside: Context, block: Any) -> Any:
    return await apart(colour, outside, block.__enter__ if colour == "sync" else block.__aenter__)


async def left(colour: str, outside: Context, block: Any, error: BaseException | None = None) -> None:
    leave = block.__exit__ if colour == "sync" else block.__aexit__
    await apart(colour, outside, lambda: leave(None if error is None else type(error), error, None))


@pytest.mark.parametrize("failing", [False, True])
@pytest.mark.parametrize("inside", [False, True])
async def test_what_it_is_told_of_is_written_in_it(
    session: Any, opened: Any, models: ModuleType, colour: str, failing: bool, inside: bool
) -> None:
    """`inside`: the block of a session's block."""
    item, outside = models.Item, copy_context()
    own, new, later = opened(autoflush=False), item(name="new"), item(name="later")

    async def work() -> None:
        block = own.begin()
        tx = await begun(colour, outside, block)
        tx.add(new)
        await apart(colour, outside, tx.flush)
        assert new.id is not None
        tx.add(later)
        await left(colour, outside, block, Mistake() if failing else None)

    if inside:
        async with entered(own):
            await work()
    else:
        await work()
    assert (new.id is None, later.id is None) == (failing, failing)
    assert await rows(session, item, "name") == ([] if failing else ["new", "later"])


async def test_what_is_followed_in_it_is_written(session: Any, opened: Any, models: ModuleType, colour: str) -> None:
    """By who was given an instance, not the session."""
    item, outside = models.Item, copy_context()
    await two(session, models)
    own = opened()

    def read() -> Any:
        return own.query(item).filter(name="a").one()

    async def entering() -> Any:
        await maybe(block.__aenter__() if colour == "async" else block.__enter__())
        return await maybe(read())

    block = own.begin()
    if colour == "sync":
        one = outside.copy().run(lambda: (block.__enter__(), read())[1])
    else:
        one = await apart(colour, outside, entering)
    one.count = 5
    await left(colour, outside, block)
    assert await rows(session, item, "count") == [5, 0]


@pytest.mark.parametrize("doing", ["add", "delete", "read", "nothing"])
async def test_what_its_session_is_asked_for_meanwhile_is_an_error(
    session: Any, opened: Any, models: ModuleType, colour: str, doing: str
) -> None:
    item, outside = models.Item, copy_context()
    await two(session, models)
    one = await maybe(session.query(item).filter(name="a").one())
    own, before, inside = opened(), item(name="before"), item(name="inside")
    own.add(before)
    block = own.begin()
    tx = await begun(colour, outside, block)
    tx.add(inside)
    if doing == "add":
        own.add(item(name="meanwhile"))
    elif doing == "delete":
        own.delete(one)
    elif doing == "read":
        await maybe(own.query(item).count())
        await maybe(own.query(item).all())
    if doing == "nothing":
        await left(colour, outside, block)
    else:
        missed = {"add": "a new Item", "delete": "a deleted Item", "read": "instances that were read"}[doing]
        with pytest.raises(ProgrammingError, match=f"meanwhile: {missed}"):
            await left(colour, outside, block)
        assert inside.id is None
        own.expunge(own.new[-1]) if doing == "add" else None
    await maybe(own.commit())
    names = {"delete": ["b", "before"], "nothing": ["a", "b", "inside", "before"]}.get(doing, ["a", "b", "before"])
    assert await rows(session, item, "name") == names


async def test_who_shares_the_session_of_a_block_adds_to_it_as_ever(
    session: Any, opened: Any, models: ModuleType, colour: str
) -> None:
    item, outside = models.Item, copy_context()
    own = opened()
    async with entered(own.begin()):
        own.add(item(name="inside"))
        await apart(colour, outside, lambda: own.add(item(name="outside")))
        await apart(colour, outside, own.query(item).filter(id=0).all)
    await maybe(own.commit())
    assert await rows(session, item, "name") == ["inside", "outside"]


async def test_who_has_it_write_is_not_in_it(session: Any, opened: Any, models: ModuleType, colour: str) -> None:
    item, outside = models.Item, copy_context()
    block = opened().begin()
    tx = await begun(colour, outside, block)
    tx.add(item(name="inside"))

    async def flushed() -> int:
        await tx.flush()
        found: int = await session.query(item).count()
        return found

    def flushed_at_once() -> int:
        tx.flush()
        found: int = session.query(item).count()
        return found

    assert await apart(colour, outside, flushed if colour == "async" else flushed_at_once) == 0
    await left(colour, outside, block)
    assert await maybe(session.query(item).count()) == 1


async def test_a_session_s_block_misses_nothing(session: Any, opened: Any, models: ModuleType, colour: str) -> None:
    item, outside = models.Item, copy_context()
    async with entered(opened()) as own:
        block = own.begin()
        await begun(colour, outside, block)
        assert await maybe(own.query(item).all()) == []
        own.add(item(name="mine"))
        await left(colour, outside, block)
    assert await rows(session, item, "name") == ["mine"]
