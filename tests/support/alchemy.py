"""What SQLAlchemy maps: two classes, and a table of every kind of column."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg


class Mood(enum.Enum):
    calm = 1
    lively = 2


class Base(orm.DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(40), unique=True)
    books: orm.Mapped[list[Book]] = orm.relationship(back_populates="author")


class Book(Base):
    __tablename__ = "books"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    title: orm.Mapped[str]
    author_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("authors.id"))
    author: orm.Mapped[Author] = orm.relationship(back_populates="books")


KINDS = sa.Table(
    "kinds",
    Base.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("small", sa.SmallInteger),
    sa.Column("large", sa.BigInteger),
    sa.Column("number", sa.Numeric(10, 2)),
    sa.Column("as_float", sa.Numeric(10, 2, asdecimal=False)),
    sa.Column("float", sa.Float),
    sa.Column("as_decimal", sa.Double(asdecimal=True)),
    sa.Column("flag", sa.Boolean),
    sa.Column("text", sa.Text),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("day", sa.Date),
    sa.Column("hour", sa.Time),
    sa.Column("moment", sa.DateTime(timezone=True)),
    sa.Column("naive", sa.DateTime),
    sa.Column("uuid", sa.Uuid),
    sa.Column("uuid_text", sa.Uuid(as_uuid=False)),
    sa.Column("json", sa.JSON),
    sa.Column("jsonb", pg.JSONB),
    sa.Column("list", sa.ARRAY(sa.Integer)),
    sa.Column("mood", sa.Enum(Mood)),
)
VALUES: dict[str, Any] = {
    "small": 1, "large": 2**40, "number": Decimal("1.50"), "as_float": 1.5, "float": 0.1, "as_decimal": Decimal("0.1"),
    "flag": True, "text": "100% :name $1", "bytes": b"\0", "day": date(2024, 2, 29), "hour": time(12, 30),
    "moment": datetime(2024, 2, 29, 12, tzinfo=UTC), "naive": datetime(2024, 2, 29, 12), "uuid": UUID(int=1),
    "uuid_text": str(UUID(int=2)), "json": {"a": [1, None]}, "jsonb": ["x", {"y": 1.5}], "list": [1, 2, None], "mood": Mood.lively,
}  # fmt: skip
