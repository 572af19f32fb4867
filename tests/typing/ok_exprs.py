"""What is right about functions, CASE, windows and lists: neither checker may have a word to say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, assert_type

from ferrow import Base, Mapped, all_, any_, case, func, mapped_column
from ferrow.sql import Aggregate, Condition, Expr, WindowFunction
from ferrow.types import Integer, ListOf, Text


class Thing(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    nick: Mapped[str | None]
    age: Mapped[int | None]
    price: Mapped[Decimal]
    cost: Mapped[Decimal | None]
    weight: Mapped[float]
    height: Mapped[float | None]
    active: Mapped[bool]
    maybe: Mapped[bool | None]
    seen: Mapped[datetime]
    left: Mapped[datetime | None]
    born: Mapped[date | None]
    raw: Mapped[bytes]
    tags: Mapped[list[str]] = mapped_column(ListOf(Text()))
    nums: Mapped[list[int] | None] = mapped_column(ListOf(Integer()))


T = Thing

assert_type(func.lower(T.name), Expr[str])
assert_type(func.lower(T.nick), Expr[str | None])
assert_type(func.length(T.name), Expr[int])
assert_type(func.length(T.nick), Expr[int | None])
assert_type(func.length(T.raw), Expr[int])
assert_type(func.replace(T.nick, "a", T.name), Expr[str | None])
assert_type(func.substr(T.name, 1, T.id), Expr[str])
assert_type(func.concat(T.name, " ", T.nick), Expr[str])
assert_type(func.trim(func.upper(T.name)), Expr[str])

assert_type(func.abs(T.id), Expr[int])
assert_type(func.abs(T.cost), Expr[Decimal | None])
assert_type(func.round(T.price, 1), Expr[Decimal])
assert_type(func.round(T.weight), Expr[float])
assert_type(func.ceil(T.age), Expr[int | None])
assert_type(func.sqrt(T.price), Expr[float | None])
assert_type(func.power(T.age, 2), Expr[float | None])
assert_type(func.power(T.weight, T.id), Expr[float | None])

assert_type(func.coalesce(T.age, 0), Expr[int])
assert_type(func.coalesce(T.age, T.id), Expr[int])
assert_type(func.coalesce(T.nick, T.name), Expr[str])
assert_type(func.coalesce(T.nick, T.nick, ""), Expr[str])
assert_type(func.coalesce(T.nick, T.nick), Expr[str | None])
assert_type(func.nullif(T.name, ""), Expr[str | None])
assert_type(func.greatest(T.id, 1), Expr[int])
assert_type(func.greatest(T.id, T.age), Expr[int])
assert_type(func.least(T.age, T.id), Expr[int])
assert_type(func.least(T.cost, Decimal(1), T.price), Expr[Decimal])

assert_type(case((T.id > 1, "many"), else_="few"), Expr[str])
assert_type(case((T.id > 1, "many"), (T.active, "one")), Expr[str | None])
assert_type(case((T.id > 1, T.name), else_=T.name), Expr[str])
assert_type(case((T.maybe, T.price)), Expr[Decimal | None])
assert_type(case((T.id > 1, T.name), else_=""), Expr[str])

assert_type(func.now(), Expr[datetime])
assert_type(func.current_date(), Expr[date])
assert_type(func.date_trunc("month", T.seen), Expr[datetime])
assert_type(func.date_trunc("week", T.born), Expr[date | None])
assert_type(func.extract("year", T.seen), Expr[int])
assert_type(func.extract("year", T.born), Expr[int | None])
assert_type(func.extract("epoch", T.seen), Expr[float])
assert_type(T.seen < func.now(timezone=False), Condition)
assert_type(T.seen > func.now() - timedelta(days=7), Condition)
assert_type(T.seen + timedelta(days=1), Expr[datetime])
assert_type(timedelta(days=1) + T.left, Expr[datetime | None])
assert_type(T.left - timedelta(days=1), Expr[datetime | None])
assert_type(T.born + timedelta(days=1), Expr[date | None])
assert_type(T.seen - T.seen, Expr[timedelta])
assert_type(T.left - T.seen, Expr[timedelta | None])
assert_type(T.seen - T.left, Expr[timedelta | None])
assert_type(T.seen - datetime.now(), Expr[timedelta])
assert_type(datetime.now() - T.seen, Expr[timedelta])
assert_type(datetime.now() - T.left, Expr[timedelta | None])
assert_type(T.born - T.born, Expr[timedelta | None])
assert_type(func.current_date() - date.today(), Expr[timedelta])
assert_type(date.today() - func.current_date(), Expr[timedelta])
assert_type(T.seen - T.seen > timedelta(hours=1), Condition)
assert_type(T.seen - T.seen + timedelta(hours=1), Expr[timedelta])
assert_type(T.seen + (T.seen - T.left), Expr[datetime | None])
assert_type((T.seen - T.seen) + T.seen, Expr[datetime])
assert_type(datetime.now() + (T.seen - T.seen), Expr[datetime])
assert_type(datetime.now() - (T.seen - T.left), Expr[datetime | None])
assert_type(-(T.seen - T.seen), Expr[timedelta])

assert_type(func.sum(T.id), Aggregate[int | None])
assert_type(func.sum(T.price).filter(T.active), Aggregate[Decimal | None])
assert_type(func.count().filter(T.id > 1, T.active), Aggregate[int])
assert_type(func.array_agg(T.name), Aggregate[list[str] | None])
assert_type(func.array_agg(T.age)[0], Expr[int | None])
assert_type(func.string_agg(T.nick, ", ", order_by=T.id.desc()), Aggregate[str | None])
assert_type(func.json_agg(T.id), Aggregate[list[Any] | None])
assert_type(func.count().over(), Expr[int])
assert_type(
    func.sum(T.weight).over(partition_by=T.name, order_by=[T.id, T.age.desc()], rows=(None, 0)), Expr[float | None]
)
assert_type(func.sum(T.weight).over(order_by=T.weight, range=(-1.5, 1.5)), Expr[float | None])
assert_type(func.rank(), WindowFunction[int])
assert_type(func.rank().over(order_by=T.age), Expr[int])
assert_type(func.lag(T.name).over(order_by=T.id), Expr[str | None])
assert_type(func.lag(T.name, 1, "").over(order_by=T.id), Expr[str])
assert_type(func.first_value(T.id).over(order_by=T.id, exclude="ties", groups=(-1, 1)), Expr[int | None])

assert_type(T.tags[0], Expr[str | None])
assert_type(T.nums[-1], Expr[int | None])
assert_type(T.tags.length() > 1, Condition)
assert_type(T.tags.contains_all(["a"]), Condition)
assert_type(T.nums.overlaps([1, 2]), Condition)
assert_type(T.tags.contained_by(T.tags), Condition)
assert_type(T.tags == ["a"], Condition)
assert_type(T.id == any_([1, 2]), Condition)
assert_type(T.name == any_(T.tags), Condition)
assert_type(T.id > all_(T.nums), Condition)
assert_type(any_(T.tags) == "a", Condition)

assert_type(T.name.matches("^a") & T.nick.imatches("b$"), Condition)
assert_type(T.maybe.is_(True) | T.maybe.is_not(None), Condition)
assert_type(T.age.is_distinct_from(None), Condition)
assert_type(T.age.is_not_distinct_from(T.id), Condition)

assert_type(func.call("soundex", T.name, type=Text()), Expr[Any])
assert_type(func.call("mode", T.name, type=Text(), aggregate=True).filter(T.active), Aggregate[Any])

assert_type(T.id * T.price, Expr[Decimal])
assert_type(T.price * T.id, Expr[Decimal])
assert_type(T.age * T.price, Expr[Decimal | None])
assert_type(T.id * T.cost, Expr[Decimal | None])
assert_type(T.cost + T.id, Expr[Decimal | None])
assert_type(T.price - T.age, Expr[Decimal | None])
assert_type(T.weight * T.id, Expr[float])
assert_type(T.id + T.weight, Expr[float])
assert_type(T.price / T.weight, Expr[float])
assert_type(T.id * T.height, Expr[float | None])
assert_type(T.id + T.age, Expr[int | None])
assert_type(T.age + T.id, Expr[int | None])
assert_type(T.age + 1, Expr[int | None])
assert_type(T.id + 1, Expr[int])
assert_type(T.id * 1.5, Expr[float])
assert_type(T.id * Decimal("1.5"), Expr[Decimal])
assert_type(T.age * Decimal("1.5"), Expr[Decimal | None])
assert_type(T.age * 1.5, Expr[float | None])
assert_type(T.price * 2, Expr[Decimal])
assert_type(T.weight * 2, Expr[float])
assert_type(2 * T.price, Expr[Decimal])
assert_type(2 * T.weight, Expr[float])
assert_type(1.5 * T.id, Expr[float])
assert_type(Decimal(2) * T.id, Expr[Decimal])
assert_type(1 - T.cost, Expr[Decimal | None])
assert_type(1 / T.id, Expr[float])
assert_type(1 / T.age, Expr[float | None])
assert_type(1 / T.price, Expr[Decimal])
assert_type(T.id / T.id, Expr[float])
assert_type(T.id / T.age, Expr[float | None])
assert_type(T.id / T.price, Expr[Decimal])
assert_type(T.id % 3, Expr[int])
assert_type(T.id % T.id, Expr[int])
assert_type(T.age % 3, Expr[int | None])
assert_type(T.id % T.age, Expr[int | None])
assert_type(T.age % T.id, Expr[int | None])
assert_type(T.age % T.age, Expr[int | None])
assert_type(-T.cost, Expr[Decimal | None])
assert_type(T.id > 1.5, Condition)
assert_type(T.id == 1.5, Condition)
assert_type(T.age < Decimal("1.5"), Condition)
assert_type(T.price > T.id, Condition)
assert_type(T.price != T.age, Condition)
assert_type(T.age <= T.cost, Condition)
assert_type(T.weight >= T.id, Condition)
assert_type(T.cost > T.weight, Condition)
assert_type(T.cost == 1, Condition)
assert_type(T.age > T.id, Condition)
assert_type(T.id > T.age, Condition)
assert_type(T.left == T.seen, Condition)
assert_type(T.left > T.seen, Condition)
assert_type(T.nick != T.name, Condition)
assert_type(T.left.between(T.seen, T.seen), Condition)
assert_type(T.id.between(0.5, T.price), Condition)
assert_type(T.price.between(1, T.weight), Condition)
assert_type(T.height.between(1, T.id), Condition)
assert_type(T.price.in_([1, Decimal("1.5")]), Condition)
assert_type(T.id.is_distinct_from(T.cost), Condition)
assert_type(-T.id + 1, Expr[int])
assert_type(T.name + "x", Expr[str])
assert_type("x" + T.nick, Expr[str | None])
assert_type(T.name + T.nick, Expr[str | None])
assert_type(func.sum(T.id * T.price), Aggregate[Decimal | None])
assert_type(func.coalesce(func.sum(T.id), 0) * T.price, Expr[Decimal])
