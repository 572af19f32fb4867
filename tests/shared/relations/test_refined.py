"""Load options that say which rows: conditions, an order, a limit for each owner, levels of a tree."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import Q, columns, joinedload, noload, select, selectinload
from ferrow.errors import DataError, NoSoftDelete, NotLoaded, ProgrammingError, UnknownColumn
from tests.shared.relations.test_loading import statements  # noqa: F401
from tests.support import maybe
from tests.support.colours import Runner


@pytest.fixture
def library(session: Any, models: ModuleType, runner: Runner) -> Any:
    """More books for Ada (ids 11 to 15, pages 1 to 5) and Bob (21, 22)."""
    m = models
    rows = [m.Book(id=10 + n, title=f"A{n}", pages=n, author_id=1) for n in range(1, 6)]
    rows += [m.Book(id=20 + n, title=f"B{n}", pages=n, author_id=2) for n in (1, 2)]
    rows += [m.BookTag(book_id=book, tag_id=tag) for book in (11, 12, 13) for tag in (3, 2)]

    async def more() -> None:
        await maybe(session.insert_all(rows))

    runner.run(more())
    return session


def authors(session: Any, models: ModuleType, *options: Any) -> Any:
    return maybe(session.query(models.Author).options(*options).order_by("id").all())


async def books(session: Any, models: ModuleType, option: Any) -> list[list[str]]:
    return [[book.title for book in author.books] for author in await authors(session, models, option)]


async def test_conditions(library: Any, models: ModuleType) -> None:
    async def loaded(option: Any) -> list[list[str]]:
        return await books(library, models, option)

    assert await loaded(selectinload("books").where(pages__gt=3)) == [["Letters", "Notes", "A5", "A4"], ["Cooking"], []]
    column = columns(models.Book).pages
    assert await loaded(joinedload("books").where(column > 3, column < 100)) == [["Notes", "A5", "A4"], [], []]
    assert await loaded(selectinload("books").filter(Q(pages=1) | Q(pages=66))) == [["Notes", "A1"], ["B1"], []]
    assert await loaded(selectinload("books").where(pages__gt=3).where(title__startswith="A")) == [["A5", "A4"], [], []]
    assert await loaded(selectinload("books").where(tags__name="math")) == [["Notes"], [], []]
    assert await loaded(selectinload("books").where(author__name="Bob", pages__lt=50)) == [[], ["B2", "B1"], []]
    assert await loaded(selectinload("books").where()) == await loaded(selectinload("books"))


async def test_order_replaces_that_of_the_relation(library: Any, models: ModuleType) -> None:
    found = await books(library, models, selectinload("books").where(pages__lt=4).order_by("title"))
    assert found == [["A1", "A2", "A3"], ["B1", "B2"], []]
    found = await books(
        library, models, selectinload("books").where(pages__lt=4).order_by(columns(models.Book).id, desc=True)
    )
    assert found == [["A3", "A2", "A1"], ["B2", "B1"], []]


async def test_a_limit_is_for_each_owner(library: Any, models: ModuleType, statements: list[str]) -> None:  # noqa: F811
    found = await books(library, models, selectinload("books").limit(2))
    assert found == [["Letters", "Notes"], ["Cooking", "B2"], []]
    assert len(statements) == 2
    option = selectinload("books").where(pages__lt=60).order_by("pages")
    assert await books(library, models, option.limit(2)) == [["A1", "A2"], ["B1", "B2"], []]
    assert await books(library, models, option.limit(2).offset(1)) == [["A2", "A3"], ["B2"], []]
    assert await books(library, models, option.offset(3)) == [["A4", "A5"], [], []]
    assert await books(library, models, option.limit(0)) == [[], [], []]
    assert await books(library, models, option.limit(1).limit(None).offset(4)) == [["A5"], [], []]


async def test_through_a_junction(library: Any, models: ModuleType) -> None:
    async def loaded(option: Any) -> dict[str, list[str]]:
        found = await maybe(library.query(models.Book).options(option).order_by("id").all())
        return {book.title: [tag.name for tag in book.tags] for book in found if book.tags}

    assert await loaded(selectinload("tags").where(name__ne="old")) == {
        "Notes": ["math"], "A1": ["unused"], "A2": ["unused"], "A3": ["unused"]
    }  # fmt: skip
    latest = selectinload("tags").order_by("-id").limit(1)
    assert await loaded(latest) == {
        "Notes": ["old"], "Letters": ["old"], "A1": ["unused"], "A2": ["unused"], "A3": ["unused"]
    }  # fmt: skip
    tags = await maybe(library.query(models.Tag).options(selectinload("books").limit(1)).order_by("id").all())
    assert [[book.title for book in tag.books] for tag in tags] == [["Notes"], ["Notes"], ["A1"]]
    assert tags[0].books[0] is tags[1].books[0]
    followed = await authors(library, models, selectinload("followers").order_by("-name").limit(1))
    assert [[one.name for one in author.followers] for author in followed] == [["Cy"], ["Ada"], []]
    anywhere = await maybe(library.query(models.Category).options(selectinload("books").limit(1)).all())
    assert sorted(book.title for one in anywhere for book in one.books) == ["Cooking", "Notes"]


async def test_nested(library: Any, models: ModuleType) -> None:
    option = selectinload("books").where(pages__lt=3).selectinload("tags").where(name="unused")
    found = await authors(library, models, option)
    assert [[[tag.name for tag in book.tags] for book in author.books] for author in found] == [
        [["unused"], ["unused"]], [[], []], []
    ]  # fmt: skip
    cities = await maybe(
        library.query(models.City)
        .options(selectinload("authors.books").order_by("pages").limit(1))
        .order_by("id")
        .all()
    )
    assert [[[book.title for book in one.books] for one in city.authors] for city in cities] == [[["A1"]], [["B1"]]]


async def test_which_option_counts(library: Any, models: ModuleType) -> None:
    some = selectinload("books").where(pages=1)
    found = await authors(library, models, some, selectinload("books.tags"))
    assert [[(book.title, len(book.tags)) for book in one.books] for one in found] == [[("A1", 2)], [("B1", 0)], []]
    found = await authors(library, models, some, selectinload("books"))
    assert [len(one.books) for one in found] == [7, 3, 0]
    found = await authors(library, models, some, selectinload("books").where(pages=2))
    assert [[book.title for book in one.books] for one in found] == [["A2"], ["B2"], []]
    found = await authors(library, models, selectinload("books"), some)
    assert [[book.title for book in one.books] for one in found] == [["A1"], ["B1"], []]


async def test_every_way_of_reading_loads_what_was_said(library: Any, models: ModuleType) -> None:
    option = selectinload("books").order_by("pages").limit(1)
    query = library.query(models.Author).options(option).order_by("id")

    def titles(found: list[Any]) -> list[list[str]]:
        return [[book.title for book in one.books] for one in found]

    expected = [["A1"], ["B1"], []]
    assert titles(await maybe(query.all())) == expected
    assert titles([await maybe(query.first())]) == expected[:1]
    assert titles((await maybe(query.page(1, size=5))).items) == expected
    assert titles((await maybe(query.after(size=5))).items) == expected
    assert titles(list((await maybe(query.in_bulk([1, 2, 3]))).values())) == expected
    result = await maybe(library.execute(select(models.Author).options(option).order_by(columns(models.Author).id)))
    assert titles(result.scalars().all()) == expected
    streamed = query.stream(batch_size=2)
    found = [one async for one in streamed] if hasattr(streamed, "__aiter__") else [*streamed]
    assert titles(found) == expected
    there = await maybe(library.query(models.Author).order_by("id").all())
    assert titles(await maybe(library.load_for(there, option))) == expected
    assert titles([await maybe(library.load(there[0], option.limit(2)))]) == [["A1", "A2"]]


async def test_more_owners_than_one_statement_takes(
    library: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ferrow.orm.loading.keys.CHUNK", 1)
    found = await books(library, models, selectinload("books").where(pages__lt=60).order_by("pages").limit(2))
    assert found == [["A1", "A2"], ["B1", "B2"], []]


async def test_mistakes_are_said_by_options(session: Any, models: ModuleType, statements: list[str]) -> None:  # noqa: F811
    query = session.query(models.Author)
    with pytest.raises(UnknownColumn, match=r"Book has no column 'pagse'.*pages"):
        query.options(selectinload("books").where(pagse=1))
    with pytest.raises(UnknownColumn, match="Book has no column 'titel'"):
        query.options(selectinload("books").order_by("-titel"))
    with pytest.raises(UnknownColumn, match="Tag has no column 'x'"):
        query.options(selectinload("books").where(pages=1).selectinload("tags").where(x=1))
    with pytest.raises(ProgrammingError, match="'name' belongs to 'tags'"):
        query.options(selectinload("books").where(columns(models.Tag).name == "x"))
    with pytest.raises(DataError):
        query.options(selectinload("books").where(pages="many"))
    with pytest.raises(ValueError, match="from 0 on"):
        query.options(selectinload("books").limit(-1))
    with pytest.raises(TypeError, match="whole number"):
        query.options(selectinload("books").limit("3"))
    for option in (
        selectinload("city").where(name="x"),
        joinedload("city").limit(1),
        selectinload("profile").order_by("id"),
    ):
        with pytest.raises(ProgrammingError, match=r"Author\.(city|profile) is one object.*filter\((city|profile)__"):
            query.options(option)
    with pytest.raises(NoSoftDelete, match=r"with_deleted\(\) of Author\.books"):
        query.options(selectinload("books").with_deleted())
    with pytest.raises(ProgrammingError, match=r"where\(\) has no rows"):
        noload("books").where(pages=1)
    with pytest.raises(ProgrammingError, match="no tree"):
        query.options(selectinload("books").recursive())
    with pytest.raises(ValueError, match="from 1 on"):
        selectinload("reports").recursive(0)
    with pytest.raises(TypeError, match="levels"):
        selectinload("reports").recursive(1.5)
    assert statements == []


def test_an_option_is_a_value(models: ModuleType) -> None:
    some = selectinload("books")
    assert some.where(pages=1) is not some
    assert some.steps[0].said == ()
    assert repr(some.where(pages=1).limit(2)) == "<selectinload books>"


# --- trees ---------------------------------------------------------------------------------------------------------------


async def staff(session: Any, models: ModuleType, option: Any, **keywords: Any) -> Any:
    return await maybe(session.query(models.Employee).options(option).filter(**keywords).one())


def shape(one: Any) -> Any:
    try:
        return {each.name: shape(each) for each in one.reports}
    except NotLoaded:
        return None


async def test_a_tree_to_the_end(session: Any, models: ModuleType, statements: list[str]) -> None:  # noqa: F811
    root = await staff(session, models, selectinload("reports").recursive(), name="Root")
    assert shape(root) == {"Mid": {"Leaf": {}, "Twig": {}}}
    assert len(statements) == 4  # the root, two levels, and that there is nothing below
    leaf = await staff(session, models, joinedload("boss").recursive(), name="Leaf")
    assert [leaf.boss.name, leaf.boss.boss.name, leaf.boss.boss.boss] == ["Mid", "Root", None]


async def test_a_tree_of_some_levels(session: Any, models: ModuleType, statements: list[str]) -> None:  # noqa: F811
    root = await staff(session, models, selectinload("reports").recursive(1), name="Root")
    assert shape(root) == {"Mid": None}
    root = await staff(session, models, selectinload("reports").recursive(2), name="Root")
    assert shape(root) == {"Mid": {"Leaf": None, "Twig": None}}
    root = await staff(session, models, selectinload("reports.reports"), name="Root")
    assert shape(root) == {"Mid": {"Leaf": None, "Twig": None}}
    assert len(statements) == 2 + 3 + 3


async def test_all_of_a_tree_is_one_statement(session: Any, models: ModuleType, statements: list[str]) -> None:  # noqa: F811
    found = await maybe(
        session.query(models.Employee).options(selectinload("reports").recursive()).order_by("id").all()
    )
    assert shape(found[0]) == {"Mid": {"Leaf": {}, "Twig": {}}}
    assert found[0].reports[0] is found[1]
    assert len(statements) == 2


async def test_circles_end(session: Any, models: ModuleType) -> None:
    await maybe(session.query(models.Employee).filter(id=1).update(boss_id=3))
    root = await staff(session, models, selectinload("reports").recursive(), name="Root")
    assert root.reports[0].reports[0].reports[0] is root
    leaf = await staff(session, models, selectinload("boss").recursive(), name="Leaf")
    assert leaf.boss.boss.boss is leaf
    ada = await maybe(
        session.query(models.Author)
        .options(selectinload("followers").recursive().selectinload("books"))
        .filter(id=1)
        .one()
    )
    bob = ada.followers[0]
    assert bob.followers == [ada]
    assert [[book.title for book in one.books] for one in ada.followers] == [["Cooking"], []]


async def test_a_tree_with_conditions(session: Any, models: ModuleType) -> None:
    root = await staff(session, models, selectinload("reports").where(name__ne="Leaf").recursive(), name="Root")
    assert shape(root) == {"Mid": {"Twig": {}}}
    root = await staff(session, models, selectinload("reports").order_by("-name").limit(1).recursive(), name="Root")
    assert shape(root) == {"Mid": {"Twig": {}}}
