"""Rows for units of work, and what the database has of them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from tests.support import maybe


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
