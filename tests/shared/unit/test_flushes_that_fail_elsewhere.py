"""A block is rolled back while another task is writing what was added in it, and that fails then: the block's rollback has forgotten it."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from types import ModuleType
from typing import Any

import pytest

from ferrow import AsyncSession
from ferrow.engine.transaction import AsyncTransactionScope
from ferrow.orm.unit import flush
from tests.support.units import Mistake, rows, two

pytestmark = [pytest.mark.only(style="declarative"), pytest.mark.parametrize("colour", ["async"])]


class Refused(Exception):
    pass


@pytest.mark.parametrize("failing", ["before", "behind", "at its end", "never"])
async def test_what_the_block_has_added_is_forgotten(
    session: Any, engine: Any, models: ModuleType, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, outside = models.Item, copy_context()
    await two(session, models)
    new, mine = item(name="new"), item(name="mine")
    writing, over = asyncio.Event(), asyncio.Event()
    write, leave = flush.write, AsyncTransactionScope.__aexit__

    async def written(*arguments: Any) -> None:
        monkeypatch.setattr(flush, "write", write)
        if failing in ("before", "never"):
            writing.set()
            await asyncio.wait_for(over.wait(), 3)
        if failing == "before":
            raise Refused
        await write(*arguments)
        if failing == "behind":
            writing.set()
            await asyncio.wait_for(over.wait(), 3)
            raise Refused

    async def left(self: Any, kind: Any, error: Any, traceback: Any) -> None:
        if failing == "at its end" and asyncio.current_task() is other and error is None:
            monkeypatch.setattr(AsyncTransactionScope, "__aexit__", leave)
            writing.set()
            await asyncio.wait_for(over.wait(), 3)
            await leave(self, Refused, Refused(), None)
            raise Refused
        await leave(self, kind, error, traceback)

    async def flushing() -> None:
        own.add(mine)
        if failing == "never":
            await own.flush()
            return
        with pytest.raises(Refused):
            await own.flush()

    async with AsyncSession(engine, autoflush=False) as own:
        old = await own.query(item).filter(name="a").one()
        monkeypatch.setattr(flush, "write", written)
        monkeypatch.setattr(AsyncTransactionScope, "__aexit__", left)

        async def block() -> None:
            nonlocal other
            with pytest.raises(Mistake):
                async with own.begin(readonly=True):
                    own.add(new)
                    await own.delete(old)
                    other = asyncio.get_running_loop().create_task(flushing(), context=outside)
                    await asyncio.wait_for(writing.wait(), 3)
                    raise Mistake

        other: Any = None
        await block()
        over.set()
        await other
        if failing == "never":
            assert own.new == []
        else:
            assert (own.new, own.deleted, new.id) == ([mine], [], None)
        await own.commit()
    assert sorted(await rows(session, item, "name")) == (
        ["b", "mine", "new"] if failing == "never" else ["a", "b", "mine"]
    )
