"""Isolation and read only transactions of sessions, and a query as a loop, on every database."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import create_engine, create_pool, session_context
from ferrow.errors import DatabaseError, DataError, InterfaceError
from tests.support import entered, maybe
from tests.support.colours import items


@pytest.fixture
def style() -> str:
    return "declarative"


def user(models: ModuleType, name: str) -> Any:
    return models.User(name=name, email=f"{name}@example.com")


async def test_read_only(session: Any, engine: Any, models: ModuleType) -> None:
    await maybe(session.insert(user(models, "ada")))
    for block in (lambda: session.begin(readonly=True), lambda: session_context(engine, readonly=True)):
        async with entered(block()):
            assert await maybe(session.query(models.User).count()) == 1
        with pytest.raises(DatabaseError, match=r"(?i)read.?only"):
            async with entered(block()) as work:
                work.add(user(models, "bob"))
    assert await maybe(session.query(models.User).count()) == 1
    await maybe(session.insert(user(models, "bob")))  # nothing of it lasts


async def test_isolation(session: Any, engine: Any, models: ModuleType) -> None:
    for level in ("serializable", "repeatable read"):
        async with entered(session.begin(isolation=level)) as tx:
            tx.add(user(models, f"begin {level}"))
        async with entered(session_context(engine, isolation=level)) as work:
            work.add(user(models, f"context {level}"))
    assert await maybe(session.query(models.User).count()) == 4
    for block in (session.begin(isolation="chaos"), session_context(engine, isolation="chaos")):  # type: ignore[call-overload]  # pyright: ignore
        with pytest.raises(DataError, match="isolation"):
            async with entered(block):
                pass


async def test_a_savepoint_undoes_its_own_only(session: Any, models: ModuleType) -> None:
    async with entered(session.begin()) as tx:
        tx.add(user(models, "kept"))
        with pytest.raises(KeyError):
            async with entered(session.begin()) as inner:
                inner.add(user(models, "gone"))
                await maybe(inner.flush())
                raise KeyError
        await maybe(session.insert(user(models, "after")))
    assert await maybe(session.query(models.User).order_by("id").values_list("name", flat=True)) == ["kept", "after"]


async def test_a_query_is_a_loop(session: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([user(models, name) for name in "cab"]))
    query = session.query(models.User).order_by("name")
    assert [one.name for one in await items(query)] == ["a", "b", "c"]
    assert [one.name for one in await items(query.limit(2).offset(1))] == ["b", "c"]


async def test_the_size_of_the_pool_by_its_other_name(url: str, colour: str) -> None:
    for made in (create_engine(url, min_connections=1, max_connections=3), create_pool(url, 1, 3)):
        engine = await made if colour == "async" else made
        assert (await maybe(engine.execute("SELECT 1 AS one"))).scalar() == 1
        assert engine.pool.stats().max_size == 3
        await maybe(engine.close())
    with pytest.raises(InterfaceError, match="max_size"):
        create_pool(url, 1, 0)
