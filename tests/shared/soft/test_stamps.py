"""Columns that every UPDATE sets: `updated_at`."""

from __future__ import annotations

from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from ferrow import update
from ferrow.errors import DataError
from tests.support import maybe

OLD = datetime(2001, 1, 1, tzinfo=UTC)


async def aged(session: Any, models: ModuleType) -> Any:
    """An article that was last changed long ago."""
    one = await maybe(session.get(models.Article, 1))
    assert one.created_at == one.updated_at  # by one clock, at one moment
    await maybe(session.update(one, updated_at=OLD))  # what is said counts
    assert (await maybe(session.get(models.Article, 1))).updated_at == OLD == one.updated_at
    return one


async def changed(session: Any, models: ModuleType) -> bool:
    found = await maybe(session.get(models.Article, 1, include_deleted=True))
    return bool(found.updated_at > OLD)


async def test_session_update_of_some(session: Any, models: ModuleType) -> None:
    one = await aged(session, models)
    await maybe(session.update(one, words=11))
    assert one.updated_at > OLD
    assert (await maybe(session.get(models.Article, 1))).updated_at == one.updated_at


async def test_session_update_of_all(session: Any, models: ModuleType) -> None:
    one = await aged(session, models)
    one.words = 12
    await maybe(session.update(one))
    found = await maybe(session.get(models.Article, 1))
    assert (found.words, found.updated_at) == (12, one.updated_at)
    assert one.updated_at > OLD


async def test_a_failed_update_leaves_it(session: Any, models: ModuleType) -> None:
    one = await aged(session, models)
    with pytest.raises(DataError, match=r"Article\.words takes|Article\.words"):
        await maybe(session.update(one, words="many"))
    assert one.updated_at == OLD
    assert not await changed(session, models)


async def test_query_update(session: Any, models: ModuleType) -> None:
    await aged(session, models)
    await maybe(session.query(models.Article).filter(id=3).update(words=1))
    assert not await changed(session, models)
    await maybe(session.query(models.Article).filter(id=1).update(words=1))
    assert await changed(session, models)


async def test_bulk_update(session: Any, models: ModuleType) -> None:
    await aged(session, models)
    await maybe(session.bulk_update(models.Article, {"words": 1}, id=1))
    assert await changed(session, models)


async def test_statement(session: Any, models: ModuleType) -> None:
    await aged(session, models)
    await maybe(session.execute(update(models.Article).values(words=1)))
    assert await changed(session, models)
    await maybe(session.execute(update(models.Article).values(updated_at=OLD)))
    assert not await changed(session, models)


async def test_soft_deletion(session: Any, models: ModuleType) -> None:
    one = await aged(session, models)
    await maybe(session.soft_delete(one))
    assert one.updated_at > OLD
    await maybe(session.query(models.Article).with_deleted().update(updated_at=OLD))
    await maybe(session.query(models.Article).only_deleted().restore())
    assert await changed(session, models)


async def test_upsert(session: Any, models: ModuleType) -> None:
    await aged(session, models)
    there = await maybe(session.upsert(models.Article(title="One", words=5), "title", do_nothing=True))
    assert there.updated_at == OLD
    there = await maybe(session.upsert(models.Article(title="One", words=5), "title"))
    assert there.updated_at > OLD
    assert await changed(session, models)
