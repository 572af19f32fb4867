"""A unit of work in transactions: what a block undoes, what it keeps, and who belongs to it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import session_context
from ferrow.errors import UniqueViolation
from tests.support import entered, maybe
from tests.support.units import Mistake, rows, two


async def test_what_happens_in_a_block_is_undone_by_an_exception(session: Any, engine: Any, models: ModuleType) -> None:
    """O-D1: the original only forgets what it has not sent yet."""
    await two(session, models)
    for block in (session.begin(), session_context(engine)):
        new = models.Item(name="new")
        with pytest.raises(Mistake):
            async with entered(block):
                one = await maybe(session.get(models.Item, 1))
                await maybe(session.update(one, name="changed"))
                await maybe(session.insert(new))
                await maybe(session.remove(await maybe(session.get(models.Item, 2))))
                raise Mistake
        assert await rows(session, models.Item, "name") == ["a", "b"]


async def test_begin_saves_changes_and_sees_them(session: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(session.begin()) as tx:
        one = await maybe(session.get(models.Item, 1))
        one.count = 4
        new = models.Item(name="new")
        tx.add(new)
        assert await maybe(session.query(models.Item).filter(count=4).count()) == 1  # flushed before
        assert new.id == 3
        new.count = 5
    assert await rows(session, models.Item, "count") == [4, 0, 5]


async def test_session_context_follows(session: Any, engine: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(session_context(engine)) as work:
        (await maybe(work.get(models.Item, 1))).count = 4
    assert await rows(session, models.Item, "count") == [4, 0]
    one = models.Item(name="a")
    with pytest.raises(UniqueViolation):
        async with entered(session_context(engine)) as work:
            (await maybe(work.get(models.Item, 2))).count = 4
            work.add(one)
    assert one.id is None
    assert await rows(session, models.Item, "count") == [4, 0]


async def test_rollback_gives_back_what_the_rows_hold(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        one, other = await maybe(work.query(models.Item).order_by("id").all())
        new = models.Item(name="new")
        work.add(new)
        one.name, one.document["x"] = "flushed", 1
        await maybe(work.delete(other))
        await maybe(work.flush())
        one.count = 9
        assert new.id == 3
        await maybe(work.rollback())
        assert (one.name, one.count, one.document, new.id) == ("a", 0, {"n": [1]}, None)
        assert work.dirty == work.new == work.deleted == []
        one.name, other.name = "later", "there"
        work.add(new)
        await maybe(work.commit())
    assert await rows(session, models.Item, "name") == ["later", "there", "new"]


async def test_a_nested_block_is_undone_alone(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as work:
        async with entered(work.begin()):
            one = await maybe(work.get(models.Item, 1))
            one.count = 1
            with pytest.raises(Mistake):
                async with entered(work.begin()):
                    one.count = 2
                    work.add(models.Item(name="undone"))
                    await maybe(work.flush())
                    one.name = "undone, too"
                    raise Mistake
            assert (one.name, one.count) == ("a", 1)
            async with entered(work.begin()):
                one.name = "kept"
    assert await rows(session, models.Item, "name", "count") == [("kept", 1), ("b", 0)]


async def test_everybody_in_the_block_belongs_to_it(session: Any, opened: Any, models: ModuleType) -> None:
    """A function that makes a session of its own inside begin() works with the same instances."""
    await two(session, models)

    async def helper() -> Any:
        found = await maybe(opened().get(models.Item, 1))
        found.count = 3
        return found

    async with entered(session.begin()):
        one = await maybe(session.get(models.Item, 1))
        assert await helper() is one
    assert await rows(session, models.Item, "count") == [3, 0]
