"""Dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ferrow import ForeignKeyConstraint, relationship
from ferrow.types import Enum, ListOf, Text
from tests.support.mixed.types import Color, Doc, Level


@dataclass(kw_only=True)
class Team:
    city: str
    region: str = field(metadata={"primary_key": True, "name": "number"})
    number: int = field(metadata={"primary_key": True, "name": "region"})
    color: Color | None = None
    players: Annotated[list[Player], relationship(back_populates="team", order_by="id")] = field(default_factory=list)


@dataclass(kw_only=True)
class Player:
    __table_args__ = (ForeignKeyConstraint(("team_region", "team_number"), (Team, ("region", "number"))),)

    color: Color | None = None
    id: UUID = field(metadata={"primary_key": True})
    name: str = field(metadata={"name": "nick"})
    nick: str = field(metadata={"name": "name"})
    level: Level | None = None
    age: int | None = None
    score: Decimal | None = None
    tags: list[str] = field(metadata={"type": ListOf(Text())})
    colors: list[Color] = field(metadata={"type": ListOf(Enum(Color))})
    doc: Doc | None = None
    meta: dict[str, Any]
    team_region: str | None = None
    team_number: int | None = None
    coach_id: UUID | None = field(default=None, metadata={"fk": "players.id"})
    team: Annotated[Team | None, relationship(back_populates="players")] = None
    coach: Annotated[Player | None, relationship(remote_side="id", back_populates="coached")] = None
    coached: Annotated[list[Player], relationship(back_populates="coach", order_by="id")] = field(default_factory=list)
