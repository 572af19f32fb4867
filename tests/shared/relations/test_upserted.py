"""Relations of instances whose row was there already."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.crud import AsyncFunctions, Functions
from ferrow.errors import NotLoaded
from tests.support import entered, maybe


@pytest.mark.parametrize("way", ["upsert", "create_or_update", "do_nothing", "block"])
async def test_nobody_claims_that_there_are_none(session: Any, models: ModuleType, way: str) -> None:
    there = (await maybe(session.query(models.Book).filter(author_id__isnull=False).order_by("id").all()))[0]
    author = models.Author(id=there.author_id, name="Other")
    book = models.Book(id=there.id, title="Other", pages=1, author_id=there.author_id)
    if way == "create_or_update":
        assert not (await maybe(session.create_or_update(author, "id"))).created
        await maybe(session.create_or_update(book, "id"))
    elif way == "block":
        async with entered(session.begin()):
            await maybe(session.upsert(author, "id"))
            await maybe(session.upsert(book, "id"))
    else:
        await maybe(session.upsert(author, "id", do_nothing=way == "do_nothing"))
        await maybe(session.upsert(book, "id", do_nothing=way == "do_nothing"))
    for instance, name in ((author, "books"), (author, "profile"), (book, "author"), (book, "tags")):
        with pytest.raises(NotLoaded):
            getattr(instance, name)
    await maybe(session.load(author, "books"))
    assert there.id in [one.id for one in author.books]
    await maybe(session.update(author, name="Again"))
    assert there.id in [one.id for one in author.books]


@pytest.mark.only(style="pydantic")
async def test_of_a_new_row_it_is_known(session: Any, models: ModuleType) -> None:
    author, created = await maybe(session.create_or_update(models.Author(id=77, name="New"), "id"))
    assert (created, author.books, author.city) == (True, [], None)


@pytest.mark.only(style="pydantic")
async def test_functions(session: Any, models: ModuleType, engine: Any, colour: str) -> None:
    city = (await maybe(session.query(models.City).order_by("id").all()))[0]
    made = (Functions if colour == "sync" else AsyncFunctions)(engine)
    given = models.City(id=city.id, name="Other")
    found = await maybe(made.upsert(given))
    with pytest.raises(NotLoaded):
        _ = found.authors
    assert given.authors == []
