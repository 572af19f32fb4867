"""What options left out, and what is hidden, is never written."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, mapped_column, noload, relationship, selectinload
from ferrow.errors import ProgrammingError
from tests.shared.written.conftest import Open
from tests.shared.written.test_unit import numbered
from tests.support import maybe
from tests.support.related.reading import rows
from tests.support.sessions import session_of

ALL_BOOKS = [(1, 1), (2, 1), (3, 2), (4, None)]


def ada_with(session: Any, models: ModuleType, option: Any) -> Any:
    return maybe(session.query(models.Author).options(option).filter(id=1).one())


async def books(session: Any) -> Any:
    return await rows(session, "books", "id, author_id", "id")


NOTES = selectinload("books").where(title="Notes")


async def test_nothing_is_written_for_a_part(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        for option in (
            selectinload("books"),
            NOTES,
            selectinload("books").limit(1),
            selectinload("books").where(title="none"),
            noload("books"),
            NOTES,
        ):
            ada = await ada_with(session, models, option)
            assert not session.dirty
            await maybe(session.commit())
        ada.name = "Augusta"
        await maybe(session.commit())
    assert await books(bare) == ALL_BOOKS
    found = await ada_with(bare, models, NOTES)
    await maybe(bare.update(found))
    await maybe(bare.update(found, name="Ada"))
    assert await books(bare) == ALL_BOOKS


async def test_what_is_appended_and_taken_out_is_written(bare: Any, unit: Open, models: ModuleType) -> None:
    await numbered(bare)
    async with unit() as session:
        ada = await ada_with(session, models, NOTES)
        (notes,) = ada.books
        ada.books.append(models.Book(title="New", pages=1, author_id=None))
        await maybe(session.commit())
        assert [book.title for book in ada.books] == ["Notes", "New"]
        ada.books.remove(notes)
        await maybe(session.commit())
        assert notes.author_id is None
        ada.books += [notes]
        await maybe(session.commit())
        ada.books.pop()
        await maybe(session.commit())
    found = await rows(bare, "books", "title, author_id", "title")
    assert found == [("Anonymous", None), ("Cooking", 2), ("Letters", 1), ("New", 1), ("Notes", None)]


async def test_a_part_cannot_be_set_as_a_whole(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        ada = await ada_with(session, models, NOTES)
        for value in ([], [*ada.books], [*ada.books, models.Book(title="x", pages=1, author_id=None)]):
            ada.books = value
            with pytest.raises(ProgrammingError, match=r"Author\.books was loaded in part"):
                await maybe(session.flush())
        await maybe(session.rollback())
        await maybe(session.load(ada, "books"))
        ada.books = ada.books[:1]  # now it is known what goes: Letters stays, Notes leaves
        await maybe(session.commit())
    assert await books(bare) == [(1, None), (2, 1), (3, 2), (4, None)]


async def test_a_part_is_not_all_there_is_for_update(bare: Any, models: ModuleType) -> None:
    ada = await ada_with(bare, models, NOTES)
    with pytest.raises(ProgrammingError, match=r"update\(books=\.\.\.\): this collection was loaded in part"):
        await maybe(bare.update(ada, books=ada.books))
    assert await books(bare) == ALL_BOOKS
    await maybe(bare.update(ada))  # only adds
    assert await books(bare) == ALL_BOOKS
    await maybe(bare.update(ada, books=list(ada.books)))  # said in so many words
    assert await books(bare) == [(1, 1), (2, None), (3, 2), (4, None)]


async def test_many_to_many(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        notes = await maybe(
            session.query(models.Book).options(selectinload("tags").where(name="math")).filter(id=1).one()
        )
        unused = await maybe(session.get(models.Tag, 3))
        notes.tags.append(unused)
        await maybe(session.commit())
        notes.tags.remove(notes.tags[0])
        await maybe(session.commit())
        notes.tags = []
        with pytest.raises(ProgrammingError, match=r"Book\.tags was loaded in part"):
            await maybe(session.flush())
        await maybe(session.rollback())
    assert await rows(bare, "book_tags", "book_id, tag_id") == [(1, 2), (1, 3), (2, 2)]
    found = await maybe(bare.query(models.Book).options(selectinload("tags").limit(1)).filter(id=1).one())
    await maybe(bare.unlink(found, "tags", found.tags[0]))
    assert found.tags == []
    await maybe(bare.link(found, "tags", 1))
    with pytest.raises(ProgrammingError, match="loaded in part"):
        again = await maybe(bare.query(models.Book).options(selectinload("tags").limit(1)).filter(id=1).one())
        await maybe(bare.update(again, tags=again.tags))
    assert await rows(bare, "book_tags", "book_id, tag_id") == [(1, 1), (1, 3), (2, 2)]


async def test_deleting_the_owner_sees_to_all(bare: Any, unit: Open, models: ModuleType) -> None:
    await maybe(bare.execute_raw("DELETE FROM messages"))
    await maybe(bare.execute_raw("DELETE FROM profiles"))
    async with unit() as session:
        ada = await ada_with(session, models, NOTES)
        await maybe(session.delete(ada))
        await maybe(session.commit())
    assert await books(bare) == [(1, None), (2, None), (3, 2), (4, None)]


async def test_none_that_was_not_loaded_says_nothing(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await maybe(session.query(models.Book).options(noload("author")).order_by("id").all())
        assert [book.author for book in found] == [None] * 4
        found[0].title = "changed"
        await maybe(session.commit())
    assert await books(bare) == ALL_BOOKS
    for book in await maybe(bare.query(models.Book).options(noload("author")).all()):
        await maybe(bare.update(book))
    assert await books(bare) == ALL_BOOKS
    one = await maybe(bare.query(models.Book).options(noload("author")).filter(id=1).one())
    await maybe(bare.update(one, author=None))
    assert (await books(bare))[0] == (1, None)


async def test_loaded_after_all_none_says_something_again(bare: Any, models: ModuleType, style: str) -> None:
    if style == "dataclass":
        pytest.skip("None in a dataclass may be its default")
    one = await maybe(bare.query(models.Book).options(noload("author")).filter(id=1).one())
    await maybe(bare.load(one, "author"))
    assert one.author.name == "Ada"
    one.author = None
    await maybe(bare.update(one))
    assert (await books(bare))[0] == (1, None)


class Rack(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    jars: Mapped[list[Jar]] = relationship(cascade="save, delete, orphan", order_by="id")


class Jar(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    full: Mapped[bool]
    rack_id: Mapped[int] = mapped_column(ForeignKey("racks.id"), default=0)


@pytest.fixture
def racks(engine: Any, colour: str, runner: Any) -> Any:
    """A session on one rack with two full jars and an empty one."""
    made = session_of(engine, colour)

    async def fill() -> None:
        await maybe(engine.create_all(Rack, Jar))
        jars = [Jar(id=n, full=n < 3, rack_id=1) for n in (1, 2, 3)]
        await maybe(made.insert_all([Rack(id=1), *jars]))

    runner.run(fill())
    return made


async def in_block(session: Any, colour: str, work: Any) -> None:
    if colour == "async":
        async with session as unit:
            await work(unit)
    else:
        with session as unit:
            await work(unit)


async def test_orphans_of_a_part(racks: Any, colour: str) -> None:
    from ferrow import AsyncSession, Session

    engine = racks._engine if colour == "async" else racks._core._engine.sync

    async def work(session: Any) -> None:
        option = selectinload(Rack.jars).where(Jar.full)
        rack = await maybe(session.query(Rack).options(option).one())
        rack.jars.pop()
        await maybe(session.commit())  # jar 2 is an orphan; jar 3 was never there
        assert [jar.id for jar in rack.jars] == [1]

    await in_block((AsyncSession if colour == "async" else Session)(engine), colour, work)
    assert [jar.id for jar in await maybe(racks.query(Jar).order_by("id").all())] == [1, 3]

    async def delete(session: Any) -> None:
        rack = await maybe(session.query(Rack).options(selectinload(Rack.jars).limit(1)).one())
        await maybe(session.delete(rack))
        await maybe(session.commit())

    await in_block((AsyncSession if colour == "async" else Session)(engine), colour, delete)
    assert await maybe(racks.query(Jar).count()) == 0
