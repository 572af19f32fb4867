"""What is pending when a block inside a transaction begins is no part of it: its rollback takes back what came after, and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import pytest

from ferrow import session_context
from ferrow.errors import UniqueViolation
from tests.support import entered, maybe
from tests.support.units import Mistake, two

pytestmark = [
    pytest.mark.only(style="declarative"),
    pytest.mark.parametrize("around", ["block", "begin", "context"]),
    pytest.mark.parametrize("autoflush", [True, False]),
]


@asynccontextmanager
async def working(opened: Any, engine: Any, item: Any, around: str, autoflush: bool) -> AsyncIterator[Any]:
    """A session in a transaction that has begun, and is committed at the end."""
    if around == "context":
        async with entered(session_context(engine, autoflush=autoflush)) as own:
            yield own
        return
    own = opened(autoflush=autoflush)
    if around == "begin":
        async with entered(own.begin()):
            yield own
        return
    async with entered(own):
        own.add(item(name="first"))
        await maybe(own.flush())
        yield own
        await maybe(own.commit())


def inside(own: Any, way: str) -> Any:
    return entered(own.engine.transaction() if way == "engine" else getattr(own, way)())


@pytest.mark.parametrize("way", ["begin", "transaction", "engine"])
@pytest.mark.parametrize("deep", [False, True])
async def test_a_block_that_is_rolled_back(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, autoflush: bool, way: str, deep: bool
) -> None:
    item = models.Item
    await two(session, models)
    before, kept, undone, after = (item(name=name) for name in ("before", "kept", "undone", "after"))
    async with working(opened, engine, item, around, autoflush) as own:
        one, other = await maybe(own.query(item).filter(name__in=["a", "b"]).order_by("name").all())
        own.add(before)
        one.count = 5
        await maybe(own.delete(other))
        with pytest.raises(Mistake):
            async with inside(own, way):
                own.add(undone)
                one.name = "renamed"
                if deep:
                    async with inside(own, way):
                        own.add(item(name="undone, too"))
                raise Mistake
        assert (one.name, one.count, undone in own) == ("a", 5, False)
        async with inside(own, way):
            own.add(kept)
        own.add(after)
    found = await maybe(session.query(item).exclude(name="first").order_by("id").values_list("name", "count"))
    assert found == [("a", 5), ("before", 0), ("kept", 0), ("after", 0)]
    assert undone.id is None


@pytest.mark.parametrize("call", ["insert_all", "update_all"])
async def test_a_call_with_a_savepoint_of_its_own_that_fails(
    session: Any, opened: Any, engine: Any, models: ModuleType, around: str, autoflush: bool, call: str
) -> None:
    item = models.Item
    await two(session, models)
    before, new = item(name="before"), item(id=70, name="new")
    async with working(opened, engine, item, around, autoflush) as own:
        one, other = await maybe(own.query(item).filter(name__in=["a", "b"]).order_by("name").all())
        own.add(before)
        one.count = 5
        await maybe(own.delete(other))
        with pytest.raises(UniqueViolation):
            if call == "insert_all":
                await maybe(own.insert_all([new, item(name="a")]))
            else:
                await maybe(own.update_all([item(id=one.id, name="c"), item(id=one.id + 1, name="c")]))
        assert (one.count, before in own, new in own) == (5, True, False)
    found = await maybe(session.query(item).exclude(name="first").order_by("id").values_list("name", "count"))
    assert found == [("a", 5), ("before", 0)]
