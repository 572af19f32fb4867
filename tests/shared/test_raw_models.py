"""Rows of raw SQL as models: what expressions yield, for which SQLite knows no declared type."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field, fields, make_dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, get_type_hints

import pytest

from ferrow import JSON, mapped_column
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


class Mood(Enum):
    GLAD = "glad"
    FIRST = 1


@dataclass
class Documents:
    """Each of a class that says how its document becomes a value."""

    __tablename__ = "documents"

    mood: Annotated[Mood, mapped_column(JSON)]
    grade: Annotated[Mood, mapped_column(JSON)]
    token: Annotated[uuid.UUID, mapped_column(JSON)]
    day: Annotated[datetime.date, mapped_column(JSON)]
    price: Annotated[Decimal, mapped_column(JSON)]
    either: dict[str, int] | list[int]
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


@pytest.mark.parametrize("wrapped", ["{}", "CASE WHEN 1 = 1 THEN {} END AS {}"], ids=["columns", "expressions"])
async def test_documents_that_are_no_containers(session: Any, engine: Any, wrapped: str) -> None:
    day = datetime.date(2026, 1, 2)
    row = Documents(Mood.GLAD, Mood.FIRST, uuid.UUID(int=7), day, Decimal("1.10"), [1], 1)
    await maybe(engine.create_all(Documents))
    await maybe(session.upsert(row, "id"))
    names = ", ".join([wrapped.replace("{}", each.name) for each in fields(Documents)])

    assert (await maybe(session.execute_raw(f"SELECT {names} FROM documents"))).to_model(Documents) == row


@pytest.mark.parametrize("cls", [Mood, dict[str, int] | list[int]])
async def test_a_text_that_is_no_document_stays_an_error(session: Any, engine: Any, cls: Any) -> None:
    with pytest.raises(DataError, match=r"Json\(\), and the result has str there: '\[Ada'"):
        await answer(session, engine, "SELECT '[Ada' AS x", Annotated[cls, mapped_column(JSON)])


@pytest.mark.parametrize("python", [int, float, Decimal])
async def test_where_a_number_is_asked_for_truth_is_one(session: Any, engine: Any, python: Any) -> None:
    found = await answer(session, engine, "SELECT flag AS x FROM everything", python)

    assert found == 1
    assert type(found) in (python, int)


async def test_a_moment_is_no_day(session: Any, engine: Any) -> None:
    with pytest.raises(DataError, match=r"Answer\.x is Date\(\), and the result has (str|datetime) there"):
        await answer(session, engine, "SELECT moment AS x FROM everything", datetime.date)


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
