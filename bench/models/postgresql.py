"""The tables on PostgreSQL in Ferrow's three styles: times are aware."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel

from bench.data import AUTHORS, ORDERS, POSTS, TABLE, WRITTEN
from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship
from ferrow.types import ListOf, Text


class Typed(Base):
    __tablename__ = TABLE

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    age: Mapped[int | None] = mapped_column()
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(timezone=True)


@dataclass(slots=True)
class Slotted:
    __tablename__: ClassVar[str] = TABLE

    id: int
    email: str
    age: int | None
    is_active: bool
    created_at: datetime = field(metadata={"timezone": True})


class Checked(BaseModel):
    __tablename__: ClassVar[str] = TABLE

    id: int
    email: str
    age: int | None
    is_active: bool
    created_at: Annotated[datetime, mapped_column(timezone=True)]


class TypedWritten(Base):
    __tablename__ = WRITTEN

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    age: Mapped[int | None] = mapped_column()
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(timezone=True)


@dataclass(slots=True)
class SlottedWritten:
    __tablename__: ClassVar[str] = WRITTEN

    email: str
    age: int | None
    is_active: bool
    created_at: datetime = field(metadata={"timezone": True})
    id: int | None = field(default=None, metadata={"primary_key": True})


class TypedOrder(Base):
    __tablename__ = ORDERS

    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str]
    total: Mapped[Decimal]
    weight: Mapped[float]
    paid: Mapped[bool]
    placed_at: Mapped[datetime] = mapped_column(timezone=True)
    details: Mapped[dict[str, Any]]
    tags: Mapped[list[str]] = mapped_column(ListOf(Text()))
    note: Mapped[str | None] = mapped_column()


@dataclass(slots=True)
class SlottedOrder:
    __tablename__: ClassVar[str] = ORDERS

    id: int
    customer: str
    total: Decimal
    weight: float
    paid: bool
    placed_at: datetime = field(metadata={"timezone": True})
    details: dict[str, Any]
    tags: Annotated[list[str], ListOf(Text())]
    note: str | None


class CheckedOrder(BaseModel):
    __tablename__: ClassVar[str] = ORDERS

    id: int
    customer: str
    total: Decimal
    weight: float
    paid: bool
    placed_at: Annotated[datetime, mapped_column(timezone=True)]
    details: dict[str, Any]
    tags: Annotated[list[str], ListOf(Text())]
    note: str | None


class Author(Base):
    __tablename__ = AUTHORS

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int]
    posts: Mapped[list[Post]] = relationship(back_populates="author")


class Post(Base):
    __tablename__ = POSTS

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey(f"{AUTHORS}.id"))
    title: Mapped[str]
    views: Mapped[int]
    published: Mapped[bool]
    author: Mapped[Author] = relationship(back_populates="posts")
