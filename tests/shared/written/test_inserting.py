"""What new instances say through their relations is inserted with them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import selectinload
from ferrow.errors import IntegrityError, NoResultFound, ProgrammingError
from tests.support import maybe
from tests.support.related.reading import rows


async def test_the_object_gives_the_key(session: Any, models: ModuleType) -> None:
    """O-D25: assigning post.author = user sets nothing."""
    m = models
    ada = await maybe(session.insert(m.Author(name="Ada", city_id=None)))
    book = m.Book(title="Notes", pages=66, author_id=None)
    book.author = ada
    await maybe(session.insert(book))
    assert book.author_id == ada.id
    assert await rows(session, "books", "title, author_id") == [("Notes", ada.id)]


async def test_new_objects_go_first(session: Any, models: ModuleType) -> None:
    m = models
    book = m.Book(
        title="Notes", pages=66, author_id=None, author=m.Author(name="Ada", city_id=None, city=m.City(name="London"))
    )
    await maybe(session.insert(book))
    assert book.author_id == book.author.id is not None
    assert book.author.city_id == book.author.city.id is not None
    found = await maybe(session.query(m.Book).options(selectinload("author.city")).one())
    assert (found.author.name, found.author.city.name) == ("Ada", "London")


async def test_a_collection_goes_after_its_owner(session: Any, models: ModuleType) -> None:
    m = models
    ada = m.Author(name="Ada", city_id=None)
    ada.books = [m.Book(title=title, pages=1, author_id=None) for title in ("One", "Two")]
    await maybe(session.insert(ada))
    assert [book.author_id for book in ada.books] == [ada.id] * 2
    assert await rows(session, "books", "title, author_id") == [("One", ada.id), ("Two", ada.id)]


async def test_append_to_the_collection_of_a_new_object(session: Any, models: ModuleType) -> None:
    m = models
    book = m.Book(title="Notes", pages=66, author_id=None, tags=[])
    book.tags.append(m.Tag(name="math"))
    await maybe(session.insert(book))
    assert await rows(session, "book_tags", "book_id, tag_id") == [(book.id, book.tags[0].id)]


async def test_many_to_many_before_any_query(session: Any, models: ModuleType) -> None:
    """O-D25: `.add()` before any query is an AttributeError."""
    m = models
    math, old = m.Tag(name="math"), m.Tag(name="old")
    one = m.Book(title="One", pages=1, author_id=None, tags=[math, old])
    two = m.Book(title="Two", pages=1, author_id=None, tags=[old], categories=[m.Category(name="Essays")])
    await maybe(session.insert_all([one, two]))
    assert await rows(session, "book_tags", "book_id, tag_id") == [
        (one.id, math.id),
        (one.id, old.id),
        (two.id, old.id),
    ]
    assert await rows(session, "book_categories", "book_id, category_id") == [(two.id, two.categories[0].id)]


async def test_both_sides_of_many_to_many_are_one_row(session: Any, models: ModuleType) -> None:
    m = models
    tag = m.Tag(name="math")
    book = m.Book(title="One", pages=1, author_id=None, tags=[tag])
    tag.books = [book]
    await maybe(session.insert_all([book, tag]))
    assert await rows(session, "book_tags", "book_id, tag_id") == [(book.id, tag.id)]


async def test_a_junction_between_rows_of_one_table(session: Any, models: ModuleType) -> None:
    m = models
    ada, bob = m.Author(name="Ada", city_id=None), m.Author(name="Bob", city_id=None)
    ada.followers = [bob]
    ada.following = [bob]
    await maybe(session.insert(ada))
    assert await rows(session, "follows", "follower_id, followed_id") == sorted([(bob.id, ada.id), (ada.id, bob.id)])


async def test_a_tree(session: Any, models: ModuleType) -> None:
    m = models
    leaf = m.Employee(name="Leaf", boss_id=None)
    root = m.Employee(name="Root", boss_id=None)
    middle = m.Employee(name="Mid", boss_id=None, boss=root, reports=[leaf])
    await maybe(session.insert_all([leaf, middle]))
    assert (root.boss_id, middle.boss_id, leaf.boss_id) == (None, root.id, middle.id)
    assert await rows(session, "employees", "name, boss_id") == [("Leaf", middle.id), ("Mid", root.id), ("Root", None)]


async def test_a_row_that_is_its_own_parent(session: Any, models: ModuleType) -> None:
    m = models
    root = m.Employee(name="Root", boss_id=None)
    root.boss = root
    await maybe(session.insert(root))
    assert root.boss_id == root.id
    assert await rows(session, "employees", "id, boss_id") == [(root.id, root.id)]


async def test_a_circle_that_may_begin_somewhere(session: Any, models: ModuleType) -> None:
    m = models
    one, two = m.Employee(name="One", boss_id=None), m.Employee(name="Two", boss_id=None)
    one.boss, two.boss = two, one
    await maybe(session.insert_all([one, two]))
    assert await rows(session, "employees", "name, boss_id") == [("One", two.id), ("Two", one.id)]


async def test_two_foreign_keys_to_one_table(session: Any, models: ModuleType, style: str) -> None:
    """O-D25: of two foreign keys to one table the first is used for both."""
    m = models
    ada, bob = m.Author(name="Ada", city_id=None), m.Author(name="Bob", city_id=None)
    await maybe(session.insert_all([ada, bob]))
    if style == "declarative":
        message = m.Message(text="hello", sender=ada, recipient=bob, sender_id=None, recipient_id=None)
    else:
        message = m.Message(text="hello", sender=ada, recipient=bob, sender_id=ada.id, recipient_id=bob.id)
    await maybe(session.insert(message))
    assert (message.sender_id, message.recipient_id) == (ada.id, bob.id)


async def test_keys_given_as_values_are_ordered_too(session: Any, models: ModuleType) -> None:
    m = models
    london = m.City(name="London")
    ada = m.Author(id=1, name="Ada", city_id=None, city=london)
    book = m.Book(id=1, title="Notes", pages=66, author_id=1)
    await maybe(session.insert_all([book, ada]))
    assert await rows(session, "books", "title, author_id") == [("Notes", 1)]


async def test_the_other_side_says_so_afterwards(session: Any, models: ModuleType, style: str) -> None:
    m = models
    ada = m.Author(name="Ada", city_id=None, books=[])
    book = m.Book(title="Notes", pages=66, author_id=None, author=ada)
    await maybe(session.insert(book))
    other = m.Book(title="More", pages=1, author_id=None)
    bob = m.Author(name="Bob", city_id=None, books=[other])
    await maybe(session.insert(bob))
    if style == "pydantic":  # they stay trees, which can be serialised
        assert ada.books == []
        assert "More" in bob.model_dump_json()
        assert "Ada" in book.model_dump_json()
    else:
        assert ada.books == [book]
        assert other.author is bob


async def test_contradictions(session: Any, models: ModuleType) -> None:
    m = models
    ada, bob = m.Author(name="Ada", city_id=None), m.Author(name="Bob", city_id=None)
    await maybe(session.insert_all([ada, bob]))
    book = m.Book(title="Notes", pages=66, author_id=bob.id, author=ada)
    with pytest.raises(
        ProgrammingError, match=rf"Book\.author_id is {bob.id}, and Book\.author says Author with id={ada.id}"
    ):
        await maybe(session.insert(book))
    book = m.Book(title="Notes", pages=66, author_id=bob.id, author=m.Author(name="New", city_id=None))
    with pytest.raises(
        ProgrammingError, match=rf"Book\.author_id is {bob.id}, and Book\.author says Author with id=None"
    ):
        await maybe(session.insert(book))
    book = m.Book(title="Notes", pages=66, author_id=None)
    cy, dee = m.Author(name="Cy", city_id=None, books=[book]), m.Author(name="Dee", city_id=None, books=[book])
    with pytest.raises(ProgrammingError, match=r"Book\.author_id is set by Author\.books .* and by Author\.books"):
        await maybe(session.insert_all([cy, dee]))
    book = m.Book(title="Notes", pages=66, author_id=None, author=ada)
    with pytest.raises(ProgrammingError, match=r"Book\.author.*Author\.books|Author\.books.*Book\.author"):
        await maybe(session.insert_all([book, m.Author(name="Cy", city_id=None, books=[book])]))
    assert await rows(session, "books", "id, title") == []
    assert len(await rows(session, "authors", "id, name")) == 2


@pytest.mark.only(style=("dataclass", "declarative"))  # Pydantic's own validation says so
async def test_what_a_relation_cannot_be(session: Any, models: ModuleType, style: str) -> None:
    m = models
    with pytest.raises(ProgrammingError, match=r"Book\.author leads to Author, and cannot be <?City"):
        await maybe(session.insert(m.Book(title="x", pages=1, author_id=None, author=m.City(name="London"))))
    with pytest.raises(ProgrammingError, match=r"Author\.books holds many Books: give a list"):
        await maybe(session.insert(m.Author(name="x", city_id=None, books=m.Book(title="x", pages=1, author_id=None))))


async def test_a_failure_leaves_everything_as_it_was(session: Any, models: ModuleType) -> None:
    m = models
    await maybe(session.insert(m.Book(id=7, title="Seven", pages=1, author_id=None)))
    one, seven = m.Book(title="One", pages=1, author_id=None), m.Book(id=7, title="Again", pages=1, author_id=None)
    ada = m.Author(name="Ada", city_id=None)
    one.author = ada
    with pytest.raises(IntegrityError):
        await maybe(session.insert_all([ada, one, seven]))
    assert (ada.id, one.id, one.author_id) == (None, None, None)
    assert await rows(session, "authors", "id, name") == []
    await maybe(session.insert(one))  # and it can be tried again
    assert one.author_id == ada.id is not None


async def test_an_object_with_a_key_counts_as_one_that_has_a_row(session: Any, models: ModuleType) -> None:
    m = models
    book = m.Book(id=70, title="x", pages=1, author_id=None)
    with pytest.raises(NoResultFound, match=r"Author\.books: there is no Book with id=70.*insert_all"):
        await maybe(session.insert(m.Author(name="Ada", city_id=None, books=[book])))
    assert await rows(session, "authors", "id, name") == []
    ada = m.Author(name="Ada", city_id=None, books=[book])
    await maybe(session.insert_all([ada, book]))
    assert await rows(session, "books", "id, author_id") == [(70, ada.id)]


async def test_a_row_that_is_there_comes_to_a_new_owner(session: Any, models: ModuleType) -> None:
    m = models
    book = await maybe(session.insert(m.Book(title="x", pages=1, author_id=None)))
    ada = await maybe(session.insert(m.Author(name="Ada", city_id=None, books=[book])))
    assert book.author_id == ada.id
    assert await rows(session, "books", "id, author_id") == [(book.id, ada.id)]
    bob = await maybe(session.insert(m.Author(name="Bob", city_id=None, books=[book])))
    assert await rows(session, "books", "id, author_id") == [(book.id, bob.id)]
