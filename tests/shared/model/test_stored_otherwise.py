"""Columns whose attributes are something else than what the database keeps: what they are compared with, or stand beside, is sent as they are."""

from __future__ import annotations

import datetime
import enum
from typing import Any

import pytest

from ferrow import Base, Mapped, any_, case, func, mapped_column
from ferrow.types import Numeric, Timestamp, Uuid
from tests.support import maybe


class Level(enum.Enum):
    LOW = "low"
    HIGH = "high"


class Row(Base):
    __tablename__ = "stored_otherwise"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[datetime.date | None] = mapped_column(Timestamp())
    price: Mapped[float | None] = mapped_column(Numeric(10, 2))
    token: Mapped[str | None] = mapped_column(Uuid())
    level: Mapped[Level | None]


VALUES: dict[str, Any] = {
    "day": datetime.date(2024, 2, 29),
    "price": 1.1,
    "token": "00000000-0000-0000-0000-000000000001",
    "level": Level.HIGH,
}
OTHERS: dict[str, Any] = {
    "day": datetime.date(2024, 3, 1),
    "price": 2.2,
    "token": "00000000-0000-0000-0000-000000000002",
    "level": Level.LOW,
}


@pytest.mark.parametrize("key", VALUES)
async def test_null_as_a_value_among_others(session: Any, engine: Any, key: str) -> None:
    await maybe(engine.create_all(Row))
    await maybe(session.insert_all([Row(id=1, **VALUES), Row(id=2)]))
    column, value = getattr(Row, key), VALUES[key]
    for condition, found in (
        (column.is_distinct_from(value), [2]),
        (column.is_not_distinct_from(value), [1]),
        (column.is_distinct_from(None), [1]),
        (column.is_not_distinct_from(column), [1, 2]),
    ):
        query = session.query(Row).filter(condition).order_by("id")
        assert await maybe(query.values_list("id", flat=True)) == found


@pytest.mark.parametrize("key", VALUES)
async def test_beside_values(session: Any, engine: Any, key: str) -> None:
    await maybe(engine.create_all(Row))
    await maybe(session.insert_all([Row(id=1, **VALUES), Row(id=2), Row(id=3, **OTHERS)]))
    column, value, other = getattr(Row, key), VALUES[key], OTHERS[key]
    for condition, found in (
        (func.coalesce(column, value) == column._sent(value), [1, 2]),
        (column == func.coalesce(column, value), [1, 3]),
        (func.nullif(column, value).is_null(), [1, 2]),
        (column == case((Row.id == 1, column), else_=other), [1, 3]),
        (column == case((Row.id == 1, value), else_=column), [1, 3]),
        (column == any_([value, other]), [1, 3]),
        (any_([value]) == column, [1]),
        (column != any_([value]), [3]),
    ):
        query = session.query(Row).filter(condition).order_by("id")
        assert await maybe(query.values_list("id", flat=True)) == found, condition
