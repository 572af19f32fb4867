"""Pydantic models."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel

from ferrow import ForeignKey, mapped_column, relationship


class City(BaseModel):
    __tablename__: ClassVar[str] = "cities"

    id: int | None = None
    name: str
    authors: Annotated[list[Author], relationship(back_populates="city")] = []


class Author(BaseModel):
    id: int | None = None
    name: str
    city_id: Annotated[int | None, ForeignKey("cities.id")] = None
    city: Annotated[City | None, relationship(back_populates="authors")] = None
    books: Annotated[list[Book], relationship(back_populates="author", order_by="-pages")] = []
    profile: Annotated[Profile | None, relationship(back_populates="author")] = None
    sent: Annotated[list[Message], relationship(foreign_keys="sender_id")] = []
    received: Annotated[list[Message], relationship(back_populates="recipient")] = []
    followers: Annotated[
        list[Author], relationship(secondary="follows", foreign_keys=["followed_id", "follower_id"])
    ] = []
    following: Annotated[list[Author], relationship(secondary="follows", back_populates="followers")] = []


class Profile(BaseModel):
    id: int | None = None
    text: str
    author_id: Annotated[int, ForeignKey("authors.id"), mapped_column(unique=True)]
    author: Annotated[Author | None, relationship(back_populates="profile")] = None


class Book(BaseModel):
    id: int | None = None
    title: str
    pages: int
    author_id: Annotated[int | None, ForeignKey("authors.id")] = None
    author: Annotated[Author | None, relationship(back_populates="books")] = None
    tags: Annotated[list[Tag], relationship(secondary="book_tags", back_populates="books")] = []
    categories: Annotated[list[Category], relationship(secondary="book_categories")] = []


class Tag(BaseModel):
    id: int | None = None
    name: str
    books: Annotated[list[Book], relationship(secondary="book_tags", back_populates="tags")] = []


class BookTag(BaseModel):
    __tablename__: ClassVar[str] = "book_tags"

    book_id: Annotated[int, ForeignKey("books.id"), mapped_column(primary_key=True)]
    tag_id: Annotated[int, ForeignKey("tags.id"), mapped_column(primary_key=True)]


class Employee(BaseModel):
    id: int | None = None
    name: str
    boss_id: Annotated[int | None, ForeignKey("employees.id")] = None
    boss: Annotated[Employee | None, relationship(back_populates="reports", remote_side="id")] = None
    reports: Annotated[list[Employee], relationship(back_populates="boss")] = []


class Message(BaseModel, frozen=True):
    id: int | None = None
    text: str
    sender_id: Annotated[int, ForeignKey("authors.id")]
    recipient_id: Annotated[int, ForeignKey("authors.id")]
    sender: Annotated[Author | None, relationship(foreign_keys=["sender_id"])] = None
    recipient: Annotated[
        Author | None, relationship(foreign_keys="Message.recipient_id", back_populates="received")
    ] = None


class Follow(BaseModel):
    follower_id: Annotated[int, ForeignKey("authors.id"), mapped_column(primary_key=True)]
    followed_id: Annotated[int, ForeignKey("authors.id"), mapped_column(primary_key=True)]


class Category(BaseModel):
    __tablename__: ClassVar[str] = "categories"

    id: int | None = None
    name: str
    books: Annotated[list[Book], relationship(secondary="book_categories", back_populates="categories")] = []
