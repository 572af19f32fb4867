"""Parts of documents come back as what they are annotated with, however that is spelled."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, NewType, NotRequired
from uuid import UUID

import pytest
from pydantic import BaseModel
from typing_extensions import TypeAliasType, TypedDict

from ferrow import Base, Mapped, columns, mapped_column
from tests.support import entered, maybe

Token = NewType("Token", UUID)
Price = Annotated[Decimal, "in euros"]
Day = TypeAliasType("Day", datetime.date)


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Corner(Enum):
    ORIGIN = (0, 0)
    END = (3, 4)


class Rate(Enum):
    FULL = Decimal("0.20")
    LOW = Decimal("0.05")


class Point(NamedTuple):
    x: int
    y: Decimal | None = None


class Visit(TypedDict):
    day: datetime.date
    paid: NotRequired[Decimal]
    then: list[Visit]


@dataclass
class Parts:
    tokens: list[Token]
    prices: dict[str, Price]
    days: tuple[Day, ...]
    by_level: dict[Level, Point]
    corner: Corner
    rates: list[Rate]
    visit: Visit
    counted: int = field(init=False, default=0)


class Declarative(Base):
    __tablename__ = "records"

    id: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[Parts]
    point: Mapped[Point]
    visit: Mapped[Visit | None]
    kind: Mapped[Literal["a", "b", None]]


@dataclass
class Data:
    __tablename__ = "records"

    id: int
    parts: Parts
    point: Point
    visit: Visit | None = None
    kind: Literal["a", "b", None] = None


class Model(BaseModel):
    __tablename__: ClassVar[str] = "records"

    id: int
    parts: Parts
    point: Point
    visit: Visit | None = None
    kind: Literal["a", "b", None] = None


MODELS: dict[str, Any] = {"declarative": Declarative, "dataclass": Data, "pydantic": Model}
DAY = datetime.date(2024, 2, 29)
VISIT: Visit = {"day": DAY, "paid": Decimal("1.50"), "then": [{"day": DAY, "then": []}]}


def parts() -> Parts:
    made = Parts(
        tokens=[Token(UUID(int=1))],
        prices={"a": Decimal("1.10")},
        days=(DAY,),
        by_level={Level.HIGH: Point(1, Decimal("2.5")), Level.LOW: Point(2)},
        corner=Corner.END,
        rates=[Rate.LOW],
        visit=VISIT,
    )
    made.counted = 7
    return made


@pytest.fixture
def model(style: str) -> Any:
    return MODELS[style]


async def test_parts_come_back_as_they_are_annotated(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    await maybe(session.insert(model(id=1, parts=parts(), point=Point(3), visit=VISIT, kind="a")))
    await maybe(session.insert(model(id=2, parts=parts(), point=Point(3), visit=None, kind=None)))
    found, other = await maybe(session.query(model).order_by("id").all())
    assert (found.parts, found.point, found.visit, found.kind) == (parts(), Point(3), VISIT, "a")
    assert type(found.point) is type(found.parts.by_level[Level.LOW]) is Point
    assert [type(key) for key in found.parts.by_level] == [Level, Level]
    assert (other.visit, other.kind) == (None, None)


async def test_changes_in_them_are_noticed(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    await maybe(session.insert(model(id=1, parts=parts(), point=Point(3), visit=VISIT)))
    async with entered(type(session)(engine)) as own:
        found = await maybe(own.get(model, 1))
        assert not own.is_modified(found)
        found.visit["then"][0]["paid"] = Decimal("9.90")
        found.parts.counted = 8
        await maybe(own.commit())
    found = await maybe(session.get(model, 1))
    assert (found.visit["then"][0]["paid"], found.parts.counted) == (Decimal("9.90"), 8)


async def test_a_document_is_distinct_from_others(session: Any, engine: Any, model: Any) -> None:
    await maybe(engine.create_all(model))
    await maybe(session.insert(model(id=1, parts=parts(), point=Point(3), visit=VISIT)))
    await maybe(session.insert(model(id=2, parts=parts(), point=Point(4))))
    visit = columns(model).visit
    for condition, found in ((visit.is_distinct_from(VISIT), 2), (visit.is_not_distinct_from(VISIT), 1)):
        assert await maybe(session.query(model).filter(condition).values_list("id", flat=True)) == [found]
