"""flush() of a session outside of any block is committed at once: no rollback() takes it back."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import pytest

from ferrow import create_engine
from tests.support import entered, maybe
from tests.support.units import Mistake

pytestmark = pytest.mark.only(style="declarative")


async def test_what_was_flushed_is_there_after_rollback(session: Any, models: ModuleType) -> None:
    one, later = models.Item(name="a"), models.Item(name="b")
    session.add(one)
    await maybe(session.flush())
    key = one.id
    session.add(later)
    await maybe(session.rollback())
    assert (one.id, session.new) == (key, [])
    session.delete(one)
    await maybe(session.flush())
    await maybe(session.rollback())
    assert await maybe(session.query(models.Item).count()) == 0


async def test_what_failed_has_no_key(session: Any, models: ModuleType) -> None:
    there, one, bad = models.Item(name="a"), models.Item(name="b"), models.Item(name="a")
    session.add(there)
    await maybe(session.flush())
    session.add_all([one, bad])
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        await maybe(session.flush())
    assert (there.id is None, one.id) == (False, None)
    await maybe(session.rollback())
    assert session.new == []


async def test_what_was_flushed_in_a_transaction_that_failed_is_taken_back(
    session: Any, engine: Any, models: ModuleType
) -> None:
    before, one = models.Item(name="a"), models.Item(name="b")
    session.add(before)
    await maybe(session.flush())
    with pytest.raises(Mistake):
        async with entered(engine.transaction()):
            session.add(one)
            await maybe(session.flush())
            assert one.id is not None
            raise Mistake
    await maybe(session.rollback())
    assert (before.id is None, one.id) == (False, None)
    session.add(one)
    await maybe(session.commit())
    assert await maybe(session.query(models.Item).count()) == 2


async def test_the_transaction_of_another_engine_does_not_take_it_back(
    session: Any, url: str, colour: str, models: ModuleType
) -> None:
    one = models.Item(name="a")
    other: Any = create_engine(url)
    other = await other if colour == "async" else other
    async with entered(other):
        async with entered(other.transaction(readonly=True)):
            session.add(one)
            await maybe(session.flush())
        await maybe(session.rollback())
    assert one.id is not None


@pytest.mark.only(colour="async")
async def test_a_transaction_that_has_ended_does_not_take_it_back(
    session: Any, engine: Any, models: ModuleType
) -> None:
    one, over = models.Item(name="a"), asyncio.Event()

    async def later() -> None:
        await over.wait()
        session.add(one)
        await session.flush()

    async with engine.transaction():
        task = asyncio.create_task(later())
    over.set()
    await task
    await session.rollback()
    assert one.id is not None
