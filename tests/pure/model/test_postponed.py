"""Everything is text here: what `from __future__ import annotations` does to models."""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field
from enum import Enum

import ferrow.model as fm
from ferrow.model import Base, ForeignKey, Mapped, mapped_column, relationship, table_of
from ferrow.model import Mapped as M


class Color(Enum):
    RED = "red"


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    color: Mapped[Color | None]
    born: M[dt.date]
    seen: fm.Mapped[t.Optional[dt.datetime]]  # noqa: UP045
    friends: Mapped[list[User]] = relationship()
    rank: "Mapped[int | None]"  # noqa: UP037  # in quotes, as without the import above
    LIMIT: t.ClassVar[int] = 3


@dataclass
class Item:
    owner_id: t.Annotated[int, ForeignKey("users.id")]
    price: float
    color: Color = Color.RED
    id: int | None = None
    tags: list[str] = field(default_factory=list)
    later: Missing | None = None  # type: ignore[name-defined]  # pyright: ignore[reportUndefinedVariable]  # noqa: F821


def test_typed_classes() -> None:
    assert [(column.key, column.type.kind, column.nullable) for column in table_of(User).columns] == [
        ("id", "int", False),
        ("color", "text", True),
        ("born", "date", False),
        ("seen", "timestamp", True),
        ("rank", "int", True),
    ]
    assert table_of(User).relations["friends"].target is User


def test_dataclasses() -> None:
    table = table_of(Item)
    known = [column for column in table.columns if column.key != "later"]
    assert [(column.key, column.type.kind) for column in known] == [
        ("owner_id", "int"),
        ("price", "float"),
        ("color", "text"),
        ("id", "int"),
        ("tags", "json"),
    ]
    assert table.column("owner_id").foreign_key == ForeignKey("users.id")
    assert table.column("later").nullable
    assert [column.key for column in table.primary_key] == ["id"]


def test_local_classes() -> None:
    class Size(Enum):
        SMALL = 1

    class Shirt(Base):
        size: Mapped[Size]

    assert table_of(Shirt).column("size").python is Size
