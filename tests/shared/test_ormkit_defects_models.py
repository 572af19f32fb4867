"""Defects of OrmKit's models (spec, O-D8, 9, 10, 12, 30) that ours do not have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from types import ModuleType
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel, Field, ValidationError

from ferrow import JSON, Base, ForeignKey, Mapped, mapped_column, relationship, to_dict
from ferrow.errors import IntegrityError, ModelError
from ferrow.model import table_of
from ferrow.types import Boolean, Bytes, Integer, Text, Timestamp
from tests.support import entered, maybe

Module = Callable[[str, str], ModuleType]


class Keyed(Base):
    __tablename__ = "keyed"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]


class Pair(Base):
    __tablename__ = "pairs"
    left: Mapped[int] = mapped_column(primary_key=True)
    right: Mapped[int] = mapped_column(primary_key=True)


@dataclass
class KeyedData:
    __tablename__ = "keyed"
    name: str
    id: UUID = field(default_factory=uuid4)


@dataclass
class PairData:
    __tablename__ = "pairs"
    left: int = field(metadata={"primary_key": True})
    right: int = field(metadata={"primary_key": True})


class KeyedModel(BaseModel):
    __tablename__: ClassVar[str] = "keyed"
    id: UUID = Field(default_factory=uuid4)
    name: str


class PairModel(BaseModel):
    __tablename__: ClassVar[str] = "pairs"
    left: Annotated[int, mapped_column(primary_key=True)]
    right: Annotated[int, mapped_column(primary_key=True)]


KEYED: dict[str, tuple[Any, Any]] = {
    "declarative": (Keyed, Pair),
    "dataclass": (KeyedData, PairData),
    "pydantic": (KeyedModel, PairModel),
}


async def test_od8_a_missing_required_field_is_an_error_and_never_stored(session: Any, models: ModuleType) -> None:
    with pytest.raises((TypeError, ValidationError), match="name"):
        models.User(email="a@example.org")

    user = models.User(name="Ada", email="a@example.org")
    assert user.id is None  # not the description of a column
    assert user.age is None
    assert "Column" not in repr(user)
    assert to_dict(user) == {"id": None, "name": "Ada", "email": "a@example.org", "age": None}
    with pytest.raises((TypeError, ValidationError), match="author_id"):
        models.Post(title="x")
    assert await maybe(session.query(models.User).count()) == 0


async def test_od8_the_key_of_an_instance_that_waits_is_none_and_never_something_else(
    session: Any, models: ModuleType
) -> None:
    """OrmKit's own pattern stored the description of the column in the foreign key."""
    with pytest.raises((IntegrityError, ValidationError)):
        async with entered(session.begin()) as tx:
            user = models.User(name="Ada", email="a@example.org")
            tx.add(user)
            assert user.id is None
            tx.add(models.Post(title="x", author_id=user.id))
    assert await maybe(session.query(models.User).count()) == 0
    assert await maybe(session.query(models.Post).count()) == 0


async def test_od8_an_attribute_that_was_deleted_is_an_error_and_never_stored(session: Any, models: ModuleType) -> None:
    user = models.User(name="Ada", email="a@example.org")
    del user.name
    with pytest.raises(AttributeError, match="name"):
        await maybe(session.insert(user))
    assert await maybe(session.query(models.User).count()) == 0


VALUES = {
    "flag": True,
    "whole": 7,
    "real": 1.5,
    "text": "x",
    "raw": b"\x00\xff",
    "day": date(2024, 2, 29),
    "clock": time(12, 30, 1),
    "moment": datetime(2024, 2, 29, 12, 30),
    "token": UUID(int=7),
    "amount": Decimal("1.10"),
    "document": {"a": [1, None]},
    "entries": [1, "a"],
}


async def test_od9_values_come_back_as_themselves(session: Any, models: ModuleType, backend: str) -> None:
    made = await maybe(session.insert(models.Sample(**VALUES)))

    found = await maybe(session.get(models.Sample, made.id))
    for key, value in VALUES.items():
        got = getattr(found, key)
        if backend == "mariadb" and key == "amount":
            got = got.quantize(value)  # it does not know how many places were written
        assert (type(got), got, str(got)) == (type(value), value, str(value)), key
    (row,) = await maybe(session.query(models.Sample).values_list(*VALUES))
    assert row == tuple(VALUES.values())
    assert type(row[0]) is bool
    assert type(row[4]) is bytes


async def test_od10_explicit_keys_are_kept(session: Any, models: ModuleType) -> None:
    user = await maybe(session.insert(models.User(id=500, name="Ada", email="a@example.org")))

    assert user.id == 500
    assert (await maybe(session.get(models.User, 500))).name == "Ada"


async def test_od10_keys_that_are_not_numbers_are_stored(session: Any, engine: Any, style: str) -> None:
    model, _ = KEYED[style]
    await maybe(engine.create_all(model))

    first = await maybe(session.insert(model(name="Ada")))
    given = UUID(int=5)
    await maybe(session.insert_all([model(id=given, name="Bob"), model(name="Cy")]))

    assert type(first.id) is UUID
    assert (await maybe(session.get(model, first.id))).name == "Ada"
    assert (await maybe(session.get(model, given))).name == "Bob"
    assert await maybe(session.query(model).count()) == 3


async def test_od10_composite_keys_are_inserted_and_found(session: Any, engine: Any, style: str) -> None:
    _, model = KEYED[style]
    await maybe(engine.create_all(model))

    await maybe(session.insert(model(left=1, right=1)))
    await maybe(session.insert_all([model(left=1, right=2), model(left=1, right=3)]))

    pairs = session.query(model).order_by("right")
    assert await maybe(pairs.values_list("left", "right")) == [(1, 1), (1, 2), (1, 3)]
    found = await maybe(session.get(model, (1, 2)))
    assert (found.left, found.right) == (1, 2)
    assert await maybe(session.get(model, (2, 1))) is None
    await maybe(session.remove(found))
    assert await maybe(pairs.values_list("left", "right")) == [(1, 1), (1, 3)]


class Author(Base):
    """Refers to a class that does not exist, and to one that comes later."""

    __tablename__ = "od12_authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag: Mapped[bool]
    raw: Mapped[bytes | None] = mapped_column(nullable=True)
    at: Mapped[datetime]
    age: Mapped[int | None] = mapped_column(nullable=True)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    books: Mapped[list[Book]] = relationship(back_populates="author")
    nothing: Mapped[NeverDefined] = relationship()  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable]  # the point


class Book(Base):
    __tablename__ = "od12_books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("od12_authors.id"))


async def test_od12_a_hint_that_cannot_be_resolved_leaves_the_others_alone(session: Any, engine: Any) -> None:
    table = table_of(Author)
    assert [type(table.column(key).type) for key in ("id", "flag", "raw", "at", "age")] == [
        Integer, Boolean, Bytes, Timestamp, Integer,
    ]  # fmt: skip
    assert table.relations["books"].target is Book

    await maybe(engine.create_all(Book, Author))
    made = Author(flag=True, raw=b"x", at=datetime(2024, 1, 1), facts={"a": 1})
    found = await maybe(session.get(Author, (await maybe(session.insert(made))).id))
    assert (found.flag, found.raw, found.at, found.age, found.facts) == (
        True,
        b"x",
        datetime(2024, 1, 1),
        None,
        {"a": 1},
    )


def test_od12_names_of_types_that_the_module_does_not_import_hurt_nobody_else(module: Module) -> None:
    source = """
from __future__ import annotations
from typing import TYPE_CHECKING
from ferrow import Base, Mapped, mapped_column
if TYPE_CHECKING:
    from datetime import datetime
class Article(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    deleted_at: Mapped[datetime | None] = mapped_column(default=None)
"""
    found = module("tests_od12", source)
    assert found.Article(title="x").title == "x"
    assert isinstance(table_of(found.Article).column("title").type, Text)
    assert table_of(found.Article).column("deleted_at").nullable
    with pytest.raises(ModelError, match=r"Article\.deleted_at: .*'datetime.*not only under TYPE_CHECKING"):
        _ = table_of(found.Article).column("deleted_at").type


SHOP = """
from __future__ import annotations
from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship
class Item(Base):
    __tablename__ = "{table}"
    id: Mapped[int] = mapped_column(primary_key=True)
    {column}: Mapped[str]
    parts: Mapped[list[Part]] = relationship()
class Part(Base):
    __tablename__ = "{table}_parts"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("{table}.id"))
"""


async def test_od30_models_of_one_name_in_two_modules_do_not_disturb_each_other(
    session: Any, engine: Any, module: Module
) -> None:
    one = module("tests_od30_one", SHOP.format(table="od30_one", column="title"))
    two = module("tests_od30_two", SHOP.format(table="od30_two", column="label"))
    await maybe(engine.create_all(one.Item, two.Item))

    await maybe(session.insert(one.Item(title="a")))
    await maybe(session.insert(two.Item(label="b")))

    assert await maybe(session.query(one.Item).values_list("title", flat=True)) == ["a"]
    assert await maybe(session.query(two.Item).values_list("label", flat=True)) == ["b"]
    assert table_of(one.Item).relations["parts"].target is one.Part
    assert table_of(two.Item).relations["parts"].target is two.Part


async def test_od30_a_class_that_is_defined_again_is_the_one_that_counts(
    engine: Any, session: Any, module: Module
) -> None:
    """A cell of a notebook that is run twice."""
    first = module("tests_od30_cell", SHOP.format(table="od30_cell", column="title"))
    old = first.Item
    exec(SHOP.format(table="od30_cell", column="label"), first.__dict__)
    new = first.Item

    assert new is not old
    await maybe(engine.create_all(new, first.Part))
    await maybe(session.insert(new(label="x")))
    assert (await maybe(session.query(new).one())).label == "x"
    assert table_of(new).relations["parts"].target is first.Part
