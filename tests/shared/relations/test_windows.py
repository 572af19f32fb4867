"""Conditions on windows, and joins that keep the rows of the other side."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import Q, func, joinedload, selectinload
from ferrow.errors import NotSupportedError, ProgrammingError
from ferrow.model import table_of
from tests.support import maybe


@pytest.fixture
def longest(session: Any, models: ModuleType) -> Any:
    """The longest book of each author, and the one without an author."""
    refs = table_of(models.Book)
    by, pages = refs.column("author_id").ref, refs.column("pages").ref
    ranked = session.query(models.Book).annotate(place=func.rank().over(partition_by=by, order_by=pages.desc()))
    return ranked.filter(place=1)


async def titles(query: Any) -> list[str]:
    return [book.title for book in await maybe(query.order_by("id").all())]


async def test_the_first_of_each(longest: Any) -> None:
    assert await titles(longest) == ["Letters", "Cooking", "Anonymous"]
    assert await titles(longest.filter(Q(place__lt=1) | Q(pages__gt=100))) == ["Letters", "Cooking"]
    assert (await maybe(longest.order_by("pages").first())).title == "Anonymous"
    assert [book.title for book in await maybe(longest.order_by("-place", "-title").limit(2).offset(1).all())] == [
        "Cooking",
        "Anonymous",
    ]
    assert await maybe(longest.order_by("id").values("title", "place")) == [
        {"title": title, "place": 1} for title in ("Letters", "Cooking", "Anonymous")
    ]
    assert await maybe(longest.order_by("id").values_list("title", flat=True)) == ["Letters", "Cooking", "Anonymous"]
    assert (await maybe(longest.count()), await maybe(longest.sum("pages"))) == (3, 430)
    assert await maybe(longest.exists()) is True
    assert await maybe(longest.filter(place__gt=1).exists()) is False
    assert await maybe(longest.limit(2).count()) == 2
    page = await maybe(longest.order_by("id").page(2, size=2))
    assert ([book.title for book in page.items], page.total) == (["Anonymous"], 3)


async def test_conditions_on_rows_come_first_wherever_they_are_said(longest: Any) -> None:
    # Of the books with less than 300 pages; not those of the longest that have less.
    assert await titles(longest.filter(pages__lt=300)) == ["Notes", "Cooking", "Anonymous"]


async def test_relations_are_loaded(longest: Any) -> None:
    for option in (joinedload("author"), selectinload("author")):
        found = await maybe(longest.order_by("id").options(option).all())
        assert [book.author and book.author.name for book in found] == ["Ada", "Bob", None]


async def test_changes(longest: Any, session: Any, models: ModuleType) -> None:
    assert await maybe(longest.update(pages=0)) == 3
    assert await maybe(session.query(models.Book).order_by("id").values_list("pages", flat=True)) == [66, 0, 0, 0]


async def test_windows_over_groups(session: Any, models: ModuleType) -> None:
    books = session.query(models.Book).annotate(n=func.count(), r=func.rank().over(order_by=func.count().desc()))
    assert await maybe(books.group_by("author_id").filter(r=1).values()) == [{"author_id": 1, "n": 2, "r": 1}]
    assert await maybe(books.group_by("author_id").filter(r__lte=2, n=1).count()) == 2


async def test_what_cannot_be_together(longest: Any) -> None:
    for query, word in ((longest.for_update(), "for_update"), (longest.distinct("author_id"), "distinct")):
        with pytest.raises(ProgrammingError, match=rf"{word}.* of Book together with a condition on a window"):
            await maybe(query.all())
    with pytest.raises(ProgrammingError, match=r"after\(\) of Book with a condition on a window.*page\(\)"):
        await maybe(longest.after())


async def test_right_join(session: Any, models: ModuleType, backend: str) -> None:
    title = table_of(models.Book).column("title").ref
    relation = session.query(models.Author).right_join(getattr(models.Author, "books", models.Book))
    for joined in (relation, session.query(models.Author).right_join(models.Book)):
        assert await maybe(joined.order_by(title).values_list("name", title)) == [
            (None, "Anonymous"),
            ("Bob", "Cooking"),
            ("Ada", "Letters"),
            ("Ada", "Notes"),
        ]
        assert await maybe(joined.count()) == 4
        for doing in (joined.all, joined.first, joined.options(joinedload("city")).all, joined.delete):
            with pytest.raises(ProgrammingError, match=r"instances of Author.*right_join.*values\(\).*left_join\(\)"):
                await maybe(doing())
    full = session.query(models.Author).full_join(models.Book)
    if backend == "mariadb":
        with pytest.raises(NotSupportedError, match="FULL JOIN"):
            await maybe(full.count())
    else:
        assert await maybe(full.count()) == 5
