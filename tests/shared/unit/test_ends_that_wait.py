"""commit and rollback of a block that another task is still at work in: what they say if that takes too long, and what is left if they are cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession, create_engine
from ferrow.errors import PoolTimeout
from tests.support.deadlines import eventually

pytestmark = [
    pytest.mark.parametrize("colour", ["async"]),
    pytest.mark.only(style="declarative"),
    pytest.mark.parametrize("ending", ["commit", "rollback"]),
    pytest.mark.parametrize("inside", ["a block", "writing", "by itself"]),
]


@asynccontextmanager
async def at_work(url: str, models: ModuleType, inside: str) -> AsyncIterator[tuple[Any, Any]]:
    """A block with a transaction, in which another task is at work until the event is set."""
    engine = await create_engine(url)
    go, there = asyncio.Event(), asyncio.Event()
    async with AsyncSession(engine) as own:
        own.add(models.Item(name="first"))
        await own.flush()
        unit = own._engine.unit

        async def work() -> None:
            if inside == "a block":
                async with own._engine.transaction():
                    there.set()
                    await go.wait()
            elif inside == "by itself":
                async with unit.quiet():
                    there.set()
                    await go.wait()
            else:
                async with unit._turn.of(unit.engine, lambda: None):
                    there.set()
                    await go.wait()

        other = asyncio.create_task(work())
        await there.wait()
        yield own, go
        go.set()
        await other
        await own.rollback()
    await engine.close()


async def test_what_is_waited_for_in_vain_is_named(
    session: Any, url: str, models: ModuleType, monkeypatch: pytest.MonkeyPatch, ending: str, inside: str
) -> None:
    said = rf"{ending}\(\) waited 0\.2 s \(acquire_timeout\) for the end of a transaction\(\) or begin\(\) block.*call it again"
    if inside != "a block":
        said = "is still writing for the same session.*session of its own"
    async with at_work(url, models, inside) as (own, go):
        with monkeypatch.context() as short, pytest.raises(PoolTimeout, match=said) as caught:
            short.setattr(own._engine.pool.limits, "acquire_timeout", 0.2)
            await getattr(own, ending)()
        assert ("rollback() waited" in str(caught.value)) == (ending == "rollback")
        go.set()
        await getattr(own, ending)()
        own.add(models.Item(name="second"))
        await own.commit()
    kept = ["first", "second"] if ending == "commit" else ["second"]
    assert await session.query(models.Item).order_by("id").values_list("name", flat=True) == kept


async def test_who_is_cancelled_meanwhile_leaves_everything_as_it_was(
    session: Any, url: str, models: ModuleType, ending: str, inside: str
) -> None:
    async with at_work(url, models, inside) as (own, go):
        unit = own._engine.unit
        task = asyncio.create_task(getattr(own, ending)())
        await eventually("async", lambda: unit.link.turns._queue or unit._turn._turns._queue or unit._quiet._waiting)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert task.cancelled()
        assert not unit._quiet._closing
        go.set()
        await getattr(own, ending)()
        own.add(models.Item(name="second"))
        await own.commit()
    kept = ["first", "second"] if ending == "commit" else ["second"]
    assert await session.query(models.Item).order_by("id").values_list("name", flat=True) == kept
