"""Collections loaded in parts, in any order of loading, appending, taking out: the rows are what a dict says, and no other row changes."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any

import pytest

from ferrow import Session, create_engine, noload, selectinload
from tests.support.related import create, related
from tests.support.related.reading import rows

AUTHORS, BOOKS, TAGS = range(1, 4), range(1, 13), range(1, 5)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


async def test_parts_of_collections(url: str, style: str) -> None:
    models = related(style)
    engine = create_engine(url)
    await create(engine, models)
    for seed in range(12 if url.startswith("postgresql") else 40):
        await Run(random.Random(seed), engine, models).play()
    engine.close()


class Run:
    """One unit of work, and what the tables must hold."""

    def __init__(self, chance: random.Random, engine: Any, models: ModuleType) -> None:
        self.chance, self.engine, self.models = chance, engine, models
        self.owner: dict[int, int | None] = {book: chance.choice([None, *AUTHORS]) for book in BOOKS}
        self.tagged = {(book, tag) for book in BOOKS for tag in TAGS if chance.random() < 0.4}
        self.loaded: dict[Any, bool] = {}

    async def play(self) -> None:
        m, session = self.models, Session(self.engine)
        for table in ("book_tags", "books", "tags", "authors"):
            session.execute_raw(f"DELETE FROM {table}")
        session.insert_all([m.Author(id=n, name=str(n), city_id=None) for n in AUTHORS])
        session.insert_all([m.Book(id=n, title=str(n), pages=n, author_id=self.owner[n]) for n in BOOKS])
        session.insert_all([m.Tag(id=n, name=str(n)) for n in TAGS])
        session.insert_all([m.BookTag(book_id=book, tag_id=tag) for book, tag in self.tagged])
        with Session(self.engine) as unit:
            for _ in range(15):
                self.chance.choice([self.load, self.load, self.books, self.tags, lambda unit: unit.commit()])(unit)
                unit.flush()
            unit.commit()
        found = await rows(session, "books", "id, author_id", "1")
        assert dict(found) == self.owner
        assert set(await rows(session, "book_tags", "book_id, tag_id")) == self.tagged

    def option(self, key: str, column: str, there: list[int]) -> tuple[Any, list[int]]:
        """A way to load a collection of these, and what it must find."""
        made = selectinload(key)
        if self.chance.random() < 0.2:
            return noload(key), []
        if self.chance.random() < 0.5:
            least = self.chance.choice(there or [1])
            made, there = made.where(**{f"{column}__gte": least}), [one for one in there if one >= least]
        made = made.order_by(f"-{column}")
        there = sorted(there, reverse=True)
        if self.chance.random() < 0.5:
            most, first = self.chance.randrange(4), self.chance.randrange(2)
            made, there = made.limit(most).offset(first), there[first : first + most]
        return made, there

    def load(self, unit: Any) -> None:
        m = self.models
        if self.chance.random() < 0.5:
            author = self.chance.choice(AUTHORS)
            option, expected = self.option("books", "id", [b for b, a in self.owner.items() if a == author])
            one = unit.query(m.Author).filter(id=author).options(option).one()
            assert [book.id for book in one.books] == expected
            self.loaded[one.__class__, author] = option.steps[0].strategy != "noload"
            return
        book = self.chance.choice(BOOKS)
        option, expected = self.option("tags", "id", [tag for b, tag in self.tagged if b == book])
        one = unit.query(m.Book).filter(id=book).options(option).one()
        assert [tag.id for tag in one.tags] == expected
        self.loaded[one.__class__, book] = option.steps[0].strategy != "noload"

    def known(self, unit: Any, model: Any) -> Any:
        """An object whose collection was loaded."""
        keys = [key for (cls, key), there in self.loaded.items() if cls is model and there]
        return unit.get(model, self.chance.choice(keys)) if keys else None

    def books(self, unit: Any) -> None:
        author = self.known(unit, self.models.Author)
        if author is None:
            return
        if author.books and self.chance.random() < 0.5:
            book = self.chance.choice(author.books)
            author.books.remove(book)
            if self.owner[book.id] == author.id:
                self.owner[book.id] = None
            return
        book = unit.get(self.models.Book, self.chance.choice(BOOKS))
        if all(one is not book for one in author.books):
            author.books.append(book)
            self.owner[book.id] = author.id

    def tags(self, unit: Any) -> None:
        book = self.known(unit, self.models.Book)
        if book is None:
            return
        if book.tags and self.chance.random() < 0.5:
            tag = book.tags.pop(self.chance.randrange(len(book.tags)))
            self.tagged.discard((book.id, tag.id))
            return
        tag = unit.get(self.models.Tag, self.chance.choice(TAGS))
        if all(one is not tag for one in book.tags):
            book.tags.append(tag)
            self.tagged.add((book.id, tag.id))
