"""Rows for units of work, and what the database has of them."""

from __future__ import annotations

import gc
from contextlib import AbstractAsyncContextManager
from types import ModuleType
from typing import Any

from tests.support import entered, maybe


class Mistake(Exception):
    pass


async def rows(session: Any, model: Any, *columns: str) -> list[Any]:
    found: list[Any] = await maybe(session.query(model).order_by("id").values_list(*columns, flat=len(columns) == 1))
    return found


async def two(session: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.Item(name="a", document={"n": [1]}), models.Item(name="b")]))


async def read(query: Any, way: str) -> list[Any]:
    """The rows of an asynchronous query, by `all` or by "stream"."""
    return [one async for one in query.stream()] if way == "stream" else await query.all()


def foreign(opened: Any, engine: Any, around: str) -> AbstractAsyncContextManager[Any]:
    """A transaction that is not the session's under test: the engine's own, or another session's."""
    return entered(engine.transaction() if around == "engine" else opened().begin())


async def nothing_is_held(own: Any, model: Any) -> None:
    """The session has let go of instances that nobody else holds any more."""
    gc.collect()
    for _ in range(2):  # the thread of an SQLite connection holds the parameters of its last statement
        await maybe(own.query(model).count())
    assert not getattr(own, "_core", own)._engine.unit.groups[model].instances
