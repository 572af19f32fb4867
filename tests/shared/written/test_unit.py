"""Relations in a unit of work: what objects say is written by the flush."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import selectinload
from ferrow.errors import NotLoaded, ProgrammingError, UnknownColumn
from tests.shared.written.conftest import Open
from tests.support import maybe
from tests.support.related.reading import rows


async def test_changed_relations_are_changes(unit: Any, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        book = await maybe(
            session.query(m.Book).options(selectinload("tags"), selectinload("author")).filter(id=1).one()
        )
        bob = await maybe(session.get(m.Author, 2))
        assert session.dirty == []
        assert not session.is_modified(book)
        book.tags.append(await maybe(session.get(m.Tag, 3)))
        assert session.dirty == [book]
        assert session.is_modified(book)
        await maybe(session.flush())
        assert session.dirty == []
        book.author, book.title = bob, "Other"
        assert session.dirty == [book]
        await maybe(session.rollback())
        assert session.dirty == []
        assert not session.is_modified(book)


async def numbered(session: Any) -> None:
    """Let the server number on from where the rows were given numbers."""
    if "postgresql" in repr(session):
        for table in ("cities", "authors", "books", "tags", "employees"):
            await maybe(session.execute_raw(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)"))


async def test_an_assigned_object(bare: Any, unit: Open, models: ModuleType) -> None:
    """O-D25: assigning post.author = user sets nothing."""
    m = models
    async with unit() as session:
        book = await maybe(session.query(m.Book).options(selectinload("author.books")).filter(id=1).one())
        ada, bob = book.author, await maybe(session.get(m.Author, 2))
        book.author = bob
        await maybe(session.commit())
        assert book.author_id == 2
        assert [one.id for one in ada.books] == [2]
    assert await rows(bare, "books", "author_id", "id") == [(2,), (1,), (2,), (None,)]


async def test_new_objects_and_collections(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    await numbered(bare)
    async with unit() as session:
        ada = await maybe(session.query(m.Author).options(selectinload("books")).filter(id=1).one())
        book = m.Book(title="New", pages=1, author_id=None, tags=[m.Tag(name="fresh")])
        ada.books.append(book)
        cy = await maybe(session.get(m.Author, 3))
        cy.city = m.City(name="Rome")
        await maybe(session.commit())
        assert (book.author_id, cy.city_id) == (1, cy.city.id)
        await maybe(session.commit())  # nothing to do any more
    assert ("New", 1) in await rows(bare, "books", "title, author_id")
    assert await rows(bare, "authors", "city_id", "id") == [(1,), (2,), (cy.city.id,)]
    assert (book.id, book.tags[0].id) in await rows(bare, "book_tags", "book_id, tag_id")


async def test_a_child_moves_and_one_leaves(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        authors = await maybe(session.query(m.Author).options(selectinload("books")).order_by("id").all())
        letters, notes = authors[0].books
        authors[0].books.remove(letters)
        authors[1].books.append(letters)
        authors[0].books.remove(notes)
        await maybe(session.commit())
        assert (letters.author_id, notes.author_id) == (2, None)
    assert await rows(bare, "books", "id, author_id") == [(1, None), (2, 2), (3, 2), (4, None)]


async def test_many_to_many_by_difference(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        book = await maybe(session.query(m.Book).options(selectinload("tags")).filter(id=1).one())
        unused = await maybe(session.get(m.Tag, 3))
        book.tags.remove(book.tags[0])
        book.tags.append(unused)
        await maybe(bare.execute_raw("SELECT 1"))
        await maybe(session.execute_raw("INSERT INTO tags (id, name) VALUES (70, 'x')"))
        await maybe(session.execute_raw("INSERT INTO book_tags (book_id, tag_id) VALUES (1, 70)"))
        await maybe(session.commit())
    # What was not loaded is not taken away.
    assert await rows(bare, "book_tags", "book_id, tag_id") == [(1, 2), (1, 3), (1, 70), (2, 2)]


async def test_refresh_of_relations(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        ada = await maybe(session.query(m.Author).options(selectinload("books")).filter(id=1).one())
        ada.name = "mine"
        ada.books.append(m.Book(title="never written", pages=1, author_id=None))
        await maybe(bare.execute_raw("UPDATE books SET author_id = 1 WHERE id = 3"))
        await maybe(session.refresh(ada, "books"))
        assert sorted(book.id for book in ada.books) == [1, 2, 3]
        assert ada.name == "mine"
        await maybe(session.refresh(ada, "name", "books.tags"))
        assert ada.name == "Ada"
        assert all(book.tags is not None for book in ada.books)
        book = ada.books[0]
        await maybe(session.load(book, "author"))
        await maybe(bare.execute_raw("UPDATE books SET author_id = 2"))
        await maybe(session.refresh(book))
        assert book.author_id == 2
        with pytest.raises(NotLoaded):
            _ = book.author
        await maybe(session.commit())
        with pytest.raises(UnknownColumn, match="boks"):
            await maybe(session.refresh(ada, "boks"))
    assert "never written" not in [title for title, _ in await rows(bare, "books", "title, id")]


async def test_queries_see_what_is_said(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        book = await maybe(session.get(m.Book, 4))
        book.author = await maybe(session.get(m.Author, 3))
        assert await maybe(session.query(m.Book).filter(author__name="Cy").count()) == 1
        await maybe(session.rollback())
        assert book.author_id is None
        with pytest.raises(NotLoaded):
            _ = book.author
    assert (4, None) in await rows(bare, "books", "id, author_id")


async def test_unsaved_relations_are_not_lost_in_silence(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    with pytest.raises(ProgrammingError, match=r"unsaved changes: Book with id=1 \(tags\)"):
        async with unit() as session:
            book = await maybe(session.query(m.Book).options(selectinload("tags")).filter(id=1).one())
            book.tags.clear()


async def test_contradictions_and_trying_again(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        book = await maybe(session.query(m.Book).options(selectinload("author")).filter(id=1).one())
        book.author, book.author_id = await maybe(session.get(m.Author, 2)), 3
        with pytest.raises(ProgrammingError, match=r"Book\.author_id is 3, and Book\.author says Author with id=2"):
            await maybe(session.commit())
        book.author_id = 2
        await maybe(session.commit())
    assert (await rows(bare, "books", "id, author_id"))[0] == (1, 2)


async def test_a_changed_key_wins_over_an_old_object(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        book = await maybe(session.query(m.Book).options(selectinload("author")).filter(id=1).one())
        book.author_id = 2
        await maybe(session.commit())
        with pytest.raises(NotLoaded):  # it was somebody else
            _ = book.author
    assert (await rows(bare, "books", "id, author_id"))[0] == (1, 2)


async def test_a_collection_that_was_not_loaded(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        ada = await maybe(session.get(m.Author, 1))
        ada.books = [await maybe(session.get(m.Book, 3))]
        with pytest.raises(
            ProgrammingError, match=r"Author\.books was not loaded, and was set as a whole.*session\.load"
        ):
            await maybe(session.commit())
        await maybe(session.rollback())


async def test_collections_of_what_was_just_inserted(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    await numbered(bare)
    async with unit() as session:
        dee = m.Author(name="Dee", city_id=None)
        session.add(dee)
        await maybe(session.flush())
        dee.books = [m.Book(title="First", pages=1, author_id=None)]
        await maybe(session.flush())
        dee.books.append(m.Book(title="Second", pages=1, author_id=None))
        await maybe(session.commit())
    assert [row[1] for row in await rows(bare, "books", "id, author_id")][-2:] == [dee.id, dee.id]


async def test_inserted_now_with_all_it_says(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    await numbered(bare)
    async with unit() as session:
        book = await maybe(
            session.insert(m.Book(title="x", pages=1, author_id=None, author=m.Author(name="Dee", city_id=None)))
        )
        assert book in session
        assert book.author in session
        book.author.name = "Dora"
        await maybe(session.commit())
    assert (book.author_id, "Dora") in await rows(bare, "authors", "id, name")


async def test_update_and_link_inside(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        book = await maybe(
            session.query(m.Book).options(selectinload("tags"), selectinload("author")).filter(id=1).one()
        )
        await maybe(session.link(book, "tags", await maybe(session.get(m.Tag, 3))))
        await maybe(session.update(book, author=await maybe(session.get(m.Author, 2))))
        await maybe(session.commit())
        assert (len(book.tags), book.author_id) == (3, 2)
    assert await rows(bare, "book_tags", "book_id, tag_id") == [(1, 1), (1, 2), (1, 3), (2, 2)]


async def test_deleting_frees_and_unlinks(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    async with unit() as session:
        book = await maybe(session.query(m.Book).options(selectinload("tags")).filter(id=1).one())
        await maybe(session.delete(book))
        cooking = await maybe(session.get(m.Book, 3))
        bob = await maybe(session.get(m.Author, 2))
        for message in await maybe(session.query(m.Message).filter(id__in=[1, 2]).all()):
            await maybe(session.delete(message))
        await maybe(session.delete(bob))
        await maybe(session.commit())
        assert cooking.author_id is None
    assert await rows(bare, "books", "id, author_id") == [(2, 1), (3, None), (4, None)]
    assert await rows(bare, "book_tags", "book_id, tag_id") == [(2, 2)]
    assert await rows(bare, "follows", "follower_id, followed_id") == [(3, 1)]


async def test_a_tree_in_one_flush(bare: Any, unit: Open, models: ModuleType) -> None:
    m = models
    await numbered(bare)
    async with unit() as session:
        one, two = m.Employee(name="One", boss_id=None), m.Employee(name="Two", boss_id=None)
        one.boss, two.boss = two, one
        three = m.Employee(name="Three", boss_id=None, boss=one)
        session.add_all([three, one])
        await maybe(session.commit())
    found = dict(await rows(bare, "employees", "name, boss_id"))
    assert (found["One"], found["Two"], found["Three"]) == (two.id, one.id, one.id)


async def test_outside_of_any_block(bare: Any, models: ModuleType) -> None:
    m = models
    await numbered(bare)
    bare.add(
        m.Book(
            title="New", pages=1, author_id=None, author=m.Author(name="Dee", city_id=None), tags=[m.Tag(name="fresh")]
        )
    )
    await maybe(bare.commit())
    assert await maybe(bare.query(m.Book).filter(author__name="Dee", tags__name="fresh").count()) == 1
