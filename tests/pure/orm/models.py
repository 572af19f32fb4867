"""Models with what the shared ones do not have: composite keys, encoded columns, server defaults, references to oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from ferrow import JSON, Base, ForeignKey, Mapped, mapped_column


class Status(Enum):
    DRAFT = "draft"
    LIVE = "live"


class Article(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    views: Mapped[int] = mapped_column(default=0)
    price: Mapped[Decimal | None] = mapped_column()
    rating: Mapped[float | None] = mapped_column()
    live: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str | None] = mapped_column(name="body_text")
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(timezone=True, server_default="CURRENT_TIMESTAMP")


class Membership(Base):
    team: Mapped[int] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str | None] = mapped_column()


class Pair(Base):
    left: Mapped[int] = mapped_column(primary_key=True)
    right: Mapped[int] = mapped_column(primary_key=True)


class Reading(Base):
    """No primary key: can only be read."""

    at: Mapped[datetime]
    value: Mapped[float]


class Comment(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    text: Mapped[str]


class Ticket(Base):
    code: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[Status] = mapped_column(primary_key=True)


@dataclass(frozen=True)
class Frozen:
    __tablename__ = "frozen"

    id: int | None = None
    name: str = "x"
