"""Foreign keys that are changed as values: loaded relations of their owners follow, without a statement."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import (
    Base,
    ForeignKey,
    ForeignKeyConstraint,
    Mapped,
    Session,
    create_engine,
    mapped_column,
    relationship,
    selectinload,
)
from ferrow.errors import NotLoaded
from tests.shared.written.conftest import Open
from tests.support import entered, maybe
from tests.support.owners import BEFORE, authors, flush_that_fails, half_loaded, held, read


async def moved(session: Any, models: ModuleType) -> None:
    """From Ada to Bob, from Bob to Cy, from Ada to nobody, from nobody to Bob."""
    books = await maybe(session.query(models.Book).order_by("id").all())
    for book, author in zip(books, (2, None, 3, 2), strict=True):
        book.author_id = author


AFTER = [[], [1, 4], [3]]


async def test_keys_that_the_program_has_changed(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await authors(session, models)
        lists = [one.books for one in found]
        await moved(session, models)
        assert held(found) == BEFORE, "nothing is written yet"
        await maybe(session.flush())
        assert held(found) == AFTER
        assert all(one.books is mine for one, mine in zip(found, lists, strict=True)), "the lists are the same"
        assert session.dirty == []
        await maybe(session.commit())
        assert (held(found), session.dirty) == (AFTER, [])
        found[1].books.pop().author_id = 1  # later changes start from what it holds now
        await maybe(session.commit())
        assert held(found) == await read(bare, models)


async def test_a_rollback(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await authors(session, models)
        order = [book.id for book in found[0].books]
        await moved(session, models)
        await maybe(session.flush())
        (await maybe(session.get(models.Book, 1))).author_id = 3
        await maybe(session.flush())
        assert held(found) == [[], [4], [1, 3]]
        await maybe(session.rollback())
        assert (held(found), session.dirty) == (BEFORE, [])
        assert [book.id for book in found[0].books] == order
        assert (await maybe(session.get(models.Book, 1))).author_id == 1
        await moved(session, models)
        await maybe(session.commit())
        assert held(found) == AFTER == await read(bare, models)


async def test_a_savepoint_that_is_left_with_an_error(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await authors(session, models)
        (await maybe(session.get(models.Book, 4))).author_id = 3
        await maybe(session.flush())
        with pytest.raises(RuntimeError):
            async with entered(session.begin()):
                await moved(session, models)
                await maybe(session.flush())
                assert held(found) == AFTER
                raise RuntimeError
        assert held(found) == [[1, 2], [3], [4]]
        await maybe(session.commit())
    assert await read(bare, models) == [[1, 2], [3], [4]]


async def test_a_flush_that_fails(bare: Any, unit: Open, models: ModuleType) -> None:
    await flush_that_fails(bare, unit, models, moved, AFTER)


async def test_rows_that_somebody_else_has_moved(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await authors(session, models)
        await maybe(bare.query(models.Book).filter(id=1).update(author_id=2))
        one = (await maybe(session.query(models.Book).order_by("id").all()))[0]
        assert (held(found), session.dirty) == ([[2], [1, 3], []], [])
        await maybe(bare.query(models.Book).filter(id=1).update(author_id=3))
        await maybe(session.refresh(one))
        assert (held(found), session.dirty) == ([[2], [3], [1]], [])
        await maybe(bare.query(models.Book).filter(id=1).update(author_id=1))
        await maybe(session.refresh(one, "author_id"))
        assert (held(found), session.dirty) == (BEFORE, [])
        one.author_id = 3
        await maybe(bare.query(models.Book).filter(id=1).update(author_id=2))
        await maybe(session.refresh(one, "title"))
        await maybe(session.commit())
        assert (held(found), session.dirty) == ([[2], [3], [1]], [])


async def test_calls_that_write_at_once(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await authors(session, models)
        book = await maybe(session.get(models.Book, 1))
        await maybe(session.update(book, author_id=2))
        assert (held(found), session.dirty) == ([[2], [1, 3], []], [])
        async with entered(session.begin()):
            await maybe(session.update(book, author_id=3))
            assert held(found) == [[2], [3], [1]]
        with pytest.raises(RuntimeError):
            async with entered(session.begin()):
                await maybe(session.update(book, author_id=1))
                raise RuntimeError
        assert (held(found), session.dirty) == ([[2], [3], [1]], [])
    assert await read(bare, models) == [[2], [3], [1]]


async def test_an_object_that_is_moved_by_its_new_collection(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        ada, bob, _ = found = await authors(session, models)
        bob.books.append(ada.books[0])
        await maybe(session.commit())
        assert (held(found), session.dirty) == (await read(bare, models), [])


async def test_what_is_not_known_is_not_told(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        ada, bob = await half_loaded(session, models)
        await moved(session, models)
        await maybe(session.flush())
        with pytest.raises(NotLoaded):
            _ = ada.books
        assert bob.books == [], "of the part that was loaded nothing is left, and whether others are of it nobody knows"
        assert session.dirty == []
        await maybe(session.rollback())
        assert [book.id for book in bob.books] == [3]


async def test_an_object_of_its_own(bare: Any, unit: Open, models: ModuleType) -> None:
    """One to one, and two foreign keys to one table."""
    async with unit() as session:
        ada, bob, _ = await authors(session, models, "profile", "received")
        profile = ada.profile
        profile.author_id = 2
        await maybe(session.flush())
        assert (ada.profile, bob.profile) == (None, profile)
        await maybe(session.rollback())
        assert (ada.profile, bob.profile, session.dirty) == (profile, None, [])
        await maybe(session.refresh(ada, "received"))
        await maybe(bare.execute_raw("UPDATE messages SET recipient_id = 2 WHERE id = 3"))
        await maybe(session.query(models.Message).all())
        assert [[message.id for message in one.received] for one in (ada, bob)] == [[2], [1, 3]]


async def test_a_table_that_refers_to_itself(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        everyone = await maybe(session.query(models.Employee).options(selectinload("reports")).order_by("id").all())
        leaf, twig = everyone[2:]
        leaf.boss_id, twig.boss_id = 1, 3
        await maybe(session.commit())
        assert [[one.id for one in each.reports] for each in everyone] == [[2, 3], [], [4], []]
        assert session.dirty == []


class Crate(Base):
    row: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    things: Mapped[set[Thing]] = relationship()
    labels: Mapped[tuple[Label, ...]] = relationship()


class Thing(Base):
    """A key of two columns, and no relation of its own."""

    __table_args__ = (ForeignKeyConstraint(["row", "place"], ["crates.row", "crates.place"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int | None]
    place: Mapped[int | None]


class Label(Base):
    """Refers by a column that is not the key."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("crates.code"))


@pytest.mark.parametrize("many", [1, 20])
def test_other_keys_and_collections(many: int) -> None:
    sent: list[Any] = []
    with create_engine("sqlite://", trace=sent.append) as engine:
        engine.create_all(Crate, Thing, Label)
        with Session(engine) as session:
            session.add_all([Crate(row=1, place=1, code="a"), Crate(row=1, place=2, code="b")])
            session.add_all([Thing(row=1, place=1) for _ in range(many)])
            session.add_all([Label(code="a") for _ in range(many)])
            session.commit()
            first, second = session.query(Crate).order_by("place").all()
            session.load_for([first, second], "things", "labels")
            things, labels = set(first.things), first.labels
            for one in things:
                one.place = 2
            for label in labels:
                label.code = "b"
            sent.clear()
            session.flush()
            assert [one.sql.split()[0] for one in sent if one.sql.split()[0] != "UPDATE"] == ["BEGIN"]
            assert (first.things, first.labels, second.things, second.labels) == (set(), (), things, labels)
            session.rollback()
            assert (first.things, first.labels, second.things, second.labels) == (things, labels, set(), ())
            assert session.dirty == []
