"""Declaring with every option: neither checker may have a word to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, ClassVar, assert_type

from pydantic import BaseModel

from ferrow import (
    JSON,
    Base,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Mapped,
    UniqueConstraint,
    from_dict,
    mapped_column,
    to_dict,
)
from ferrow.sql import ColumnRef, Condition
from ferrow.types import Enum as EnumType
from ferrow.types import ListOf, Text


class Color(Enum):
    RED = "red"
    GREEN = "green"


class Stamped(Base):
    __abstract__ = True

    created: Mapped[datetime] = mapped_column(timezone=True, server_default="now()")


class Project(Base):
    __abstract__ = True
    __schema__ = "app"
    __naming__: ClassVar[Any] = {"ix": "ix_{table}_{columns}", "table": lambda cls: cls.__name__}

    id: Mapped[int] = mapped_column(Identity(always=True, start=100, increment=10), primary_key=True)


class Store(Stamped, Project):
    __comment__ = "Where it is sold"
    __table_args__ = (
        Index("country", "-price", unique=True, where="price > 0", include=["amount"], method="btree"),
        Index(
            sql=["lower(name)", {"postgresql": "price::text", "sqlite": "price"}], opclass={"": "text_ops"}, name="i"
        ),
        UniqueConstraint("name", "price", nulls_not_distinct=True),
        CheckConstraint({"postgresql": "name ~ 'x'", "sqlite": "name <> ''"}, name="c"),
        ForeignKeyConstraint(("country", "code"), "regions(country, code)", ondelete="CASCADE", deferrable="deferred"),
        ForeignKeyConstraint(["country"], ["countries.code"]),
    )

    country: Mapped[str] = mapped_column(collation={"postgresql": "C"})
    code: Mapped[int]
    name: Mapped[str] = mapped_column(
        comment="as people say", check={"postgresql": "name <> ''", "sqlite": "name <> ''"}
    )
    price: Mapped[int]
    amount: Mapped[int] = mapped_column(default=1)
    total: Mapped[int] = mapped_column(Computed("price * amount", stored=False))
    color: Mapped[Color] = mapped_column(default=Color.RED, enum_name="colour")
    size: Mapped[Color | None] = mapped_column(native_enum=False)
    word: Mapped[str] = mapped_column(EnumType("word", ["a", "b"]), default="a")
    tags: Mapped[list[str]] = mapped_column(ListOf(Text()), default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    next_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id", deferrable="immediate", name="k"))


class Region(Base):
    country: Mapped[str] = mapped_column(primary_key=True)
    stores: ClassVar[int] = 3


class Pair(Base):
    __table_args__ = (ForeignKeyConstraint(("a",), (Region, ("country",))),)
    a: Mapped[str] = mapped_column(primary_key=True)


@dataclass
class Data:
    name: Annotated[str, mapped_column(comment="x")]
    total: Annotated[int | None, Computed("1")] = None
    id: int | None = field(default=None, metadata={"identity": Identity(start=5)})


class Model(BaseModel):
    __table_args__: ClassVar[Any] = (Index("name"),)
    name: str
    color: Annotated[Color, mapped_column(native_enum=False)] = Color.RED


store = Store(country="cz", code=1, name="x", price=3)
Store(country="cz", code=1, name="x", price=3, color=Color.GREEN, size=None, tags=["a"], facts={"a": 1}, next_id=None)
assert_type(store.id, int)
assert_type(store.created, datetime)
assert_type(store.color, Color)
assert_type(store.size, Color | None)
assert_type(store.tags, list[str])
assert_type(Store.color, ColumnRef[Color])
assert_type(Store.total, ColumnRef[int])
assert_type(Store.size, ColumnRef[Color | None])
assert_type(Store.color == Color.RED, Condition)
assert_type(Store.color.in_([Color.RED]), Condition)
assert_type(to_dict(store), dict[str, Any])
assert_type(to_dict(Data("x"), include_relationships=True), dict[str, Any])
assert_type(from_dict(Store, {"name": "x"}), Store)
assert_type(from_dict(Data, {"name": "x"}), Data)
assert_type(from_dict(Model, to_dict(Model(name="x"))), Model)
