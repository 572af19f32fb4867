"""Rows that are inserted and deleted on their own: loaded relations of their owners follow, without a statement."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, Session, create_engine, mapped_column, relationship, selectinload
from ferrow.errors import NotLoaded
from tests.shared.written.conftest import Open
from tests.support import entered, maybe
from tests.support.owners import BEFORE, authors, flush_that_fails, half_loaded, held, read

AFTER = [[2, 5], [3, 6], [7]]
"""What Ada, Bob and Cy have when `come_and_gone`."""


def book(models: ModuleType, key: int, author: int) -> Any:
    return models.Book(id=key, title="New", pages=1, author_id=author)


async def come_and_gone(session: Any, models: ModuleType) -> None:
    gone = await maybe(session.get(models.Book, 1))
    await maybe(session.delete(gone))
    session.add_all([book(models, key, author) for key, author in ((5, 1), (6, 2), (7, 3))])


async def test_what_is_added_and_deleted(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await authors(session, models)
        lists = [one.books for one in found]
        await come_and_gone(session, models)
        assert held(found) == BEFORE, "nothing is written yet"
        await maybe(session.flush())
        assert (held(found), session.dirty) == (AFTER, [])
        assert all(one.books is mine for one, mine in zip(found, lists, strict=True)), "the lists are the same"
        assert [one.id for one in lists[0]] == [2, 5], "what comes stands last"
        await maybe(session.commit())
        assert (held(found), session.dirty) == (AFTER, [])
        found[2].books.remove(found[2].books[0])  # later changes start from what it holds now
        await maybe(session.delete(found[0].books[1]))
        await maybe(session.commit())
        assert held(found) == [[2], [3, 6], []] == await read(bare, models)


async def test_a_rollback(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await authors(session, models)
        order = [one.id for one in found[0].books]
        await come_and_gone(session, models)
        await maybe(session.flush())
        await maybe(session.rollback())
        assert (held(found), session.dirty) == (BEFORE, [])
        assert [one.id for one in found[0].books] == order
        await come_and_gone(session, models)
        await maybe(session.commit())
        assert held(found) == AFTER == await read(bare, models)


async def test_a_savepoint_that_is_left_with_an_error(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await authors(session, models)
        session.add(book(models, 8, 3))
        await maybe(session.flush())
        with pytest.raises(RuntimeError):
            async with entered(session.begin()):
                await come_and_gone(session, models)
                await maybe(session.flush())
                assert held(found) == [[2, 5], [3, 6], [7, 8]]
                raise RuntimeError
        assert held(found) == [[1, 2], [3], [8]]
        await maybe(session.commit())
        assert held(found) == [[1, 2], [3], [8]] == await read(bare, models)


async def test_a_flush_that_fails(bare: Any, unit: Open, models: ModuleType) -> None:
    await flush_that_fails(bare, unit, models, come_and_gone, AFTER)


async def test_calls_that_write_at_once(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        found = await authors(session, models)
        first = found[0].books[0]
        await maybe(session.insert(book(models, 5, 1)))
        await maybe(session.insert_all([book(models, 6, 2), book(models, 7, 3)]))
        await maybe(session.upsert(book(models, 8, 3), "id"))
        await maybe(session.remove(first))
        assert (held(found), session.dirty) == ([[3 - first.id, 5], [3, 6], [7, 8]], [])
        with pytest.raises(RuntimeError):
            async with entered(session.begin()):
                await maybe(session.insert(book(models, 9, 1)))
                await maybe(session.remove(found[1].books[0]))
                await maybe(session.remove_all(found[2].books[:1]))
                assert held(found) == [[3 - first.id, 5, 9], [6], [8]]
                raise RuntimeError
        assert (held(found), session.dirty) == ([[3 - first.id, 5], [3, 6], [7, 8]], [])
        await maybe(session.commit())
        assert held(found) == await read(bare, models)


async def test_what_a_call_has_inserted_keeps_its_key(bare: Any, unit: Open, models: ModuleType) -> None:
    """None, the default of a relation in a dataclass, is not written as a change."""
    async with unit() as session:
        made = [await maybe(session.insert(book(models, 5, 1))), book(models, 6, 2), book(models, 7, 3)]
        await maybe(session.insert_all(made[1:2]))
        await maybe(session.upsert(made[2], "id"))
        assert session.dirty == []
        await maybe(session.commit())
    assert await read(bare, models) == [[1, 2, 5], [3, 6], [7]]


async def test_objects_that_a_call_is_given(bare: Any, unit: Open, models: ModuleType) -> None:
    """Those that are new, and those that have lost their owner, are followed as if a flush had written them."""
    await maybe(bare.query(models.Profile).delete())
    await maybe(bare.query(models.Message).delete())
    async with unit() as session:
        ada, bob, _ = await authors(session, models, "profile", "received")
        made, cooking = models.Profile(text="New", author_id=2), bob.books[0]
        await maybe(session.update(bob, profile=made, books=[]))
        assert (made in session, bob.profile, made.author_id) == (True, made, 2)
        assert (cooking.author_id, bob.books, session.dirty) == (None, [], [])
        made.text = "Newer"
        letter = models.Message(text="New", sender_id=2, recipient_id=1)
        await maybe(session.update(bob, sent=[letter]))
        assert (letter in ada.received, letter in session, session.dirty) == (True, True, [])
        await maybe(session.commit())
    assert await maybe(bare.query(models.Profile).values_list("text", "author_id")) == [("Newer", 2)]


async def test_what_is_not_known_is_not_told(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        ada, bob = await half_loaded(session, models)
        await come_and_gone(session, models)
        await maybe(session.flush())
        with pytest.raises(NotLoaded):
            _ = ada.books
        assert [one.id for one in bob.books] == [3], "whether what came is of the part nobody knows"
        await maybe(session.delete(bob.books[0]))
        await maybe(session.flush())
        assert (bob.books, session.dirty) == ([], [])
        await maybe(session.rollback())
        assert [one.id for one in bob.books] == [3]


async def test_an_object_of_its_own(bare: Any, unit: Open, models: ModuleType) -> None:
    """One to one."""
    async with unit() as session:
        ada, bob, _ = await authors(session, models, "profile")
        old, new = ada.profile, models.Profile(id=2, text="cook", author_id=2)
        await maybe(session.delete(old))
        session.add(new)
        await maybe(session.flush())
        assert (ada.profile, bob.profile, session.dirty) == (None, new, [])
        await maybe(session.rollback())
        assert (ada.profile, bob.profile, session.dirty) == (old, None, [])


async def test_an_owner_that_is_new_itself(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        dora = models.Author(id=4, name="Dora")
        session.add_all([dora, book(models, 5, 4)])
        await maybe(session.flush())
        loaded = "books" in vars(dora)  # in a typed class it is not loaded unless it was given
        assert not loaded or [one.id for one in dora.books] == [5]
        dora.books = [await maybe(session.get(models.Book, 4))]  # instead of what it has
        await maybe(session.commit())
    assert [one.id for one in await maybe(bare.query(models.Book).filter(author_id=4).all())] == [4]


async def test_an_owner_that_goes_with_them(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        ada, *_ = await authors(session, models)
        await maybe(bare.query(models.Profile).delete())
        await maybe(bare.execute_raw("DELETE FROM messages"))
        for one in (*ada.books, ada):
            await maybe(session.delete(one))
        await maybe(session.flush())
        assert held([ada]) == [[1, 2]], "nothing is said of what is not followed any more"
        await maybe(session.rollback())
        assert (held([ada]), session.dirty) == ([[1, 2]], [])


class Shelf(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    volumes: Mapped[set[Volume]] = relationship()


class Volume(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelfs.id"))


def test_the_order_of_a_set_is_no_change() -> None:
    with create_engine("sqlite://") as engine, Session(engine) as session:
        engine.create_all(Shelf, Volume)
        session.add(Shelf(id=1))
        session.add_all([Volume(id=key, shelf_id=1) for key in range(40)])
        session.commit()
        shelf = session.query(Shelf).options(selectinload("volumes")).one()
        volumes = list(shelf.volumes)
        shelf.volumes.clear()
        shelf.volumes.update(reversed(volumes))
        assert list(shelf.volumes) != volumes, "or the test says nothing"
        assert session.dirty == []
        shelf.volumes.discard(volumes[0])
        assert session.dirty == [shelf]
        session.rollback()


def test_a_set_is_the_same_set() -> None:
    with create_engine("sqlite://") as engine, Session(engine) as session:
        engine.create_all(Shelf, Volume)
        session.add(Shelf(id=1))
        session.add_all([Volume(id=key, shelf_id=1) for key in range(3)])
        session.commit()
        shelf = session.query(Shelf).options(selectinload("volumes")).one()
        volumes = shelf.volumes
        session.delete(session.get_or_raise(Volume, 0))
        session.add(Volume(id=7, shelf_id=1))
        session.flush()
        assert shelf.volumes is volumes
        assert {one.id for one in volumes} == {1, 2, 7}
        session.rollback()
        assert {one.id for one in volumes} == {0, 1, 2}
        assert session.dirty == []
