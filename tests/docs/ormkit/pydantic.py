"""Pydantic models."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, Field

from ferrow import ForeignKey, mapped_column, relationship


class User(BaseModel):
    id: int | None = None
    name: str = Field(max_length=100)
    email: Annotated[str, mapped_column(unique=True)]
    age: int | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    role: str = "guest"
    status: str = "active"
    vip: bool = False
    created_at: datetime | None = None
    deleted_at: datetime | None = None
    posts: Annotated[list[Post], relationship(back_populates="author")] = []
    profile: Annotated[Profile | None, relationship(back_populates="user")] = None


class Post(BaseModel):
    id: int | None = None
    title: str = Field(max_length=200)
    author_id: Annotated[int, ForeignKey("users.id", ondelete="CASCADE")]
    author: Annotated[User | None, relationship(back_populates="posts")] = None


class Profile(BaseModel):
    id: int | None = None
    user_id: Annotated[int, ForeignKey("users.id", ondelete="CASCADE"), mapped_column(unique=True)]
    user: Annotated[User | None, relationship(back_populates="profile")] = None


class Order(BaseModel):
    id: int | None = None
    status: str
    amount: Decimal


class Article(BaseModel):
    id: int | None = None
    title: str
    deleted_at: Annotated[datetime | None, mapped_column(soft_delete=True)] = None
