"""Foreign keys that change by themselves: what a relation held of them is not shown any more, and what is assigned next is written."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import joinedload
from ferrow.errors import NotLoaded
from tests.shared.written.conftest import Open
from tests.support import maybe


async def both(session: Any, models: ModuleType) -> tuple[Any, Any]:
    """A book with an author, and one without; both relations are loaded."""
    books = await maybe(
        session.query(models.Book).options(joinedload("author")).filter(id__in=[1, 4]).order_by("id").all()
    )
    assert (books[0].author.id, books[1].author) == (1, None)
    return books[0], books[1]


def unloaded(book: Any) -> bool:
    with pytest.raises(NotLoaded):
        _ = book.author
    return True


async def authors_of(bare: Any, models: ModuleType) -> list[Any]:
    """What the rows of these two books say."""
    return await maybe(bare.query(models.Book).filter(id__in=[1, 4]).order_by("id").values_list("author_id", flat=True))


async def test_a_key_that_the_program_has_changed(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        with_one, without = await both(session, models)
        ada = with_one.author
        with_one.author_id, without.author_id = 2, 1
        await maybe(session.flush())
        assert unloaded(with_one)
        assert unloaded(without)
        with_one.author, without.author = ada, None
        await maybe(session.commit())
        assert (with_one.author_id, without.author_id) == (1, None)
    assert await authors_of(bare, models) == [1, None]


async def test_a_key_that_somebody_else_has_changed(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        with_one, without = await both(session, models)
        ada = with_one.author
        await maybe(bare.query(models.Book).filter(id__in=[1, 4]).update(author_id=2))
        await maybe(session.query(models.Book).all())
        assert (with_one.author_id, without.author_id) == (2, 2)
        assert unloaded(with_one)
        assert unloaded(without)
        assert session.dirty == []
        with_one.author, without.author = ada, None
        await maybe(session.commit())
    assert await authors_of(bare, models) == [1, None]


async def test_a_row_that_is_refreshed(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        with_one, without = await both(session, models)
        ada = with_one.author
        await maybe(bare.query(models.Book).filter(id__in=[1, 4]).update(author_id=2))
        await maybe(session.refresh(with_one))
        await maybe(session.refresh(without, "author_id"))
        assert unloaded(with_one)
        assert unloaded(without)
        with_one.author, without.author = ada, None
        await maybe(session.commit())
    assert await authors_of(bare, models) == [1, None]


async def test_a_key_that_is_written_by_a_call(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        with_one, without = await both(session, models)
        ada = with_one.author
        await maybe(session.update(with_one, author_id=2))
        await maybe(session.update(without, author_id=1))
        assert unloaded(with_one)
        assert unloaded(without)
        with_one.author, without.author = ada, None
        await maybe(session.commit())
    assert await authors_of(bare, models) == [1, None]
    with_one, without = await both(bare, models)
    await maybe(bare.update(without, author_id=1))
    assert unloaded(without)


async def test_what_is_right_stays_and_what_is_not_written_yet_too(bare: Any, unit: Open, models: ModuleType) -> None:
    async with unit() as session:
        with_one, without = await both(session, models)
        ada = with_one.author
        bob = await maybe(session.get(models.Author, 2))
        await maybe(bare.query(models.Book).filter(id__in=[1, 4]).update(title="Other"))
        await maybe(session.query(models.Book).all())
        assert (with_one.author, without.author, with_one.title) == (ada, None, "Other")
        with_one.author_id, with_one.author = 2, bob
        await maybe(session.flush())
        assert with_one.author is bob
        await maybe(session.rollback())
    async with type_of(bare, autoflush=False) as session:
        with_one, without = await both(session, models)
        bob = await maybe(session.get(models.Author, 2))
        without.author = bob
        await maybe(bare.query(models.Book).filter(id=4).update(author_id=1))
        await maybe(session.query(models.Book).all())
        assert without.author is bob, "it is not written yet"
        await maybe(session.rollback())


def type_of(bare: Any, *, autoflush: bool) -> Any:
    from tests.support import entered

    core = getattr(bare, "_core", None)
    return entered(type(bare)(bare._engine if core is None else core._engine.sync, autoflush=autoflush))
