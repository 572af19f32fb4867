"""Repositories of typed classes, dataclasses and Pydantic models that sessions know too; and who calls a table what."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, ClassVar

import pytest

from ferrow import Session, create_engine
from ferrow.errors import ModelError, StaleRow
from ferrow.repository import C, table_name
from tests.support import maybe
from tests.support.repository_models import AUTO


async def test_every_style(bare: Any, models: ModuleType) -> None:
    await maybe(bare.engine.create_all(models.User, models.Post, models.Sample))
    users, posts = bare.repo(models.User), bare.repo(models.Post)
    ada = await maybe(users.insert(models.User(name="Ada", email="a@x.org", age=36)))
    assert (await maybe(users.get(ada.id))).name == "Ada"
    ada.age = 37
    assert await maybe(users.update(ada)) == 1
    assert [one.age for one in await maybe(users.list(C.eq("email", "a@x.org")))] == [37]
    found, created = await maybe(users.get_or_create(lookup={"id": ada.id}, defaults={"name": "x", "email": "y"}))
    assert (found.email, created) == ("a@x.org", False)
    assert await maybe(users.update_where({"age": 1}, where=C.is_not_null("id"))) == 1
    assert await maybe(posts.count()) == 0
    assert await maybe(users.delete(ada)) == 1


async def test_a_model_with_fewer_fields_reads_the_table(bare: Any) -> None:
    @dataclass
    class Whole:
        __table__ = "thing"
        id: int | None = field(default=None, metadata=AUTO)
        name: str = ""
        added: str | None = None

    @dataclass
    class Older:
        __table__ = "thing"
        id: int | None = field(default=None, metadata=AUTO)
        name: str = ""

    await maybe(bare.engine.create_all(Whole))
    await maybe(bare.repo(Whole).insert(Whole(name="x", added="y")))
    older = bare.repo(Older)
    assert await maybe(older.list()) == [Older(1, "x")]
    await maybe(older.insert(Older(name="z")))
    assert await maybe(bare.repo(Whole).get(2)) == Whole(2, "z", None)


async def test_versions_are_counted(bare: Any) -> None:
    @dataclass
    class Page:
        id: int | None = field(default=None, metadata=AUTO)
        text: str = ""
        version: int = field(default=1, metadata={"version": True})

    repo = bare.repo(Page)
    await maybe(bare.engine.create_all(Page))
    mine = await maybe(repo.insert(Page(text="a")))
    theirs = await maybe(repo.get(mine.id))
    theirs.text = "b"
    assert await maybe(repo.update(theirs)) == 1
    with pytest.raises(StaleRow):
        await maybe(repo.update(mine))


def test_a_table_has_one_name() -> None:
    from ferrow.model import table_of

    @dataclass
    class First:
        id: int = field(default=0, metadata={"pk": True})

    @dataclass
    class Refers:
        id: int = field(default=0, metadata={"pk": True})
        first_id: int = field(default=0, metadata={"fk": (First, "id")})

    @dataclass
    class Second:
        id: int = field(default=0, metadata={"pk": True})

    @dataclass
    class Named:
        __table__ = "said"
        id: int = field(default=0, metadata={"pk": True})

    @dataclass
    class Ruled:
        __naming__: ClassVar[Any] = {"table": lambda cls: f"t_{cls.__name__}"}
        id: int = field(default=0, metadata={"pk": True})

    assert (table_name(Refers), table_name(First)) == ("refers", "first")
    assert table_of(First).name == "first"  # whoever comes afterwards finds the same table
    assert table_of(Second).name == "seconds"
    assert table_name(Named) == "said"
    with pytest.raises(
        ModelError, match=r"Second is the table 'seconds' already.* would be 'second' here.*__table__ = 'second'"
    ):
        table_name(Second)
    session = Session(create_engine("sqlite::memory:"))
    for use in (
        session.query,
        lambda cls: session.get(cls, 1),
        lambda cls: session.insert(cls()),
        lambda cls: session.add(cls()),
    ):
        with pytest.raises(ModelError, match=r"First is the table 'first' already.* would be 'firsts' here"):
            use(First)
    Named.__table__ = "otherwise"
    with pytest.raises(ModelError, match="Named is the table 'said' already, and its class says 'otherwise' since"):
        table_name(Named)
    Named.__table__ = "said"
    assert (table_of(Named).name, table_name(Named)) == ("said", "said")
    assert session.query(Named).to_sql()[0] == "SELECT id FROM said"
    assert (table_of(Ruled).name, table_name(Ruled)) == ("t_Ruled", "t_Ruled")


async def test_rows_that_are_marked_as_deleted_are_not_there(bare: Any) -> None:
    @dataclass
    class Note:
        id: int | None = field(default=None, metadata=AUTO)
        text: str = ""
        gone: datetime.datetime | None = field(default=None, metadata={"soft_delete": True, "timezone": True})

    repo = bare.repo(Note)
    await maybe(bare.engine.create_all(Note))
    one, other, third = await maybe(repo.insert_many([Note(text="a"), Note(text="b"), Note(text="c")]))
    assert await maybe(repo.delete(one)) == 1
    assert await maybe(repo.delete_where(where=C.eq("text", "b"))) == 1
    assert (await maybe(repo.get(one.id)), await maybe(repo.count()), await maybe(repo.exists(C.eq("text", "b")))) == (
        None,
        1,
        False,
    )
    assert await maybe(repo.list()) == [third]
    assert await maybe(repo.update_where({"text": "z"}, where=C.is_not_null("id"))) == 1
    assert len(await maybe(bare.engine.query("SELECT id FROM note"))) == 3
    assert other.id is not None
