"""The table on PostgreSQL in Ferrow's three styles: times are aware."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel

from bench.data import TABLE
from ferrow import Base, Mapped, mapped_column


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
