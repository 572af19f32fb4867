"""What models know besides columns: soft deletion, relations, moments that every UPDATE sets; and whose name a table has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import pydantic
import pytest

import ferrow.crud
from ferrow import AsyncSession, ForeignKey, Session, func, mapped_column, relationship
from ferrow.crud import AlreadyInitialized, BaseModel, Partial
from ferrow.errors import ModelError, NotLoaded
from tests.support import maybe


class Note(BaseModel):
    id: int | None = None
    text: str
    changed: Annotated[datetime | None, mapped_column(on_update=func.now(), timezone=True)] = None
    deleted: Annotated[datetime | None, mapped_column(soft_delete=True)] = None


class Writer(BaseModel):
    id: int | None = None
    name: str
    books: Annotated[list[Book], relationship(back_populates="writer")] = pydantic.Field(default_factory=list)


class Book(BaseModel):
    id: int | None = None
    title: str
    writer_id: Annotated[int | None, ForeignKey("writer.id")] = None
    writer: Annotated[Writer | None, relationship(back_populates="books")] = None


Writer.model_rebuild()


async def test_soft_deletion(crud: Any, engine: Any) -> None:
    await maybe(engine.create_all(Note))
    first, second, third = await maybe(crud.insert_many([Note(text="a"), Note(text="b"), Note(text="c")]))
    assert await maybe(crud.delete(first)) is True
    assert await maybe(crud.delete(first)) is False
    assert await maybe(crud.delete(Partial(Note)(id=second.id))) is True
    assert await maybe(crud.select_one(Note, id=first.id)) is None
    assert await maybe(crud.select_one(Note, text="b")) is None
    assert [one.text for one in await maybe(crud.select_all(Note))] == ["c"]
    assert await maybe(crud.paginate(Note, 1, 5)) == ([third], 1)
    assert await maybe(crud.select_raw("SELECT count(*) AS n FROM note")) == [{"n": 3}]


async def test_what_every_update_sets(crud: Any, engine: Any) -> None:
    await maybe(engine.create_all(Note))
    note = await maybe(crud.insert(Note(text="a")))
    assert note.changed is None
    changed = await maybe(crud.update(Partial(Note)(id=note.id, text="b")))
    assert (changed.text, type(changed.changed)) == ("b", datetime)
    again = await maybe(crud.update(Partial(Note)(id=note.id, text="c")))
    assert (again.text, type(again.changed)) == ("c", datetime)


async def test_relations(crud: Any, engine: Any, colour: str) -> None:
    session: Any = Session(engine) if colour == "sync" else AsyncSession(engine)
    await maybe(engine.create_all(Writer, Book))
    mary = await maybe(crud.insert(Writer(name="mary", books=[Book(title="one"), Book(title="two")])))
    books = await maybe(crud.select_all(Book, writer_id=mary.id))
    assert [book.title for book in books] == ["one", "two"]
    assert [book.title for book in await maybe(crud.select_all(Book, writer__name="mary"))] == ["one", "two"]
    found = await maybe(crud.select_one(Writer, id=mary.id))
    with pytest.raises(NotLoaded):
        found.books  # noqa: B018
    await maybe(session.load(found, "books"))
    assert len(found.books) == 2
    found.name = "Mary"
    assert (await maybe(crud.update(found))).name == "Mary"  # columns are written; relations are the sessions'
    assert (await maybe(crud.update(Partial(Book)(id=books[0].id, title="uno")))).writer_id == mary.id
    with pytest.raises(AttributeError, match=r"'wirter__name' is not a valid field for Book\. Did you mean 'writer'"):
        await maybe(crud.select_all(Book, wirter__name="mary"))
    with pytest.raises(AttributeError, match="Writer has no column 'nme'"):
        await maybe(crud.select_all(Book, writer__nme="mary"))


# --- whose name a table has ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("backend", "colour"), [("sqlite", "sync")])
async def test_a_class_without_a_name_is_called_by_the_first_face(crud: Any, engine: Any) -> None:
    @dataclass
    class BigCity:
        id: int | None = None
        name: str = ""

    @dataclass
    class SmallCity:
        id: int | None = None
        name: str = ""

    @dataclass
    class NamedCity:
        __tablename__ = "towns"
        id: int | None = None
        name: str = ""

    Partial(BigCity)
    engine.create_all(BigCity, SmallCity, NamedCity)
    assert crud.insert(BigCity(name="a")).id == 1
    assert crud.select_raw("SELECT name FROM big_city") == [{"name": "a"}]
    for call in (lambda: crud.select_all(SmallCity), lambda: Partial(SmallCity), lambda: crud.insert(SmallCity())):
        with pytest.raises(ModelError, match=r"is the table 'smallcitys' already.*would be 'small_city' here"):
            call()
    assert crud.insert(NamedCity(name="b")).name == "b"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("colour", ["async"])
async def test_two_tasks_that_initialize_at_once(empty: Any, url: str, tmp_path: Any) -> None:
    manager = ferrow.crud.ConnectionManager
    await asyncio.gather(manager.initialize(dsn=url), manager.initialize(dsn=url))
    assert manager.initialized
    await manager.close()
    other = f"sqlite:///{tmp_path}/other.db"
    found = await asyncio.gather(manager.initialize(dsn=url), manager.initialize(dsn=other), return_exceptions=True)
    assert [type(one) for one in found if one is not None] == [AlreadyInitialized]
