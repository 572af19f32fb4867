"""Three rows with a column of every type that expressions compute with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from ferrow import Base, Mapped, mapped_column
from ferrow.sql import Select
from ferrow.types import Integer, ListOf, Numeric, Text


class Thing(Base):
    __tablename__ = "expression_things"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    n: Mapped[int | None]
    price: Mapped[Decimal] = mapped_column(precision=10, scale=2)
    w: Mapped[float]
    ok: Mapped[bool | None]
    at: Mapped[datetime]
    atz: Mapped[datetime] = mapped_column(timezone=True)
    day: Mapped[date]
    clock: Mapped[time]
    tags: Mapped[list[str] | None] = mapped_column(ListOf(Text()))
    nums: Mapped[list[int]] = mapped_column(ListOf(Integer()))
    sums: Mapped[list[Decimal]] = mapped_column(ListOf(Numeric()))


T = Thing
LATE = datetime(2024, 12, 31, 23, 59, 59, 999999)
EARLY = datetime(2021, 1, 3, 4, 5, 6, 7)
MOON = datetime(1969, 7, 20, 20, 17)


def things() -> list[Thing]:
    return [
        Thing(
            name="Äpfel ß", n=3, price=Decimal("1.25"), w=2.675, ok=True, at=LATE, atz=LATE.replace(tzinfo=UTC),
            day=date(2024, 2, 29), clock=LATE.time(), tags=["a", "b"], nums=[1, 2, 3], sums=[Decimal("1.50")],
        ),
        Thing(
            name="  beta ", n=None, price=Decimal("-7.50"), w=-1.5, ok=False, at=EARLY, atz=EARLY.replace(tzinfo=UTC),
            day=date(2021, 1, 3), clock=time(0, 0, 1), tags=None, nums=[], sums=[],
        ),
        Thing(
            name="gamma", n=-5, price=Decimal("100.00"), w=0.0, ok=None, at=MOON, atz=MOON.replace(tzinfo=UTC),
            day=date(1969, 7, 20), clock=time(12), tags=[], nums=[7], sums=[Decimal(2), Decimal(3)],
        ),
    ]  # fmt: skip


ids = Select([T.id], T.id.table)
