"""Calls that commit by themselves in a session's block, before a transaction has begun: no rollback undoes them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.support import entered, maybe
from tests.support.units import rows


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


@pytest.mark.parametrize("call", ["upsert_all", "create_or_update_all"])
async def test_two_instances_of_one_new_row(session: Any, opened: Any, models: ModuleType, call: str) -> None:
    """The row has one instance; also where a statement for each set of columns sends the second one first."""
    item = models.Item
    async with entered(opened()) as work:
        first, alone, other = item(name="a", count=1), item(name="b"), item(name="a", count=2)
        given = await maybe(getattr(work, call)([first, alone, other], "name"))
        if call != "upsert_all":
            assert [created for _, created in given] == [True, True, False]
            given = [one for one, _ in given]
        assert given[0] is given[2] is first
        assert (first.count, other.count, other.id) == (2, 2, first.id)
        assert first in work
        assert work.dirty == []
        first.count = 3
        await maybe(work.commit())
    assert await rows(session, item, "name", "count") == [("a", 3), ("b", 0)]
    twin, again = item(name="c", count=1), item(name="c", count=2)
    await maybe(session.upsert_all([twin, again], "name"))
    assert (twin.count, again.count, twin.id) == (2, 2, again.id)


@pytest.mark.parametrize("inside", [True, False])
async def test_one_instance_twice(session: Any, opened: Any, models: ModuleType, inside: bool) -> None:
    one, other = models.Item(name="a"), models.Item(name="b")
    async with entered(opened()) as work:
        call = (work if inside else session).insert_all
        with pytest.raises(ProgrammingError, match=r"insert_all\(\) was given the same Item at index 0 and at 2"):
            await maybe(call([one, other, one]))
    assert await rows(session, models.Item, "name") == []
