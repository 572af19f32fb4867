"""Rows of raw SQL as models: what expressions yield, for which SQLite knows no declared type."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field, fields, make_dataclass
from decimal import Decimal
from typing import Any, get_type_hints

import pytest

from ferrow.errors import DataError
from tests.support import maybe


@dataclass
class Address:
    street: str


@dataclass
class Everything:
    __tablename__ = "everything"

    flag: bool
    day: datetime.date
    moment: datetime.datetime
    zoned: datetime.datetime = field(metadata={"timezone": True})
    clock: datetime.time
    token: uuid.UUID
    cost: Decimal = field(metadata={"precision": 10, "scale": 2})
    counts: dict[str, int]
    places: list[str]
    home: Address
    note: str
    n: int
    id: int | None = None


ROW = Everything(
    flag=True,
    day=datetime.date(2026, 1, 2),
    moment=datetime.datetime(2026, 1, 2, 3, 4, 5, 6),
    zoned=datetime.datetime(2026, 1, 2, 3, 4, 5, 6, datetime.UTC),
    clock=datetime.time(3, 4, 5),
    token=uuid.UUID(int=7),
    cost=Decimal("1.10"),
    counts={"a": 1},
    places=["x"],
    home=Address("Main"),
    note='{"a": 1}',
    n=3,
    id=1,
)
METADATA = {each.name: dict(each.metadata) for each in fields(Everything)}


async def answer(session: Any, engine: Any, sql: str, python: Any, **metadata: Any) -> Any:
    """Return the one value that `sql` selects, as an attribute of type `python`."""
    await maybe(engine.create_all(Everything))
    await maybe(session.upsert(Everything(**vars(ROW)), "id"))
    cls: Any = make_dataclass("Answer", [("x", python, field(metadata=metadata))])
    return (await maybe(session.execute_raw(sql))).to_model(cls).x


@pytest.mark.parametrize("name", [each.name for each in fields(Everything)])
async def test_what_an_expression_yields_becomes_what_the_attribute_says(session: Any, engine: Any, name: str) -> None:
    sql = f"SELECT CASE WHEN 1 = 1 THEN {name} END AS x FROM everything"

    found = await answer(session, engine, sql, get_type_hints(Everything)[name], **METADATA[name])

    if engine.is_mysql and name == "zoned":  # in an expression a TIMESTAMP is a DATETIME, which has no zone
        found = found.replace(tzinfo=datetime.UTC)
    assert found == getattr(ROW, name)
    assert type(found) is type(getattr(ROW, name))


async def test_whole_decimals_are_whole_numbers(session: Any, engine: Any) -> None:
    found = await answer(session, engine, "SELECT CAST(3 AS decimal(9, 2)) AS x", int)

    assert found == 3
    assert type(found) is int


@pytest.mark.only(backend="sqlite")
async def test_a_sum_of_decimals_that_lost_digits_is_refused(session: Any, engine: Any) -> None:
    assert await answer(session, engine, "SELECT decimal_sum(cost) AS x FROM everything", Decimal) == Decimal("1.10")
    with pytest.raises(DataError, match=r"float there: 1\.1\. .*decimal_sum\(\)"):
        await answer(session, engine, "SELECT sum(cost) AS x FROM everything", Decimal)


@pytest.mark.parametrize("python", [bool, datetime.date, datetime.datetime, uuid.UUID, Decimal, dict[str, int]])
async def test_another_text_stays_an_error(session: Any, engine: Any, python: Any) -> None:
    with pytest.raises(DataError, match="the result has str there: 'Ada'"):
        await answer(session, engine, "SELECT 'Ada' AS x", python)


@pytest.mark.only(backend=("sqlite", "postgresql"))
async def test_a_moment_with_a_zone_keeps_it_where_the_attribute_says_none(session: Any, engine: Any) -> None:
    found = await answer(session, engine, "SELECT max(zoned) AS x FROM everything", datetime.datetime)

    assert found == ROW.zoned
