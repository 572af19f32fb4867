"""The table in the SQLite file in Ferrow's three styles: times are UTC without saying so, as peers store them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel

from bench.data import TABLE, WRITTEN
from ferrow import Base, Mapped, mapped_column


class Typed(Base):
    __tablename__ = TABLE

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    age: Mapped[int | None] = mapped_column()
    is_active: Mapped[bool]
    created_at: Mapped[datetime]


@dataclass(slots=True)
class Slotted:
    __tablename__: ClassVar[str] = TABLE

    id: int
    email: str
    age: int | None
    is_active: bool
    created_at: datetime


class Checked(BaseModel):
    __tablename__: ClassVar[str] = TABLE

    id: int
    email: str
    age: int | None
    is_active: bool
    created_at: datetime


@dataclass(slots=True)
class SlottedWritten:
    __tablename__: ClassVar[str] = WRITTEN

    email: str
    age: int | None
    is_active: bool
    created_at: datetime
    id: int | None = field(default=None, metadata={"primary_key": True})
