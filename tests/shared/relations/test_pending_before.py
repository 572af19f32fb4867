"""What is pending is written before a call that writes at once in a transaction of its own, and stays in the block's."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from tests.support import entered, maybe

Call = Callable[[Any, ModuleType, Any, Any], Any]

CALLS: dict[str, Call] = {
    "remove": lambda own, models, book, tag: own.remove(book),
    "force_delete": lambda own, models, book, tag: own.force_delete(book),
    "remove_all": lambda own, models, book, tag: own.remove_all([book]),
    "link": lambda own, models, book, tag: own.link(book, "tags", tag),
    "unlink": lambda own, models, book, tag: own.unlink(book, "tags", 1),
    "clear_links": lambda own, models, book, tag: own.clear_links(book, "tags"),
    "upsert_all": lambda own, models, book, tag: own.upsert_all(
        [models.City(id=7, name="x"), models.Tag(id=7, name="y")], "id"
    ),
    "create_or_update": lambda own, models, book, tag: own.create_or_update(models.City(id=1, name="renamed"), "id"),
    "update_all": lambda own, models, book, tag: own.update_all([book], "pages"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("committed", [True, False])
async def test_what_is_pending_is_written_before(
    session: Any, engine: Any, models: ModuleType, call: str, committed: bool
) -> None:
    async with entered(type(session)(engine)) as own:
        book, tag = await maybe(own.get(models.Book, 1)), await maybe(own.get(models.Tag, 3))
        own.add(models.City(id=90, name="pending"))
        await maybe(CALLS[call](own, models, book, tag))
        await maybe(own.commit() if committed else own.rollback())
    assert await maybe(session.query(models.City).filter(name="pending").count()) == int(committed)


@pytest.mark.parametrize("call", ["remove", "force_delete"])
async def test_what_was_only_added_is_removed_again(session: Any, engine: Any, models: ModuleType, call: str) -> None:
    async with entered(type(session)(engine)) as own:
        city = models.City(id=90, name="pending")
        own.add(city)
        await maybe(getattr(own, call)(city))
        await maybe(own.commit())
    assert await maybe(session.query(models.City).filter(name="pending").count()) == 0
