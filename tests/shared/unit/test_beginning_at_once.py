"""begin() of one task, and what begins the transaction of the session's block for another one."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession
from ferrow.engine.transaction import AsyncTransactionScope
from tests.support.deadlines import eventually

pytestmark = [pytest.mark.parametrize("colour", ["async"]), pytest.mark.only(style="declarative")]


@pytest.mark.parametrize("first", ["begin", "flush"])
async def test_begin_and_a_flush_do_not_begin_two_transactions(
    session: Any, engine: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """What is written in a begin() block must not go into a transaction that another task has begun meanwhile."""
    item, joined, tasks = models.Item, AsyncTransactionScope._joined, []

    async def block(own: Any) -> None:
        async with own.begin():
            await own.insert(item(name="in the block"))

    async def flush(own: Any) -> None:
        own.add(item(name="first"))
        await own.flush()

    async with AsyncSession(engine, autoflush=False) as own:
        unit = own._engine.unit
        begins, follows = (block, flush) if first == "begin" else (flush, block)

        async def slow(scope: AsyncTransactionScope) -> Any:
            monkeypatch.setattr(AsyncTransactionScope, "_joined", joined)
            found = await joined(scope)
            tasks.append(asyncio.create_task(follows(own)))
            await eventually("async", lambda: tasks[0].done() or unit._beginning._queue)
            return found

        monkeypatch.setattr(AsyncTransactionScope, "_joined", slow)
        await begins(own)
        await tasks[0]
        await own.rollback()
    # Who comes first begins a transaction of its own, or the one that is rolled back here, with the other one inside.
    names = await session.query(item).order_by("name").values_list("name", flat=True)
    assert names == (["first", "in the block"] if first == "begin" else [])
