"""What rows are told through the relations of their objects."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import selectinload
from ferrow.errors import NotLoaded, ProgrammingError
from tests.support import maybe
from tests.support.related import fill
from tests.support.related.reading import rows


@pytest.fixture
def session(session: Any, models: ModuleType, runner: Any) -> Any:
    """With the rows of `tests.support.related`."""
    runner.run(fill(session, models))
    return session


async def reset(session: Any) -> None:
    """Let the server number on from where the rows were given numbers."""
    if "postgresql" in str(getattr(session, "_core", session)._engine.url):
        for table in ("authors", "books", "tags", "categories", "employees"):
            await maybe(session.execute_raw(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)"))


async def test_another_object_in_a_loaded_relation(session: Any, models: ModuleType) -> None:
    """O-D25: assigning post.author = user sets nothing."""
    m = models
    book = await maybe(session.query(m.Book).options(selectinload("author")).filter(id=1).one())
    bob = await maybe(session.get(m.Author, 2))
    book.author = bob
    await maybe(session.update(book))
    assert book.author_id == 2
    assert await rows(session, "books", "author_id", "id") == [(2,), (1,), (2,), (None,)]


async def test_an_object_in_a_relation_that_was_not_loaded(session: Any, models: ModuleType) -> None:
    m = models
    book, bob = await maybe(session.get(m.Book, 1)), await maybe(session.get(m.Author, 2))
    book.author = bob
    await maybe(session.update(book))
    assert (book.author_id, book.author) == (2, bob)
    assert (await rows(session, "books", "id, author_id"))[0] == (1, 2)


async def test_a_named_object(session: Any, models: ModuleType) -> None:
    m = models
    await reset(session)
    book, bob = await maybe(session.get(m.Book, 1)), await maybe(session.get(m.Author, 2))
    await maybe(session.update(book, author=bob, title="Named"))
    assert (book.author, book.author_id) == (bob, 2)
    assert (await rows(session, "books", "id, title, author_id"))[0] == (1, "Named", 2)
    new = m.Author(name="New", city_id=None)
    await maybe(session.update(book, author=new))
    assert book.author_id == new.id is not None
    await maybe(session.update(book, author=None))
    assert (book.author, book.author_id) == (None, None)
    assert (await rows(session, "books", "id, title, author_id"))[0] == (1, "Named", None)


async def test_none_in_a_loaded_relation(session: Any, models: ModuleType, style: str) -> None:
    m = models
    book = await maybe(session.query(m.Book).options(selectinload("author")).filter(id=1).one())
    book.author = None
    if style == "dataclass":  # there None may be the default of an object that only knows the key
        await maybe(session.update(book, author=None))
    else:
        await maybe(session.update(book))
    assert book.author_id is None
    assert (await rows(session, "books", "id, author_id"))[0] == (1, None)


async def test_a_changed_key_is_not_undone_by_the_object(session: Any, models: ModuleType) -> None:
    m = models
    book = await maybe(session.query(m.Book).options(selectinload("author")).filter(id=1).one())
    book.author_id = 2
    await maybe(session.update(book))
    assert (await rows(session, "books", "id, author_id"))[0] == (1, 2)
    with pytest.raises(NotLoaded, match=r"Book\.author"):  # it was somebody else
        _ = book.author
    book = await maybe(session.query(m.Book).options(selectinload("author")).filter(id=2).one())
    await maybe(session.update(book, author_id=2))
    with pytest.raises(NotLoaded, match=r"Book\.author"):
        _ = book.author


async def test_contradictions(session: Any, models: ModuleType) -> None:
    m = models
    book = await maybe(session.query(m.Book).options(selectinload("author")).filter(id=1).one())
    bob = await maybe(session.get(m.Author, 2))
    book.author, book.author_id = bob, 3
    with pytest.raises(ProgrammingError, match=r"Book\.author_id is 3, and Book\.author says Author with id=2"):
        await maybe(session.update(book))
    with pytest.raises(ProgrammingError, match=r"author_id=3\): Book\.author is another object, whose key is 2"):
        await maybe(session.update(book, author=bob, author_id=3))
    cy = await maybe(session.get(m.Author, 3))
    cy.books = [await maybe(session.get(m.Book, 2))]
    with pytest.raises(ProgrammingError, match=r"Book\.author_id is 1, and Author\.books says Author with id=3"):
        await maybe(session.update(cy))
    assert await rows(session, "books", "author_id", "id") == [(1,), (1,), (2,), (None,)]


async def test_a_collection_that_is_not_named_adds(session: Any, models: ModuleType) -> None:
    m = models
    await reset(session)
    ada = await maybe(session.query(m.Author).options(selectinload("books")).filter(id=1).one())
    ada.books.append(m.Book(title="New", pages=1, author_id=None))
    ada.books.append(await maybe(session.get(m.Book, 4)))  # that had no author
    await maybe(session.update(ada))
    found = await rows(session, "books", "title, author_id")
    assert found == [("Anonymous", 1), ("Cooking", 2), ("Letters", 1), ("New", 1), ("Notes", 1)]
    book = await maybe(session.query(m.Book).options(selectinload("tags")).filter(id=2).one())
    book.tags += [m.Tag(name="new"), await maybe(session.get(m.Tag, 3))]
    await maybe(session.update(book))
    assert [row for row in await rows(session, "book_tags", "book_id, tag_id") if row[0] == 2] == [
        (2, 2), (2, 3), (2, book.tags[1].id)
    ]  # fmt: skip


async def test_a_named_collection_is_what_there_is(session: Any, models: ModuleType) -> None:
    m = models
    await reset(session)
    ada = await maybe(session.query(m.Author).options(selectinload("books")).filter(id=1).one())
    letters, notes = ada.books
    await maybe(session.update(ada, books=[notes, m.Book(title="New", pages=1, author_id=None)]))
    found = await rows(session, "books", "title, author_id")
    assert found == [("Anonymous", None), ("Cooking", 2), ("Letters", None), ("New", 1), ("Notes", 1)]
    assert letters.author_id is None
    assert [book.title for book in ada.books] == ["Notes", "New"]

    book = await maybe(session.get(m.Book, 1))
    math, unused = await maybe(session.get(m.Tag, 1)), await maybe(session.get(m.Tag, 3))
    await maybe(session.update(book, tags=[math, unused, unused]))
    assert await rows(session, "book_tags", "book_id, tag_id") == [(1, 1), (1, 3), (2, 2)]
    await maybe(session.update(book, tags=[]))
    assert await rows(session, "book_tags", "book_id, tag_id") == [(2, 2)]


async def test_children_that_must_have_an_owner(session: Any, models: ModuleType, style: str) -> None:
    m = models
    ada = await maybe(session.get(m.Author, 1))
    with pytest.raises(
        ProgrammingError, match=r"leaves Author\.profile, and Profile\.author_id may not be NULL.*orphan"
    ):
        await maybe(session.update(ada, profile=None))
    with pytest.raises(ProgrammingError, match=r"leaves Author\.sent, and Message\.sender_id may not be NULL"):
        await maybe(session.update(ada, sent=[]))
    assert await rows(session, "profiles", "id, author_id") == [(1, 1)]


async def test_one_to_one(session: Any, models: ModuleType) -> None:
    m = models
    bob = await maybe(session.get(m.Author, 2))
    profile = await maybe(session.get(m.Profile, 1))
    await maybe(session.update(bob, profile=profile))
    assert (profile.author_id, bob.profile) == (2, profile)
    assert await rows(session, "profiles", "id, author_id") == [(1, 2)]


async def test_a_failed_update_leaves_the_object_as_it_was(session: Any, models: ModuleType) -> None:
    m = models
    ada = await maybe(session.query(m.Author).options(selectinload("sent")).filter(id=1).one())
    before = list(ada.sent)
    bob = await maybe(session.get(m.Author, 2))
    with pytest.raises(ProgrammingError):
        await maybe(session.update(ada, name="Changed", sent=[]))
    assert (ada.name, ada.sent) == ("Ada", before)
    assert (await rows(session, "authors", "id, name"))[0] == (1, "Ada")
    assert bob.name == "Bob"


async def test_following_a_tree(session: Any, models: ModuleType) -> None:
    m = models
    root = await maybe(session.get(m.Employee, 1))
    leaf, twig = await maybe(session.get(m.Employee, 3)), await maybe(session.get(m.Employee, 4))
    await maybe(session.update(leaf, boss=root))
    await maybe(session.update(leaf, reports=[twig]))
    assert await rows(session, "employees", "id, boss_id") == [(1, None), (2, 1), (3, 1), (4, 3)]


async def test_columns_alone_touch_no_relation(session: Any, models: ModuleType) -> None:
    m = models
    book = await maybe(
        session.query(m.Book)
        .options(
            selectinload(
                "tags",
            ),
            selectinload("author"),
        )
        .filter(id=1)
        .one()
    )
    book.tags.clear()
    await maybe(session.update(book, title="Other"))
    assert (await rows(session, "book_tags", "book_id, tag_id"))[:2] == [(1, 1), (1, 2)]
    assert book.author.name == "Ada"
