"""What a session commits inside another transaction is a savepoint's: when that transaction is rolled back, the session knows."""

from __future__ import annotations

from contextlib import nullcontext
from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.support import entered, maybe
from tests.support.units import Mistake, foreign, nothing_is_held, rows, two

pytestmark = [
    pytest.mark.only(style="declarative"),
    pytest.mark.parametrize("around", ["engine", "session"]),
    pytest.mark.parametrize("way", ["commit", "begin"]),
]


async def saved(own: Any, way: str, *added: object) -> None:
    if way == "commit":
        own.add_all(added)
        await maybe(own.commit())
        return
    async with entered(own.begin()):
        own.add_all(added)


@pytest.mark.parametrize("deep", [False, True])
async def test_it_is_undone_in_memory(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, way: str, deep: bool
) -> None:
    item = models.Item
    await two(session, models)
    new, later = item(name="new"), item(name="later")
    async with entered(opened(autoflush=False)) as own:
        one, other = await maybe(own.query(item).order_by("id").all())
        with pytest.raises(Mistake):
            async with foreign(opened, engine, around):
                one.name, one.count = "saved", 5
                await maybe(own.delete(other))
                if deep:
                    async with foreign(opened, engine, around):
                        await saved(own, way, new)
                else:
                    await saved(own, way, new)
                one.count = 6
                await saved(own, way)
                one.name, one.document = "unsaved", {"n": [2]}
                own.add(later)
                raise Mistake
        assert (new.id, new in own, one.count, own.is_modified(one)) == (None, False, 0, True)
        one.count = 6
        other.name = "there"
        await maybe(own.commit())
    assert await rows(session, item, "name", "count") == [("unsaved", 6), ("there", 0), ("later", 0)]
    assert (await rows(session, item, "document"))[0] == {"n": [2]}


async def test_it_stays_with_the_transaction(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, way: str
) -> None:
    item = models.Item
    await two(session, models)
    new = item(name="new")
    async with entered(opened()) as own:
        async with foreign(opened, engine, around):
            await saved(own, way, new)
            with pytest.raises(Mistake):
                async with foreign(opened, engine, around):
                    await saved(own, way, item(name="undone"))
                    raise Mistake
        new.count = 5
        await maybe(own.commit())
    assert await rows(session, item, "name", "count") == [("a", 0), ("b", 0), ("new", 5)]


async def test_it_holds_nothing_that_nobody_holds(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, way: str
) -> None:
    """The transaction around may be long, and what is committed in it much."""
    await two(session, models)
    async with entered(opened()) as own:
        one, new = await maybe(own.query(models.Item).order_by("id").first()), models.Item(name="new")
        async with foreign(opened, engine, around):
            one.count = 5
            await saved(own, way, new)
            del one, new
            await nothing_is_held(own, models.Item)


async def test_what_was_flushed_behind_it_is_undone_first(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, way: str
) -> None:
    item = models.Item
    await two(session, models)
    async with entered(opened()) as own:
        one = await maybe(own.query(item).order_by("id").first())
        with pytest.raises(Mistake):
            async with foreign(opened, engine, around):
                one.count = 5
                await saved(own, way)
                one.count = 6
                await maybe(own.flush())
                raise Mistake
        with pytest.raises(ProgrammingError, match="has ended before it"):
            await maybe(own.commit())
        await maybe(own.rollback())
        assert one.count == 0
        one.count = 5
        await maybe(own.commit())
    assert await rows(session, item, "count") == [5, 0]


@pytest.mark.parametrize("deep", [False, True])
async def test_behind_a_transaction_that_has_lost_its_own_nothing_is_undone(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, way: str, deep: bool
) -> None:
    """Another session's, which was begun inside one that is rolled back, and is given up later."""
    item = models.Item
    await two(session, models)
    new = item(name="new")
    async with entered(opened()) as own, entered(opened()) as their:
        async with entered(engine.transaction()) if deep else nullcontext():
            with pytest.raises(Mistake):
                async with foreign(opened, engine, around):
                    their.add(item(name="theirs"))
                    await maybe(their.flush())
                    raise Mistake
            await saved(own, way, new)
            await maybe(their.rollback())
            assert new.id is not None
        new.count = 5
        await maybe(own.commit())
    assert await rows(session, item, "name", "count") == [("a", 0), ("b", 0), ("new", 5)]
