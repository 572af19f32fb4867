"""Models as users of the functions write them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import pydantic
from pydantic import Field, computed_field

from ferrow import Identity, mapped_column
from ferrow.crud import BaseModel
from ferrow.types import ListOf, Text


class Role(Enum):
    ADMIN = "admin"
    EDITOR = "editor"
    READER = "reader"


class Address(pydantic.BaseModel):
    city: str
    code: str | None = None


class MyUser(BaseModel):
    """Plain: rows become instances without validation."""

    id: int | None = None
    name: str
    email: Annotated[str, mapped_column(unique=True)]
    age: int | None = None
    is_active: bool = True
    limit: int | None = None
    """Called as an argument of the functions."""
    created_at: Annotated[datetime | None, mapped_column(server_default="CURRENT_TIMESTAMP", nullable=False)] = None


class Profile(BaseModel):
    """All that does not fit into a plain column, names that the outside world has, and values that are not stored."""

    __primary_key__ = "profile_id"

    profile_id: int | None = None
    nick: str = Field(alias="nickName")
    role: Role = Role.READER
    address: Address | None = None
    settings: dict[str, Any] | None = None
    notes: list[str] = Field(default_factory=list)
    tags: Annotated[list[str], ListOf(Text())] = Field(default_factory=list)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def shouted(self) -> str:
        return self.nick.upper()


class Checked(BaseModel):
    """With validators of its own, which see what the database gives back."""

    id: int | None = None
    name: str
    age: int = Field(default=20, ge=18)

    @pydantic.field_validator("name")
    @classmethod
    def no_devils(cls, value: str) -> str:
        if "devil" in value:
            raise ValueError("no devils")
        return value

    @pydantic.model_validator(mode="after")
    def named(self) -> Checked:
        assert self.name
        return self


class Numbered(BaseModel):
    """Nothing but a key."""

    id: int | None = None


class Counted(BaseModel):
    """With a version."""

    id: int | None = None
    name: str
    version: Annotated[int, mapped_column(version=True)] = 1


class Fixed(BaseModel):
    """Its key always comes from the database."""

    id: Annotated[int | None, mapped_column(Identity(always=True), primary_key=True)] = None
    name: str


class Pair(BaseModel):
    """A key of two columns."""

    __primary_key__ = ("left", "right")

    left: int
    right: int
    note: str | None = None


ALL = (MyUser, Profile, Checked, Numbered, Counted, Pair)
