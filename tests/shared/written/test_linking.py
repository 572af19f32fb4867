"""`link`, `unlink` and `clear_links`; `load` and `load_for`."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import selectinload
from ferrow.errors import ForeignKeyViolation, ProgrammingError, UnknownColumn
from tests.support import maybe
from tests.support.related import fill
from tests.support.related.reading import rows


@pytest.fixture
def session(session: Any, models: ModuleType, runner: Any) -> Any:
    """With the rows of `tests.support.related`."""
    runner.run(fill(session, models))
    return session


async def pairs(session: Any) -> list[tuple[Any, ...]]:
    return await rows(session, "book_tags", "book_id, tag_id")


async def test_link_and_unlink_are_idempotent(session: Any, models: ModuleType) -> None:
    """O-D25: `.add()` before any query is an AttributeError."""
    m = models
    book, tag = await maybe(session.get(m.Book, 3)), await maybe(session.get(m.Tag, 3))
    for _ in range(2):
        await maybe(session.link(book, "tags", tag, tag))
    assert await pairs(session) == [(1, 1), (1, 2), (2, 2), (3, 3)]
    for _ in range(2):
        await maybe(session.unlink(book, m.Book.tags, tag))
    assert await pairs(session) == [(1, 1), (1, 2), (2, 2)]
    await maybe(session.link(book, "tags"))
    await maybe(session.unlink(book, "tags"))
    assert await maybe(session.clear_links(await maybe(session.get(m.Book, 1)), "tags")) == 2
    assert await pairs(session) == [(2, 2)]


async def test_keys_instead_of_objects(session: Any, models: ModuleType) -> None:
    m = models
    book = await maybe(session.get(m.Book, 3))
    await maybe(session.link(book, "tags", 1, 2))
    await maybe(session.unlink(book, "tags", 2, 77))
    assert await pairs(session) == [(1, 1), (1, 2), (2, 2), (3, 1)]
    with pytest.raises(ForeignKeyViolation):
        await maybe(session.link(book, "tags", 77))


async def test_loaded_collections_follow(session: Any, models: ModuleType) -> None:
    m = models
    book = await maybe(session.query(m.Book).options(selectinload("tags")).filter(id=1).one())
    unused = await maybe(session.get(m.Tag, 3))
    await maybe(session.link(book, "tags", unused))
    assert [tag.name for tag in book.tags] == ["math", "old", "unused"]
    await maybe(session.unlink(book, "tags", 1))
    assert [tag.name for tag in book.tags] == ["old", "unused"]
    await maybe(session.clear_links(book, "tags"))
    assert book.tags == []


async def test_new_objects_are_inserted(session: Any, models: ModuleType) -> None:
    m = models
    book, tag = await maybe(session.get(m.Book, 3)), m.Tag(id=50, name="new")
    await maybe(session.insert(tag))
    await maybe(session.link(book, "tags", tag))
    assert (3, 50) in await pairs(session)


async def test_a_junction_without_a_model_and_one_table_twice(session: Any, models: ModuleType) -> None:
    m = models
    book, food = await maybe(session.get(m.Book, 4)), await maybe(session.get(m.Category, 2))
    await maybe(session.link(book, "categories", food))
    await maybe(session.link(book, "categories", food))
    assert (4, 2) in await rows(session, "book_categories", "book_id, category_id")
    cy, bob = await maybe(session.get(m.Author, 3)), await maybe(session.get(m.Author, 2))
    await maybe(session.link(cy, "followers", bob))
    assert (2, 3) in await rows(session, "follows", "follower_id, followed_id")
    await maybe(session.unlink(bob, "following", cy))
    assert (2, 3) not in await rows(session, "follows", "follower_id, followed_id")


async def test_what_cannot_be_linked(session: Any, models: ModuleType) -> None:
    m = models
    book, ada = await maybe(session.get(m.Book, 3)), await maybe(session.get(m.Author, 1))
    with pytest.raises(ProgrammingError, match=r"Author\.books has no junction"):
        await maybe(session.link(ada, "books", book))
    with pytest.raises(UnknownColumn, match=r"Book has no relation 'tag'\. Did you mean 'tags'"):
        await maybe(session.link(book, "tag", 1))
    with pytest.raises(ProgrammingError, match=r"this Book has no row yet"):
        await maybe(session.link(m.Book(title="x", pages=1, author_id=None), "tags", 1))
    with pytest.raises(ProgrammingError, match=r"Several are several arguments: \*tags"):
        await maybe(session.link(book, "tags", [await maybe(session.get(m.Tag, 1))]))
    with pytest.raises(ProgrammingError, match=r"Book\.tags leads to Tag"):
        await maybe(session.link(book, "tags", ada))


async def test_load_for_loads_for_all_at_once(session: Any, models: ModuleType) -> None:
    m = models
    authors = await maybe(session.query(m.Author).order_by("id").all())
    found = await maybe(session.load_for(authors, "books.tags", "city"))
    assert found == authors
    assert [[book.title for book in one.books] for one in authors] == [["Letters", "Notes"], ["Cooking"], []]
    assert [tag.name for tag in authors[0].books[1].tags] == ["math", "old"]
    assert [one.city and one.city.name for one in authors] == ["London", "Paris", None]
    assert await maybe(session.load_for([], "books")) == []


async def test_load_reads_again(session: Any, models: ModuleType) -> None:
    m = models
    ada = await maybe(session.get(m.Author, 1))
    assert await maybe(session.load(ada, m.Author.books)) is ada
    assert len(ada.books) == 2
    await maybe(session.insert(m.Book(id=60, title="New", pages=1, author_id=1)))
    await maybe(session.load(ada, selectinload("books").selectinload("tags")))
    assert [(book.title, len(book.tags)) for book in ada.books] == [("Letters", 1), ("Notes", 2), ("New", 0)]


async def test_what_cannot_be_loaded(session: Any, models: ModuleType) -> None:
    m = models
    ada, book = await maybe(session.get(m.Author, 1)), await maybe(session.get(m.Book, 1))
    with pytest.raises(UnknownColumn, match="Did you mean 'books'"):
        await maybe(session.load(ada, "book"))
    with pytest.raises(ProgrammingError, match=r"Book\.tags is not a relation of Author"):
        await maybe(session.load(ada, m.Book.tags))
    with pytest.raises(ProgrammingError, match="which relations"):
        await maybe(session.load(ada))
    with pytest.raises(ProgrammingError, match="one model at a time, not for Author and Book"):
        await maybe(session.load_for([ada, book], "books"))
    with pytest.raises(ProgrammingError, match=r"Author\.books cannot be loaded: this Author has no row yet"):
        await maybe(session.load(m.Author(name="x", city_id=None), "books"))
