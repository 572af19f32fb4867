"""Relations that a model declares as attributes of a typed class: created with an object and read with it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.support import maybe
from tests.support.colours import Runner
from tests.support.related import create, fill, related


@pytest.fixture
def models() -> ModuleType:
    return related("declarative")


@pytest.fixture
def filled(bare: Any, models: ModuleType, runner: Runner) -> Any:
    import ferrow

    session = (ferrow.AsyncSession if bare.colour == "async" else ferrow.Session)(bare.engine)
    runner.run(create(bare.engine, models))
    runner.run(fill(session, models))
    runner.run(counted(bare))
    return bare


async def counted(kit: Any) -> None:
    """Let PostgreSQL go on after the keys that were chosen."""
    if kit.engine.dialect.name == "postgresql":
        for table in ("authors", "books", "tags"):
            await maybe(kit.engine.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)"))


async def test_they_are_read(filled: Any, models: ModuleType) -> None:
    authors, books = filled.repo(models.Author), filled.repo(models.Book)
    found = await maybe(authors.get_related(1, include=["city", "books", "profile", "followers"]))
    assert found.relations["city"].name == "London"
    assert sorted(book.title for book in found.relations["books"]) == ["Letters", "Notes"]
    assert found.relations["profile"].text == "poet"
    listed = await maybe(books.list_related(include=["tags", "author"], order_by="title"))
    assert [(one.obj.title, sorted(tag.name for tag in one.relations["tags"])) for one in listed] == [
        ("Anonymous", []),
        ("Cooking", []),
        ("Letters", ["old"]),
        ("Notes", ["math", "old"]),
    ]
    with pytest.raises(ValueError, match=r"Unknown relation 'boks' on Author. Available: .*books"):
        await maybe(authors.get_related(1, include="boks"))


async def test_they_are_created(filled: Any, models: ModuleType) -> None:
    authors, books = filled.repo(models.Author), filled.repo(models.Book)
    tags = filled.repo(models.Tag)
    math = (await maybe(tags.list(None, "name", 1)))[0]
    given = models.Book(title="New", pages=1)
    made = await maybe(authors.create(models.Author(name="Di"), relations={"books": [given], "profile": None}))
    assert given.author_id == made.id
    book = await maybe(
        books.create(
            models.Book(title="Other", pages=2), relations={"author": made, "tags": [math, models.Tag(name="new")]}
        )
    )
    found = await maybe(books.get_related(book.id, include=["author", "tags"]))
    assert found.relations["author"].name == "Di"
    assert sorted(tag.name for tag in found.relations["tags"]) == [math.name, "new"]
    assert await maybe(books.count()) == 6
