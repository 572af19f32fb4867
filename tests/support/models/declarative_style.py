"""Typed classes."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from ferrow import JSON, Base, ForeignKey, Mapped, mapped_column
from ferrow.types import Boolean, ListOf, Text


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True, max_length=200)
    age: Mapped[int | None] = mapped_column()


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    body: Mapped[str | None] = mapped_column()


class Sample(Base):
    __tablename__ = "samples"

    id: Mapped[int] = mapped_column(primary_key=True)
    flag: Mapped[bool | None] = mapped_column()
    whole: Mapped[int | None] = mapped_column()
    real: Mapped[float | None] = mapped_column()
    text: Mapped[str | None] = mapped_column()
    raw: Mapped[bytes | None] = mapped_column()
    day: Mapped[date | None] = mapped_column()
    clock: Mapped[time | None] = mapped_column()
    moment: Mapped[datetime | None] = mapped_column()
    instant: Mapped[datetime | None] = mapped_column(timezone=True)
    token: Mapped[UUID | None] = mapped_column()
    amount: Mapped[Decimal | None] = mapped_column()
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    entries: Mapped[list[Any] | None] = mapped_column(JSON)
    tags: Mapped[list[str | None] | None] = mapped_column(ListOf(Text()))
    marks: Mapped[list[bool | None] | None] = mapped_column(ListOf(Boolean()))
