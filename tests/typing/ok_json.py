"""What is right about documents and `columns`: neither checker may have a word to say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict, assert_type

from pydantic import BaseModel

from ferrow import JSON, Base, Mapped, Q, Session, column, columns, mapped_column, select
from ferrow.sql import ColumnRef, Condition, Expr, Ordering
from ferrow.sql.json_path import JsonPath


class Limits(TypedDict):
    rows: int


@dataclass
class Theme:
    name: str
    dark: bool


@dataclass
class Settings:
    theme: Theme
    prices: list[Decimal]
    limits: Limits
    by_name: dict[str, Theme]
    level: int | None = None


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    meta: Mapped[dict[str, Any]] = mapped_column(JSON)
    maybe: Mapped[dict[str, int] | None]
    tags: Mapped[list[str]]
    settings: Mapped[Settings]
    old: Mapped[Settings | None]


@dataclass
class Account:
    id: int
    name: str
    settings: Settings


class Order(BaseModel):
    id: int
    total: Decimal | None


session = Session(...)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

assert_type(User.meta["plan"], JsonPath[Any])
assert_type(User.meta["plan"]["name"][0], Expr[Any | None])
assert_type(User.maybe["n"], JsonPath[int])
assert_type(User.maybe["n"] > 3, Condition)
assert_type(User.meta["plan"] == "premium", Condition)
assert_type(User.meta["plan"] >= 3, Condition)
assert_type(User.meta["plan"].in_(["a", 1]), Condition)
assert_type(User.meta["plan"].contains(5), Condition)
assert_type(User.meta["plan"].like("a%"), Condition)
assert_type(User.meta["n"].as_int(), Expr[int | None])
assert_type(User.meta["n"].as_decimal(), Expr[Decimal | None])
assert_type(User.meta["n"].as_text(), Expr[str | None])
assert_type(User.meta["n"].as_float() > 1.5, Condition)
assert_type(User.meta.has_key("plan"), Condition)
assert_type(User.meta.has_keys("plan", "n"), Condition)
assert_type(User.meta.has_any_keys("plan", "n"), Condition)
assert_type(User.meta.json_contains({"plan": "premium"}), Condition)
assert_type(User.tags.length(), Expr[int])
assert_type(User.tags[0] == "x", Condition)
assert_type(User.meta["plan"].desc(), Ordering)

assert_type(User.settings.path(lambda s: s.theme.name), JsonPath[str])
assert_type(User.settings.path(lambda s: s.theme.name) == "dark", Condition)
assert_type(User.settings.path(lambda s: s.theme.dark), JsonPath[bool])
assert_type(User.settings.path(lambda s: s.prices[0]) > Decimal(1), Condition)
assert_type(User.settings.path(lambda s: s.limits["rows"]), JsonPath[int])
assert_type(User.settings.path(lambda s: s.by_name["x"].name).startswith("a"), Condition)
assert_type(User.settings.path(lambda s: s.level) == None, Condition)  # noqa: E711
assert_type(User.old.path(lambda s: s.theme.name), JsonPath[str])

assert_type(columns(Account).name, ColumnRef[Any])
assert_type(columns(Account).name == "x", Condition)
assert_type(columns(Account)["name"], ColumnRef[Any])
assert_type(columns(Account).settings["theme"]["name"], JsonPath[Any])
assert_type(column(Account, lambda a: a.id), Expr[int])
assert_type(column(Account, lambda a: a.id) >= 1, Condition)
assert_type(column(Order, lambda o: o.total), Expr[Decimal | None])
assert_type(column(Order, lambda o: o.total) > 5, Condition)
assert_type(column(User, lambda u: u.name), Expr[str])
assert_type(column(Account, lambda a: a.settings.theme.name), Expr[str])

session.query(Account).filter(column(Account, lambda a: a.id) > 1, columns(Account).name == "x")
session.query(Account).order_by(columns(Account).name.desc(), column(Account, lambda a: a.id))
session.query(Account).values(columns(Account).name, User.meta["plan"].label("plan"))
session.query(User).filter(Q(Q(meta__plan="premium") | Q(User.meta["n"] > 5), name="x"))
assert_type(session.query(User).values_list(User.settings.path(lambda s: s.theme.name), flat=True), list[str])
select(Account).where(columns(Account).id == 1)
