"""Authors with their books loaded, while rows of books change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import pytest

from ferrow import selectinload
from ferrow.errors import NoResultFound
from tests.support import maybe

BEFORE = [[1, 2], [3], []]
"""What Ada, Bob and Cy have."""

Change = Callable[[Any, ModuleType], Awaitable[None]]


async def authors(session: Any, models: ModuleType, *more: str) -> list[Any]:
    """Ada, Bob and Cy, with their books (1, 2; 3; none)."""
    options = [selectinload(name) for name in ("books", *more)]
    return list(await maybe(session.query(models.Author).options(*options).order_by("id").all()))


async def half_loaded(session: Any, models: ModuleType) -> tuple[Any, Any]:
    """Ada without her books, and Bob with those called Cooking."""
    ada = await maybe(session.get(models.Author, 1))
    part = selectinload("books").where(title="Cooking")
    bob = await maybe(session.query(models.Author).options(part).filter(id=2).one())
    return ada, bob


def held(found: list[Any]) -> list[list[int]]:
    return [sorted(book.id for book in one.books) for one in found]


async def read(bare: Any, models: ModuleType) -> list[list[int]]:
    return held(await authors(bare, models))


async def flush_that_fails(bare: Any, unit: Any, models: ModuleType, change: Change, after: list[list[int]]) -> None:
    """A flush that fails leaves the collections as they were; the next one, which succeeds, changes them."""
    async with unit() as session:
        found = await authors(session, models)
        gone = await maybe(session.get(models.Profile, 1))
        await maybe(bare.query(models.Profile).delete())
        await change(session, models)
        await maybe(session.delete(gone))
        with pytest.raises(NoResultFound):
            await maybe(session.flush())
        assert held(found) == BEFORE
        session.expunge(gone)
        await maybe(session.commit())
        assert held(found) == after
