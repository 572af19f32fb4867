"""What is right: neither checker may have a word to say."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, assert_type

from ferrow.model import JSON, Base, ForeignKey, Mapped, mapped_column, relationship, table_of
from ferrow.model.table import Table
from ferrow.sql import ColumnRef, Condition


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    age: Mapped[int | None] = mapped_column(nullable=True)
    balance: Mapped[Decimal] = mapped_column(precision=10, scale=2, default=Decimal(0))
    metadata: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created: Mapped[datetime] = mapped_column(timezone=True, server_default="CURRENT_TIMESTAMP")
    posts: Mapped[list[Post]] = relationship(back_populates="author")


class Post(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    author: Mapped[User] = relationship(back_populates="posts")


class Timestamps(Base):
    __abstract__ = True

    updated: Mapped[datetime | None] = mapped_column(default=None)


class Article(Timestamps):
    title: Mapped[str]


# Optional columns may be left out, given by name in any order.
user = User(name="Ada")
User(email="ada@example.com", name="Ada", age=None, balance=Decimal("1.50"), posts=[])
Article(title="On engines", updated=datetime(1843, 9, 1))

# Values on the instance.
assert_type(user.id, int)
assert_type(user.name, str)
assert_type(user.age, int | None)
assert_type(user.balance, Decimal)
assert_type(user.metadata, dict[str, Any])
assert_type(user.posts, list[Post])
assert_type(user.posts[0].author.name, str)
assert_type(Article(title="x").updated, datetime | None)
user.age = 36
user.age = None
user.name = "Ada Lovelace"

# Columns on the class.
assert_type(User.id, ColumnRef[int])
assert_type(User.age, ColumnRef[int | None])
assert_type(User.age >= 18, Condition)
assert_type(User.name == "Ada", Condition)
assert_type(User.age == None, Condition)  # noqa: E711  # the SQL spelling of IS NULL
assert_type((User.age >= 18) & ~User.name.startswith("A"), Condition)
assert_type(User.age.in_([1, 2, None]), Condition)
assert_type(Post.author_id == User.id, Condition)
assert_type(User.balance > 3, Condition)

assert_type(user.to_dict(), dict[str, Any])
assert_type(User.from_dict({"name": "Ada"}), User)
assert_type(table_of(User), Table)
