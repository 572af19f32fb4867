"""Relations that a session writes inside the block or transaction of another one, which is rolled back."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import selectinload
from ferrow.orm.unit.log import Applied
from tests.support import entered, maybe
from tests.support.units import Mistake, foreign


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize("way", ["block", "rollback"])
async def test_relations_are_undone_or_pending_again(session: Any, engine: Any, models: ModuleType, way: str) -> None:
    """By a block they are undone; a transaction that another session has begun takes only its own with it."""
    m, opened = models, lambda: type(session)(engine)
    await maybe(session.insert(m.Book(id=70, title="New", pages=1)))
    async with entered(opened()) as own:
        ada = await maybe(own.query(m.Author).options(selectinload("books.tags")).filter(id=1).one())
        notes, letters = sorted(ada.books, key=lambda one: one.id)[0], sorted(ada.books, key=lambda one: one.id)[-1]
        own.add(m.Tag(id=70, name="first"))
        await maybe(own.flush())
        tags, new = [*notes.tags], await maybe(own.get(m.Book, 70))
        with pytest.raises(Mistake):
            async with entered(opened()) as their:
                if way == "rollback":
                    their.add(m.Tag(id=71, name="theirs"))
                    await maybe(their.flush())
                    ada.books.append(new)
                    ada.books.remove(letters)
                    notes.tags.clear()
                    await maybe(own.flush())
                    assert new.author_id == 1
                    raise Mistake
                async with entered(their.begin()):
                    ada.books.append(new)
                    ada.books.remove(letters)
                    notes.tags.clear()
                    await maybe(own.flush())
                    raise Mistake
        assert own.is_modified(ada) is (way == "rollback")
        assert new.author_id is None
        if way == "block":
            ada = await maybe(own.query(m.Author).options(selectinload("books.tags")).filter(id=1).one())
            assert {one.id for one in ada.books} == {notes.id, letters.id}
            assert notes.tags == tags
            ada.books.append(new)
        await maybe(own.commit())
    found = await maybe(session.query(m.Author).options(selectinload("books.tags")).filter(id=1).one())
    books = {one.title: len(one.tags) for one in found.books}
    mine = {notes.title: 0} if way == "rollback" else {notes.title: len(tags), letters.title: len(letters.tags)}
    assert books == {"New": 0} | mine


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize("way", ["engine", "session"])
async def test_what_is_written_at_once_is_undone_in_relations(
    session: Any, engine: Any, models: ModuleType, way: str
) -> None:
    m, opened = models, lambda: type(session)(engine)
    await maybe(session.insert(m.Book(id=70, title="New", pages=1)))
    async with entered(opened()) as own:
        ada = await maybe(own.query(m.Author).options(selectinload("books")).filter(id=1).one())
        new, before = await maybe(own.get(m.Book, 70)), {one.id for one in ada.books}
        letters = max(ada.books, key=lambda one: one.id)
        with pytest.raises(Mistake):
            async with entered(engine.transaction() if way == "engine" else opened().begin()):
                await maybe(own.update(new, author_id=1))
                inserted = await maybe(own.insert(m.Book(id=71, title="Inserted", pages=1, author_id=1)))
                await maybe(own.update(letters, author_id=None))
                assert {one.id for one in ada.books} == (before | {70, 71}) - {letters.id}
                raise Mistake
        assert (new.author_id, letters.author_id, inserted in own, own.dirty) == (None, 1, False, [])
        ada = await maybe(own.query(m.Author).options(selectinload("books")).filter(id=1).one())
        assert {one.id for one in ada.books} == before
        ada.books.append(new)
        await maybe(own.commit())
    found = await maybe(session.query(m.Author).options(selectinload("books")).filter(id=1).one())
    assert {one.id for one in found.books} == before | {70}


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize("way", ["engine", "session"])
@pytest.mark.parametrize("saving", ["commit", "begin"])
async def test_what_is_remembered_of_many_commits_does_not_grow_with_each(
    session: Any, engine: Any, models: ModuleType, way: str, saving: str
) -> None:
    """Their rollback brings back what relations held before the first one."""
    m, opened = models, lambda: type(session)(engine)
    async with entered(opened()) as own:
        ada = await maybe(own.query(m.Author).options(selectinload("books")).filter(id=1).one())
        before = {one.id for one in ada.books}
        new = [m.Book(id=at, title=f"New {at}", pages=1) for at in range(70, 80)]
        with pytest.raises(Mistake):
            async with foreign(opened, engine, way):
                for one in new:
                    own.add(one)
                    if saving == "begin":
                        async with entered(own.begin()):
                            ada.books.append(one)
                    else:
                        ada.books.append(one)
                        await maybe(own.commit())
                    await maybe(own.update(ada, name=f"Ada {one.title}"))
                unit = getattr(own, "_core", own)._engine.unit
                entries = [entry for log in unit._settled._logs.values() for entry in log]
                kept = [entry for entry in entries if isinstance(entry, Applied) and entry._before is not None]
                assert len(kept) == 1
                raise Mistake
        assert [one in own for one in new] == [False] * 10
        assert own.dirty == []
        ada = await maybe(own.query(m.Author).options(selectinload("books")).filter(id=1).one())
        assert {one.id for one in ada.books} == before
        own.add(new[0])
        ada.books.append(new[0])
        await maybe(own.commit())
    found = await maybe(session.query(m.Author).options(selectinload("books")).filter(id=1).one())
    assert {one.id for one in found.books} == before | {70}
