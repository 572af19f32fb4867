"""In a unit of work a row is one instance, by whichever relation it is reached."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import joinedload, select, selectinload
from tests.support import entered, maybe


@pytest.mark.parametrize("option", [selectinload, joinedload])
async def test_related_objects_are_followed(session: Any, models: ModuleType, engine: Any, option: Any) -> None:
    async with entered(type(session)(engine)) as work:
        authors = {one.id: one for one in await maybe(work.query(models.Author).all())}
        books = await maybe(work.query(models.Book).options(option("author.city")).order_by("id").all())
        assert [book.author for book in books] == [authors.get(book.author_id) for book in books]
        assert all(book.author is authors.get(book.author_id) for book in books)
        cities = {city.id: city for city in await maybe(work.query(models.City).all())}
        assert all(book.author.city is cities.get(book.author.city_id) for book in books if book.author)
        again = await maybe(work.query(models.Author).options(selectinload("books.tags")).all())
        assert {id(one) for one in again} == {id(one) for one in authors.values()}
        by_id = {book.id: book for book in books}
        assert all(book is by_id[book.id] for author in again for book in author.books)

        chosen = (await maybe(work.execute(select(models.Book)))).scalars().all()
        assert all(book is by_id[book.id] for book in chosen)

        named = next(book for book in books if book.author is not None)
        named.author.name = "changed through a book"
        await maybe(work.commit())
    assert (await maybe(session.get(models.Author, named.author.id))).name == "changed through a book"
