"""Dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from ferrow import relationship


@dataclass(kw_only=True)
class City:
    __tablename__ = "cities"

    id: int | None = None
    name: str
    authors: Annotated[list[Author], relationship(back_populates="city")] = field(default_factory=list)


@dataclass(kw_only=True)
class Author:
    id: int | None = None
    name: str
    city_id: int | None = field(default=None, metadata={"fk": "cities.id"})
    city: Annotated[City | None, relationship(back_populates="authors")] = None
    books: Annotated[list[Book], relationship(back_populates="author", order_by="-pages")] = field(default_factory=list)
    profile: Annotated[Profile | None, relationship(back_populates="author")] = None
    sent: list[Message] = relationship(foreign_keys="sender_id")  # noqa: RUF009  # the other way to say it
    received: Annotated[list[Message], relationship(back_populates="recipient")] = field(init=False)
    followers: Annotated[
        list[Author], relationship(secondary="follows", foreign_keys=["followed_id", "follower_id"])
    ] = field(default_factory=list)
    following: Annotated[list[Author], relationship(secondary="follows", back_populates="followers")] = field(
        default_factory=list
    )


@dataclass(kw_only=True)
class Profile:
    id: int | None = None
    text: str
    author_id: int = field(metadata={"fk": "authors.id", "unique": True})
    author: Annotated[Author | None, relationship(back_populates="profile")] = None


@dataclass(kw_only=True)
class Book:
    id: int | None = None
    title: str
    pages: int
    author_id: int | None = field(default=None, metadata={"fk": "authors.id"})
    author: Annotated[Author | None, relationship(back_populates="books")] = None
    tags: Annotated[list[Tag], relationship(secondary="book_tags", back_populates="books")] = field(
        default_factory=list
    )
    categories: Annotated[list[Category], relationship(secondary="book_categories")] = field(default_factory=list)


@dataclass(kw_only=True)
class Tag:
    id: int | None = None
    name: str
    books: Annotated[list[Book], relationship(secondary="book_tags", back_populates="tags")] = field(
        default_factory=list
    )


@dataclass(kw_only=True)
class BookTag:
    __tablename__ = "book_tags"

    book_id: int = field(metadata={"fk": "books.id", "pk": True})
    tag_id: int = field(metadata={"fk": "tags.id", "pk": True})


@dataclass(kw_only=True, slots=True)
class Employee:
    id: int | None = None
    name: str
    boss_id: int | None = field(default=None, metadata={"fk": "employees.id"})
    boss: Annotated[Employee | None, relationship(back_populates="reports", remote_side="id")] = None
    reports: Annotated[list[Employee], relationship(back_populates="boss")] = field(default_factory=list)


@dataclass(kw_only=True, frozen=True)
class Message:
    id: int | None = None
    text: str
    sender_id: int = field(metadata={"fk": "authors.id"})
    recipient_id: int = field(metadata={"fk": "authors.id"})
    sender: Annotated[Author | None, relationship(foreign_keys=["sender_id"])] = None
    recipient: Annotated[
        Author | None, relationship(foreign_keys="Message.recipient_id", back_populates="received")
    ] = None


@dataclass(kw_only=True)
class Follow:
    follower_id: int = field(metadata={"fk": "authors.id", "pk": True})
    followed_id: int = field(metadata={"fk": "authors.id", "pk": True})


@dataclass(kw_only=True)
class Category:
    __tablename__ = "categories"

    id: int | None = None
    name: str
    books: Annotated[list[Book], relationship(secondary="book_categories", back_populates="categories")] = field(
        default_factory=list
    )
