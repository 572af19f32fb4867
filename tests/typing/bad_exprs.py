"""What is wrong about functions, CASE, windows and lists: both checkers must object to every line that ends in `# E`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from ferrow import Base, Mapped, Session, any_, case, func, mapped_column
from ferrow.types import Integer, ListOf, Text


class Thing(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None]
    price: Mapped[Decimal]
    weight: Mapped[float]
    active: Mapped[bool]
    seen: Mapped[datetime]
    born: Mapped[date]
    tags: Mapped[list[str]] = mapped_column(ListOf(Text()))


T = Thing

func.lower(T.id)  # E
func.lower("x")  # E
func.length(T.id)  # E
func.replace(T.name, 1, "x")  # E
func.substr(T.name, "1")  # E
func.concat(T.name, T.id)  # E
func.abs(T.name)  # E
func.round(T.price, "1")  # E
func.sqrt(T.name)  # E
func.coalesce(T.age, "x")  # E
func.nullif(T.age, "x")  # E
func.date_trunc("moth", T.seen)  # E
func.date_trunc("month", T.name)  # E
func.extract("yaer", T.seen)  # E
func.extract("year", T.name)  # E
case((T.name, "x"))  # E
case((T.name == 3, "x"))  # E
case("x")  # E
_ = func.lower(T.name) > 3  # E
_ = func.coalesce(T.age, 0) > "x"  # E
_ = case((T.active, 1), else_=2) > "x"  # E

func.sum(T.id).filter(T.name)  # E
func.sum(T.id).over(order_by="id")  # E
func.sum(T.id).over(rows=1)  # E
func.sum(T.id).over(rows=("a", 1))  # E
func.sum(T.id).over(exclude="all")  # E
func.lower(T.name).over()  # E
func.lower(T.name).filter(T.active)  # E
_ = func.rank() > 1  # E
func.lag(T.name, 1, 0)  # E
func.ntile("4")  # E
func.string_agg(T.id, ", ")  # E
func.string_agg(T.name, 1)  # E

_ = T.price * 1.5  # E
_ = T.name * 2  # E
_ = T.name + 2  # E
_ = T.id + "x"  # E
_ = "x" + T.id  # E
_ = 1 / T.name  # E
_ = -T.name  # E
_ = T.price > 1.5  # E
_ = T.weight > Decimal(1)  # E
_ = T.name > T.id  # E
_ = T.seen > T.id  # E
_ = T.seen + 1  # E
_ = T.seen * 2  # E
_ = T.seen - T.born  # E
_ = T.seen - T.seen > 1  # E

T.tags.contains_all([1])  # E
T.tags.overlaps(3)  # E
T.name.contains_all(["x"])  # E
T.tags["x"]  # E
T.name[0]  # E
_ = T.id < any_(["x"])  # E
any_(3)  # E
T.id.matches("x")  # E
T.name.matches(3)  # E
T.active.is_("x")  # E
T.age.is_distinct_from("x")  # E
T.age.is_distinct_from(T.name)  # E
T.price.between(1.5, 2)  # E
T.name.in_([1])  # E
func.call("soundex", T.name)  # E
func.call(3, type=Integer())  # E
func.lowr(T.name)  # E


def condition(session: Session) -> None:
    session.query(Thing).filter(func.lower(T.name) == 3)  # E
    session.query(Thing).filter(T.id == any_(["x"]))  # E
    session.query(Thing).filter(func.extract("year", T.seen) == "2024")  # E
