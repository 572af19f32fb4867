"""Dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ferrow import ForeignKey, relationship


@dataclass
class User:
    name: str = field(metadata={"max_length": 100})
    email: str = field(metadata={"unique": True})
    id: int | None = None
    age: int | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    role: str = "guest"
    status: str = "active"
    vip: bool = False
    created_at: datetime | None = None
    deleted_at: datetime | None = None
    posts: Annotated[list[Post], relationship(back_populates="author")] = field(init=False, repr=False, compare=False)
    profile: Annotated[Profile | None, relationship(back_populates="user")] = field(
        init=False, repr=False, compare=False
    )


@dataclass
class Post:
    title: str = field(metadata={"max_length": 200})
    author_id: Annotated[int, ForeignKey("users.id", ondelete="CASCADE")]
    id: int | None = None
    author: Annotated[User, relationship(back_populates="posts")] = field(init=False, repr=False, compare=False)


@dataclass
class Profile:
    user_id: int = field(metadata={"fk": "users.id", "ondelete": "CASCADE", "unique": True})
    id: int | None = None
    user: Annotated[User, relationship(back_populates="profile")] = field(init=False, repr=False, compare=False)


@dataclass
class Order:
    status: str
    amount: Decimal
    id: int | None = None


@dataclass
class Article:
    title: str
    id: int | None = None
    deleted_at: datetime | None = field(default=None, metadata={"soft_delete": True})
