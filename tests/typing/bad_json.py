"""What is wrong about documents and `columns`: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from ferrow import JSON, Base, Mapped, Session, column, columns, mapped_column


@dataclass
class Theme:
    name: str
    size: int


@dataclass
class Settings:
    theme: Theme
    prices: list[Decimal]


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    meta: Mapped[dict[str, Any]] = mapped_column(JSON)
    counts: Mapped[dict[str, int]]
    settings: Mapped[Settings]


@dataclass
class Account:
    id: int
    name: str


class Order(BaseModel):
    id: int
    total: Decimal


session = Session(...)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

User.name["x"]  # E
User.meta[1.5]  # E
_ = User.counts["n"] > "x"  # E
session.query(User).filter(User.counts["n"] == "x")  # E
User.counts["n"].in_(["x"])  # E
User.meta.has_key(5)  # E
User.meta.has_keys("a", 5)  # E
User.meta["a"].like(5)  # E
_ = User.meta["a"].as_int() > "x"  # E
_ = User.meta["a"].as_text() + 1  # E

User.settings.path(lambda s: s.thme)  # E
User.settings.path(lambda s: s.theme.nam)  # E
_ = User.settings.path(lambda s: s.theme.size) > "x"  # E
session.query(User).filter(User.settings.path(lambda s: s.theme.name) == 5)  # E
User.settings.path(lambda s: s.theme.name).in_([1])  # E
_ = User.settings.path(lambda s: s.prices[0]) > "x"  # E
User.settings.path("theme")  # E

column(Account, lambda a: a.nam)  # E
column(Account, "name")  # E
_ = column(Account, lambda a: a.id) > "x"  # E
session.query(Account).filter(column(Account, lambda a: a.id) == "x")  # E
session.query(Order).filter(column(Order, lambda o: o.total) == 1.5)  # E
column(Account, lambda a: a.name).in_([1])  # E
columns(Account(1, "x"))  # E
session.query(Account).filter(columns(Account).name)
session.query(Account).order_by(5)  # E
