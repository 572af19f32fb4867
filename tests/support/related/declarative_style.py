"""Typed classes."""

from __future__ import annotations

from ferrow import Base, ForeignKey, Mapped, mapped_column, relationship


class City(Base):
    __tablename__ = "cities"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    authors: Mapped[list[Author]] = relationship(back_populates="city")


class Author(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))
    city: Mapped[City | None] = relationship(back_populates="authors")
    books: Mapped[list[Book]] = relationship(back_populates="author", order_by="-pages")
    profile: Mapped[Profile | None] = relationship(back_populates="author")
    sent: Mapped[list[Message]] = relationship(foreign_keys="sender_id")
    received: Mapped[list[Message]] = relationship(back_populates="recipient")
    followers: Mapped[list[Author]] = relationship(secondary="follows", foreign_keys=["followed_id", "follower_id"])
    following: Mapped[list[Author]] = relationship(secondary="follows", back_populates="followers")


class Profile(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), unique=True)
    author: Mapped[Author] = relationship(back_populates="profile")


class Book(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    pages: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author | None] = relationship(back_populates="books")
    tags: Mapped[list[Tag]] = relationship(secondary="book_tags", back_populates="books")
    categories: Mapped[list[Category]] = relationship(secondary="book_categories")


class Tag(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list[Book]] = relationship(secondary="book_tags", back_populates="tags")


class BookTag(Base):
    __tablename__ = "book_tags"

    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True)


class Employee(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("employees.id"))
    boss: Mapped[Employee | None] = relationship(back_populates="reports", remote_side="id")
    reports: Mapped[list[Employee]] = relationship(back_populates="boss")


class Message(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    sender_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    sender: Mapped[Author] = relationship(foreign_keys=["sender_id"])
    recipient: Mapped[Author] = relationship(foreign_keys="Message.recipient_id", back_populates="received")


class Follow(Base):
    follower_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), primary_key=True)
    followed_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), primary_key=True)


class Category(Base):
    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list[Book]] = relationship(secondary="book_categories", back_populates="categories")
