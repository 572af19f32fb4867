"""Dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ferrow import mapped_column
from ferrow.types import Boolean, ListOf, Text


@dataclass(kw_only=True)
class User:
    __tablename__ = "users"

    id: int | None = None
    name: str
    email: str = field(metadata={"unique": True, "max_length": 200})
    age: int | None = None


@dataclass(kw_only=True)
class Post:
    __tablename__ = "posts"

    id: int | None = None
    title: str = field(metadata={"index": True})
    author_id: int = field(metadata={"fk": "users.id"})
    body: str | None = None


@dataclass(kw_only=True)
class Sample:
    __tablename__ = "samples"

    id: int | None = None
    flag: bool | None = None
    whole: int | None = None
    real: float | None = None
    text: str | None = None
    raw: bytes | None = None
    day: date | None = None
    clock: time | None = None
    moment: datetime | None = None
    instant: datetime | None = field(default=None, metadata={"timezone": True})
    token: UUID | None = None
    amount: Decimal | None = None
    document: dict[str, Any] | None = None
    entries: list[Any] | None = None
    tags: list[str | None] | None = field(default=None, metadata={"type": ListOf(Text())})
    marks: Annotated[list[bool | None] | None, mapped_column(ListOf(Boolean()))] = None
