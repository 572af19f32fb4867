"""What is right about expressions: neither checker may have a word to say."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import assert_type
from uuid import UUID

from ferrow.sql import (
    Aggregate,
    ColumnRef,
    Condition,
    Delete,
    Expr,
    Labelled,
    Ordering,
    Select,
    TableRef,
    Update,
    and_,
    func,
    or_,
)
from ferrow.types import Boolean, Double, Integer, Numeric, Text, Timestamp, Uuid

t = TableRef("t")
number: ColumnRef[int] = ColumnRef(t, "number", Integer())
age: ColumnRef[int | None] = ColumnRef(t, "age", Integer(), nullable=True)
name: ColumnRef[str] = ColumnRef(t, "name", Text())
nick: ColumnRef[str | None] = ColumnRef(t, "nick", Text(), nullable=True)
price: ColumnRef[Decimal] = ColumnRef(t, "price", Numeric(10, 2))
cost: ColumnRef[Decimal | None] = ColumnRef(t, "cost", Numeric(10, 2), nullable=True)
weight: ColumnRef[float] = ColumnRef(t, "weight", Double())
active: ColumnRef[bool] = ColumnRef(t, "active", Boolean())
maybe: ColumnRef[bool | None] = ColumnRef(t, "maybe", Boolean(), nullable=True)
seen: ColumnRef[datetime] = ColumnRef(t, "seen", Timestamp())
key: ColumnRef[UUID] = ColumnRef(t, "key", Uuid())

assert_type(age >= 18, Condition)
assert_type(age == None, Condition)  # noqa: E711
assert_type(number != None, Condition)  # noqa: E711
assert_type(nick == "x", Condition)
assert_type(seen < datetime(2024, 1, 1), Condition)
assert_type(key == UUID(int=0), Condition)

# Nullable meets not nullable, in both orders.
assert_type(age == number, Condition)
assert_type(number == age, Condition)
assert_type(age >= number, Condition)
assert_type(number >= age, Condition)

# An int is a fine float or Decimal.
assert_type(weight > 1, Condition)
assert_type(price > 1, Condition)
assert_type(cost == 1, Condition)
assert_type(price > Decimal("1.5"), Condition)
assert_type(price * 2, Expr[Decimal])
assert_type(cost + 2, Expr[Decimal | None])

assert_type(age.in_([1, 2, None]), Condition)
assert_type(number.in_((1, 2)), Condition)
assert_type(number.not_in(Select([number], t)), Condition)
assert_type(age.between(1, 2), Condition)
assert_type(name.contains("x") & nick.ilike("%y"), Condition)

assert_type(active & maybe, Condition)
assert_type(~active | (age > 1), Condition)
assert_type(and_(active, age > 1), Condition)
assert_type(or_(), Condition)

assert_type(number + 1, Expr[int])
assert_type(1 + number, Expr[int])
assert_type(age + 1, Expr[int | None])
assert_type(number / 2, Expr[float])
assert_type(age / 2, Expr[float | None])
assert_type(price / 2, Expr[Decimal])
assert_type(number % 2, Expr[int])
assert_type(number + age, Expr[int | None])
assert_type(age + number, Expr[int | None])
assert_type(name + "!", Expr[str])

assert_type(func.count(), Aggregate[int])
assert_type(func.sum(number), Aggregate[int | None])
assert_type(func.avg(number), Aggregate[float | None])
assert_type(func.avg(age), Aggregate[float | None])
assert_type(func.avg(weight), Aggregate[float | None])
assert_type(func.avg(price), Aggregate[Decimal | None])
assert_type(func.avg(cost), Aggregate[Decimal | None])
assert_type(func.max(name), Aggregate[str | None])

assert_type(age.label("x"), Labelled[int | None])
assert_type(age.desc().nulls_last(), Ordering)
assert_type(Select([name, func.count()], t).where(active, age > 1).order_by(name.desc(), age).limit(3), Select)
Update(t, [(name, "x"), (age, age + 1)], active)
Delete(t, nick == None)  # noqa: E711
