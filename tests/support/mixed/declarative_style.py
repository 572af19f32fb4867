"""Typed classes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from ferrow import Base, ForeignKey, ForeignKeyConstraint, Mapped, mapped_column, relationship
from ferrow.types import Enum, ListOf, Text
from tests.support.mixed.types import Color, Doc, Level


class Team(Base):
    city: Mapped[str]
    region: Mapped[str] = mapped_column(primary_key=True, name="number")
    number: Mapped[int] = mapped_column(primary_key=True, name="region")
    color: Mapped[Color | None] = mapped_column(default=None)
    players: Mapped[list[Player]] = relationship(back_populates="team", order_by="id")


class Player(Base):
    __table_args__ = (ForeignKeyConstraint(("team_region", "team_number"), (Team, ("region", "number"))),)

    color: Mapped[Color | None] = mapped_column(default=None)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(name="nick")
    nick: Mapped[str] = mapped_column(name="name")
    level: Mapped[Level | None] = mapped_column(default=None)
    age: Mapped[int | None] = mapped_column(default=None)
    score: Mapped[Decimal | None] = mapped_column(default=None)
    tags: Mapped[list[str]] = mapped_column(ListOf(Text()))
    colors: Mapped[list[Color]] = mapped_column(ListOf(Enum(Color)))
    doc: Mapped[Doc | None] = mapped_column(default=None)
    meta: Mapped[dict[str, Any]]
    team_region: Mapped[str | None] = mapped_column(default=None)
    team_number: Mapped[int | None] = mapped_column(default=None)
    coach_id: Mapped[UUID | None] = mapped_column(ForeignKey("players.id"), default=None)
    team: Mapped[Team | None] = relationship(back_populates="players")
    coach: Mapped[Player | None] = relationship(remote_side="id", back_populates="coached")
    coached: Mapped[list[Player]] = relationship(back_populates="coach", order_by="id")
