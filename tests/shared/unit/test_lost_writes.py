"""`update` in a unit of work writes what it says and no more: neither is undone what others have written, nor forgotten what is pending."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import columns
from ferrow.orm import rereading
from tests.support import entered, maybe
from tests.support.units import rows, two


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
