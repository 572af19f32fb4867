"""Calls that commit by themselves in a session's block, before a transaction has begun: no rollback undoes them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from tests.support import entered, maybe


async def test_rollback_leaves_what_was_committed(session: Any, opened: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.Item(name="a"), models.Item(name="b"), models.Item(name="c")]))
    async with entered(opened()) as work:
        changed, gone, third = await maybe(work.query(models.Item).order_by("id").all())
        new = await maybe(work.insert(models.Item(name="new")))
        await maybe(work.update(changed, count=1))
        await maybe(work.update_all([third], "count"))
        await maybe(work.remove(gone))
        await maybe(work.rollback())
        assert (new.id, changed.count) == (4, 1)
        assert new in work
        assert changed in work
        assert gone not in work
        assert await maybe(work.get(models.Item, 4)) is new
        new.count = 2
        await maybe(work.commit())
    found = await maybe(session.query(models.Item).order_by("id").values_list("id", "count"))
    assert found == [(1, 1), (3, 0), (4, 2)]


async def test_a_block_may_end_after_calls_of_their_own(session: Any, opened: Any, models: ModuleType) -> None:
    async with entered(opened()) as work:
        await maybe(work.insert(models.Item(name="a")))
        await maybe(work.query(models.Item).count())
    assert await maybe(session.query(models.Item).count()) == 1
