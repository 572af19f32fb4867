"""`update` in a unit of work writes what it says and no more: neither is undone what others have written, nor forgotten what is pending."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import columns
from ferrow.orm import rereading
from tests.support import entered, maybe
from tests.support.units import Mistake, rows, two


@pytest.mark.parametrize("autoflush", [True, False])
@pytest.mark.parametrize("changed", [True, False])
async def test_without_values_only_what_changed_is_written(
    session: Any, opened: Any, models: ModuleType, autoflush: bool, changed: bool
) -> None:
    await two(session, models)
    async with entered(opened(autoflush=autoflush)) as own:
        one = await maybe(own.get(models.Item, 1))
        await maybe(session.query(models.Item).filter(id=1).update(name="theirs"))
        if changed:
            one.count = 5
        assert await maybe(own.update(one)) is one
        assert not own.is_modified(one)
        await maybe(own.commit())
    assert (await rows(session, models.Item, "name", "count"))[0] == ("theirs", 5 if changed else 0)


async def test_what_is_not_named_is_still_pending(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened(autoflush=False)) as own:
        one = await maybe(own.get(models.Item, 1))
        one.count = 7
        await maybe(own.update(one, name="mine"))
        assert own.is_modified(one)
        await maybe(own.commit())
    assert (await rows(session, models.Item, "name", "count"))[0] == ("mine", 7)


@pytest.mark.parametrize("way", ["update", "computed"])
async def test_what_is_assigned_while_it_is_written_is_still_pending(
    session: Any, opened: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """By another task or thread that shares the unit."""
    await two(session, models)
    run = rereading.run

    async def meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(rereading, "run", run)
        one.name, one.document = "later", {"n": [2]}
        return await run(*arguments)

    async with entered(opened()) as own:
        one = await maybe(own.get(models.Item, 1))
        monkeypatch.setattr(rereading, "run", meanwhile)
        if way == "update":
            await maybe(own.update(one, name="first"))
        else:
            one.count = columns(models.Item).count + 1
            await maybe(own.flush())
        assert one.name == "later"
        await maybe(own.commit())
    assert (await rows(session, models.Item, "name", "document"))[0] == ("later", {"n": [2]})


async def test_a_key_that_update_has_changed_is_followed(session: Any, opened: Any, models: ModuleType) -> None:
    await two(session, models)
    async with entered(opened()) as own:
        one = await maybe(own.get(models.Item, 1))
        await maybe(own.update(one, id=9))
        one.count = 4
        await maybe(own.commit())
    assert await rows(session, models.Item, "id", "count") == [(2, 0), (9, 4)]


@pytest.mark.parametrize("seen", ["query", "get", "refresh", "upsert"])
@pytest.mark.parametrize("nested", [False, True])
async def test_what_was_seen_of_changes_that_are_undone_is_not_taken_for_saved(
    session: Any, opened: Any, models: ModuleType, seen: str, nested: bool
) -> None:
    await two(session, models)
    async with entered(opened()) as own:
        one = await maybe(own.get(models.Item, 1))
        one.document = {"n": [2]}
        await maybe(own.flush())

        async def change() -> None:
            if seen == "upsert":
                await maybe(own.upsert(models.Item(id=1, name="a", count=9), "id"))
                return
            await maybe(own.query(models.Item).filter(id=1).update(count=9))
            if seen == "refresh":
                await maybe(own.refresh(one, "count"))
            elif seen == "get":
                await maybe(own.get(models.Item, 1))
            else:
                await maybe(own.query(models.Item).all())

        if nested:
            with pytest.raises(Mistake):
                async with entered(own.begin()):
                    await change()
                    assert one.count == 9
                    raise Mistake
        else:
            await change()
            assert one.count == 9
            await maybe(own.rollback())
        assert (one.count, own.is_modified(one)) == (0, False)
        one.count = 9
        await maybe(own.commit())
    assert (await rows(session, models.Item, "count", "document"))[0] == (9, {"n": [2 if nested else 1]})


async def test_a_transaction_that_has_only_seen_changes_may_just_end(
    session: Any, opened: Any, models: ModuleType
) -> None:
    await two(session, models)
    async with entered(opened()) as own:
        one = await maybe(own.get(models.Item, 1))
        one.count = 5
        await maybe(own.commit())
        async with entered(own.begin()):
            await maybe(own.query(models.Item).filter(id=1).update(count=9))
            await maybe(own.query(models.Item).all())
        assert (one.count, own.is_modified(one)) == (9, False)
    assert (await rows(session, models.Item, "count"))[0] == 9


@pytest.mark.parametrize("autoflush", [True, False])
@pytest.mark.parametrize("call", ["upsert", "upsert_all", "create_or_update"])
async def test_an_upsert_of_a_followed_row_gives_its_instance(
    session: Any, opened: Any, models: ModuleType, autoflush: bool, call: str
) -> None:
    await two(session, models)
    async with entered(opened(autoflush=autoflush)) as own:
        one = await maybe(own.get(models.Item, 1))
        one.document = {"n": [2]}
        given: Any = models.Item(name="a", count=3)
        found = await maybe(getattr(own, call)([given] if call == "upsert_all" else given, "name"))
        found = found[0] if call == "upsert_all" else getattr(found, "instance", found)
        assert found is one is await maybe(own.get(models.Item, 1))
        assert (one.count, one.document, own.is_modified(one)) == (3, {"n": [2]}, not autoflush)
        one.tags = ["x"]
        await maybe(own.commit())
    assert (await rows(session, models.Item, "count", "document", "tags"))[0] == (3, {"n": [2]}, ["x"])
