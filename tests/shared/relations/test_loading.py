"""Load options, on real rows."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from ferrow import Q, joinedload, lazyload, noload, raiseload, select, selectinload
from ferrow.errors import NotLoaded, UnknownColumn
from tests.support import maybe


@pytest.fixture
def statements(session: Any) -> Iterator[list[str]]:
    """What is sent."""
    engine = getattr(session, "_core", session)._engine
    sent: list[str] = []
    run = type(engine).run

    async def spying(self: Any, sql: str, *args: Any, **kwargs: Any) -> Any:
        sent.append(sql)
        return await run(self, sql, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(engine), "run", spying)
        yield sent


async def test_what_is_not_loaded_says_so(session: Any, models: ModuleType) -> None:
    ada = await maybe(session.get(models.Author, 1))
    for key in ("books", "city", "profile", "sent", "received", "followers"):
        with pytest.raises(NotLoaded, match=rf'Author\.{key} is a relation.*load\("{key}"\)'):
            getattr(ada, key)
        assert not hasattr(ada, key)
    leaf = await maybe(session.get(models.Employee, 3))
    with pytest.raises(NotLoaded, match=r"Employee\.boss"):
        _ = leaf.boss
    assert "Ada" in repr(ada) or "id=1" in repr(ada)


@pytest.mark.parametrize("option", [selectinload, joinedload])
async def test_every_kind_of_relation(session: Any, models: ModuleType, option: Any) -> None:
    m = models

    async def load(model: Any, *keys: str) -> dict[int, Any]:
        found = await maybe(session.query(model).options(*[option(key) for key in keys]).order_by("id").all())
        return {one.id: one for one in found}

    authors = await load(m.Author, "city", "books", "profile", "sent", "received", "followers", "following")
    ada, bob, cy = authors[1], authors[2], authors[3]
    assert (ada.city.name, bob.city.name, cy.city) == ("London", "Paris", None)
    assert [book.title for book in ada.books] == ["Letters", "Notes"]  # order_by="-pages"
    assert (cy.books, type(cy.books)) == ([], list)
    assert (ada.profile.text, bob.profile) == ("poet", None)
    assert [one.text for one in ada.sent] == ["hello", "note to self"]
    assert [one.text for one in ada.received] == ["hi", "note to self"]
    assert [[one.name for one in a.followers] for a in (ada, bob, cy)] == [["Bob", "Cy"], ["Ada"], []]
    assert [[one.name for one in a.following] for a in (ada, bob, cy)] == [["Bob"], ["Ada"], ["Ada"]]

    books = await load(m.Book, "tags", "author", "categories")
    assert [[tag.name for tag in book.tags] for book in books.values()] == [["math", "old"], ["old"], [], []]
    assert books[1].tags[1] is books[2].tags[0]
    assert books[1].author is books[2].author
    assert books[4].author is None
    assert [[one.name for one in book.categories] for book in books.values()] == [["Essays"], ["Essays"], ["Food"], []]

    staff = await load(m.Employee, "boss", "reports")
    assert [one.boss and one.boss.name for one in staff.values()] == [None, "Root", "Mid", "Mid"]
    assert [[each.name for each in one.reports] for one in staff.values()] == [["Mid"], ["Leaf", "Twig"], [], []]

    messages = await load(m.Message, "sender", "recipient")  # two foreign keys to one table, O-D25
    assert [(one.sender.name, one.recipient.name) for one in messages.values()] == [
        ("Ada", "Bob"),
        ("Bob", "Ada"),
        ("Ada", "Ada"),
    ]


async def test_any_depth(session: Any, models: ModuleType, statements: list[str]) -> None:
    query = session.query(models.City).options(
        selectinload("authors.books.tags"), selectinload("authors").joinedload("profile")
    )
    cities = await maybe(query.order_by("id").all())

    assert len(statements) == 5
    ada = cities[0].authors[0]
    assert ada.profile.text == "poet"
    assert [[tag.name for tag in book.tags] for book in ada.books] == [["old"], ["math", "old"]]
    with pytest.raises(NotLoaded):
        _ = ada.city


async def test_single_objects_come_in_the_same_statement(
    session: Any, models: ModuleType, statements: list[str]
) -> None:
    """O-D19: conditions on columns that both tables have still mean the queried one."""
    query = session.query(models.Book).options(joinedload("author.city"), joinedload("author.profile"))

    book = await maybe(query.filter(id=1, author__name="Ada").order_by("-id").one())
    both = await maybe(query.filter(author_id__isnotnull=True).order_by("id").limit(2).offset(1).all())
    alone = await maybe(query.filter(title="Anonymous").first())

    assert len(statements) == 3
    assert (book.id, book.author.name, book.author.city.name, book.author.profile.text) == (1, "Ada", "London", "poet")
    assert [(one.title, one.author.name) for one in both] == [("Letters", "Ada"), ("Cooking", "Bob")]
    assert alone.author is None


async def test_a_model_joined_with_itself(session: Any, models: ModuleType, statements: list[str]) -> None:
    leaf = await maybe(session.query(models.Employee).options(joinedload("boss.boss")).filter(name="Leaf").one())

    assert len(statements) == 1
    assert leaf.boss.boss.name == "Root"
    with pytest.raises(NotLoaded):
        _ = leaf.boss.boss.boss


async def test_distinct_rows_are_not_joined(session: Any, models: ModuleType, statements: list[str]) -> None:
    found = await maybe(session.query(models.Book).distinct().options(joinedload("author")).order_by("id").all())

    assert [one.author and one.author.name for one in found] == ["Ada", "Ada", "Bob", None]
    assert len(statements) == 2


async def test_options_that_load_nothing(session: Any, models: ModuleType, statements: list[str]) -> None:
    ada = await maybe(session.query(models.Author).options(noload("books"), noload("city")).order_by("id").first())
    assert (ada.books, ada.city) == ([], None)
    for option in (raiseload, lazyload):
        ada = await maybe(session.query(models.Author).options(option("books")).first())
        with pytest.raises(NotLoaded):
            _ = ada.books
    # The later of two options counts.
    ada = await maybe(
        session.query(models.Author).options(noload("books")).options(selectinload("books")).order_by("id").first()
    )
    assert len(ada.books) == 2
    assert len(statements) == 5


async def test_nothing_found_loads_nothing(session: Any, models: ModuleType, statements: list[str]) -> None:
    query = session.query(models.Author).options(selectinload("books.tags"))
    assert await maybe(query.filter(name="Nobody").all()) == []
    assert await maybe(query.filter(name="Nobody").first()) is None
    assert len(statements) == 2


async def test_more_keys_than_one_statement_takes(
    session: Any, models: ModuleType, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ferrow.orm.loading.keys.CHUNK", 2)
    authors = await maybe(session.query(models.Author).options(selectinload("books.tags")).order_by("id").all())

    assert [len(one.books) for one in authors] == [2, 1, 0]
    assert authors[0].books[0].tags[0] is authors[0].books[1].tags[1]
    assert len(statements) == 5


async def test_loaded_objects_can_be_written(session: Any, models: ModuleType, style: str) -> None:
    author = await maybe(session.query(models.Author).options(selectinload("books.author")).order_by("id").first())
    await maybe(session.update(author, name="Ada L."))
    again = await maybe(session.get(models.Author, 1))
    assert again.name == "Ada L."
    if style == "pydantic":
        assert "books" in author.model_fields_set  # what was loaded counts as set
        assert "books" not in again.model_fields_set
        assert again.model_dump() == {"id": 1, "name": "Ada L.", "city_id": 1}
        assert [book["title"] for book in author.model_dump()["books"]] == ["Letters", "Notes"]
    if style == "dataclass":
        assert again == author  # relations take no part in it, or it would never end
        assert "books" not in repr(author)


async def test_every_way_of_reading_loads(session: Any, models: ModuleType) -> None:
    query = session.query(models.Book).options(joinedload("author"), selectinload("tags")).order_by("id")

    def seen(books: Any) -> list[tuple[Any, int]]:
        return [(book.author and book.author.name, len(book.tags)) for book in books]

    everything = [("Ada", 2), ("Ada", 1), ("Bob", 0), (None, 0)]
    assert seen(await maybe(query.all())) == everything
    assert seen([await maybe(query.first())]) == everything[:1]
    assert seen([await maybe(query.filter(id=1).one())]) == everything[:1]
    assert seen([await maybe(query.get_or_none(id=4))]) == everything[3:]
    assert seen((await maybe(query.in_bulk([2, 1]))).values()) == [everything[1], everything[0]]
    assert seen((await maybe(query.page(2, size=2))).items) == everything[2:]
    assert seen((await maybe(query.after(size=3))).items) == everything[:3]
    streamed = query.stream(batch_size=3)
    books = [book async for book in streamed] if hasattr(streamed, "__aiter__") else list(streamed)
    assert seen(books) == everything


async def test_loading_what_was_joined(session: Any, models: ModuleType, statements: list[str]) -> None:
    m = models
    title = m.Book.title if hasattr(m.Book, "title") else None
    query = session.query(m.Author).join(m.Author.books).options(joinedload("city")).distinct()
    assert [one.city.name for one in await maybe(query.order_by("id").all())] == ["London", "Paris"]
    assert title is None or [
        one.name for one in await maybe(session.query(m.Author).join(m.Author.books).filter(title == "Notes").all())
    ] == ["Ada"]


async def test_a_path_is_a_value(session: Any, models: ModuleType) -> None:
    books = session.query(models.Book)

    assert [book.id for book in await maybe(books.order_by("author__name", "-id").filter(author__ne=None).all())] == [
        2,
        1,
        3,
    ]
    found = await maybe(
        books.order_by("-author__city__name", "id").filter(author__ne=None).values_list("id", flat=True)
    )
    assert found == [3, 1, 2]
    assert await maybe(books.order_by("id").values_list("title", "author__city__name")) == [
        ("Notes", "London"),
        ("Letters", "London"),
        ("Cooking", "Paris"),
        ("Anonymous", None),
    ]
    assert await maybe(books.filter(id=1).values("author__name")) == [{"author__name": "Ada"}]
    staff = session.query(models.Employee).order_by("boss__name", "id").filter(boss__ne=None)
    assert await maybe(staff.values_list("name", "boss__boss__name")) == [
        ("Leaf", "Root"),
        ("Twig", "Root"),
        ("Mid", None),
    ]


async def test_select_loads_too(session: Any, models: ModuleType) -> None:
    statement = select(models.Author).options(selectinload("books.tags"), joinedload("city")).order_by("id")
    authors = (await maybe(session.execute(statement))).scalars().all()

    assert [len(one.books) for one in authors] == [2, 1, 0]
    assert [one.city and one.city.name for one in authors] == ["London", "Paris", None]
    with pytest.raises(UnknownColumn, match="Did you mean 'books'"):
        select(models.Author).options(selectinload("boks"))
    along = select(models.Author).join(models.Author.books).where(Q(books__title="Notes"))
    assert {one.name for one in (await maybe(session.execute(along))).scalars().all()} == {"Ada"}


async def test_od19_columns_of_one_name_in_two_tables(session: Any, models: ModuleType) -> None:
    """Every column of a joined statement says whose it is, also in conditions, orders and keywords."""
    books = session.query(models.Book).options(joinedload("author"))

    book = await maybe(books.filter(id=1).order_by("id").one())
    assert (book.id, book.author.id) == (1, book.author_id)
    assert (await maybe(books.filter(id__in=[1, 2], author__name__ne=None).order_by("-id").first())).id == 2
