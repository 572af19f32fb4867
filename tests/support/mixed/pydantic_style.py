"""Pydantic models."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel

from ferrow import ForeignKey, ForeignKeyConstraint, mapped_column, relationship
from ferrow.types import Enum, ListOf, Text
from tests.support.mixed.types import Color, Doc, Level


class Team(BaseModel):
    city: str
    region: Annotated[str, mapped_column(primary_key=True, name="number")]
    number: Annotated[int, mapped_column(primary_key=True, name="region")]
    color: Color | None = None
    players: Annotated[list[Player], relationship(back_populates="team", order_by="id")] = []


class Player(BaseModel):
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(("team_region", "team_number"), (Team, ("region", "number"))),
    )

    color: Color | None = None
    id: Annotated[UUID, mapped_column(primary_key=True)]
    name: Annotated[str, mapped_column(name="nick")]
    nick: Annotated[str, mapped_column(name="name")]
    level: Level | None = None
    age: int | None = None
    score: Decimal | None = None
    tags: Annotated[list[str], mapped_column(ListOf(Text()))]
    colors: Annotated[list[Color], mapped_column(ListOf(Enum(Color)))]
    doc: Doc | None = None
    meta: dict[str, Any]
    team_region: str | None = None
    team_number: int | None = None
    coach_id: Annotated[UUID | None, ForeignKey("players.id")] = None
    team: Annotated[Team | None, relationship(back_populates="players")] = None
    coach: Annotated[Player | None, relationship(remote_side="id", back_populates="coached")] = None
    coached: Annotated[list[Player], relationship(back_populates="coach", order_by="id")] = []
