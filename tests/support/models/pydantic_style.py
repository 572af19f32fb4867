"""Pydantic models."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, Field

from ferrow import ForeignKey, mapped_column
from ferrow.types import Boolean, ListOf, Text


class User(BaseModel):
    __tablename__: ClassVar[str] = "users"

    id: int | None = None
    name: str
    email: Annotated[str, mapped_column(unique=True), Field(max_length=200)]
    age: int | None = None


class Post(BaseModel):
    __tablename__: ClassVar[str] = "posts"

    id: int | None = None
    title: Annotated[str, mapped_column(index=True)]
    author_id: Annotated[int, ForeignKey("users.id")]
    body: str | None = None


class Sample(BaseModel):
    __tablename__: ClassVar[str] = "samples"

    id: int | None = None
    flag: bool | None = None
    whole: int | None = None
    real: float | None = None
    text: str | None = None
    raw: bytes | None = None
    day: date | None = None
    clock: time | None = None
    moment: datetime | None = None
    instant: Annotated[datetime | None, mapped_column(timezone=True)] = None
    token: UUID | None = None
    amount: Decimal | None = None
    document: dict[str, Any] | None = None
    entries: list[Any] | None = None
    tags: Annotated[list[str | None] | None, mapped_column(ListOf(Text()))] = None
    marks: Annotated[list[bool | None] | None, mapped_column(ListOf(Boolean()))] = None
