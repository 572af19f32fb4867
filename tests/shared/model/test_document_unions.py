"""Unions in documents: every value comes back as the member that it was, in models of every style."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Literal, NamedTuple
from uuid import UUID

import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

from ferrow import Base, Mapped, columns, mapped_column
from ferrow.errors import DataError
from tests.support import entered, maybe
from tests.support.filled import store

ONE = UUID(int=1)
DAY = datetime.date(2024, 2, 29)
NOON = datetime.datetime(2024, 2, 29, 12)


class Theme(Enum):
    DARK = "dark"


@dataclass
class Cat:
    name: str
    kind: Literal["cat"] = "cat"


@dataclass
class Dog:
    name: str
    kind: Literal["dog"] = "dog"


@dataclass
class Fish:
    name: str
    since: datetime.date
    owner: UUID | int | None = None


class Bird(BaseModel):
    name: str
    wings: Decimal


class Stone(TypedDict):
    weight: Decimal | int


class Point(NamedTuple):
    x: int
    at: datetime.time


@dataclass
class Inside:
    key: UUID | int
    parts: dict[str, UUID | list[UUID | None]]
    nothing: UUID | int | None = None


class Declarative(Base):
    __tablename__ = "unions"

    id: Mapped[int] = mapped_column(primary_key=True)
    tokens: Mapped[list[UUID | int]]
    words: Mapped[list[UUID | str | None]]
    moments: Mapped[list[datetime.datetime | datetime.date | datetime.time | Decimal | float]]
    themes: Mapped[set[Theme | int]]
    names: Mapped[dict[int | str, UUID | bool]]
    pets: Mapped[list[Cat | Dog | Fish | Bird | Stone | dict[str, int]]]
    nested: Mapped[list[tuple[UUID, int] | list[UUID] | Point]]
    inside: Mapped[Inside]
    pet: Mapped[Cat | Dog | None]


@dataclass
class Data:
    __tablename__ = "unions"

    id: int
    tokens: list[UUID | int]
    words: list[UUID | str | None]
    moments: list[datetime.datetime | datetime.date | datetime.time | Decimal | float]
    themes: set[Theme | int]
    names: dict[int | str, UUID | bool]
    pets: list[Cat | Dog | Fish | Bird | Stone | dict[str, int]]
    nested: list[tuple[UUID, int] | list[UUID] | Point]
    inside: Inside
    pet: Cat | Dog | None = field(default=None)


class Model(BaseModel):
    __tablename__: ClassVar[str] = "unions"

    id: int
    tokens: list[UUID | int]
    words: list[UUID | str | None]
    moments: list[datetime.datetime | datetime.date | datetime.time | Decimal | float]
    themes: set[Theme | int]
    names: dict[int | str, UUID | bool]
    inside: Inside
    pet: Cat | Dog | None = None


MODELS: dict[str, Any] = {"declarative": Declarative, "dataclass": Data, "pydantic": Model}


def values() -> dict[str, Any]:
    return {
        "tokens": [ONE, 7, -(2**53)],
        "words": [ONE, "one", "", None],
        "moments": [DAY, NOON, datetime.time(12), Decimal("1.10"), 1.5, NOON.replace(tzinfo=datetime.UTC)],
        "themes": {Theme.DARK, 3},
        "names": {7: ONE, "seven": True, "007": False},
        "pets": [Dog("Rex"), Cat("Tom"), Fish("Bob", DAY, ONE), Bird(name="Ed", wings=Decimal(2)), {"weight": Decimal("1.5")}, {"a": 1}],
        "nested": [(ONE, 1), [ONE], [], Point(1, datetime.time(2))],
        "inside": Inside(ONE, {"a": ONE, "b": [ONE, None]}),
        "pet": Dog("Rex"),
    }  # fmt: skip


@pytest.fixture
def model(style: str) -> Any:
    return MODELS[style]


async def test_values_come_back_as_the_member_that_they_were(session: Any, engine: Any, model: Any) -> None:
    await store(session, engine, model, values())
    found = await maybe(session.query(model).first())
    for name, value in values().items():
        if hasattr(found, name):
            assert (name, getattr(found, name)) == (name, value)
    assert {type(one) for one in found.themes} == {Theme, int}
    assert [type(one) for one in found.moments[:2]] == [datetime.date, datetime.datetime]


async def test_changes_in_them_are_noticed(session: Any, engine: Any, model: Any) -> None:
    await store(session, engine, model, values())
    async with entered(type(session)(engine)) as own:
        found = await maybe(own.get(model, 1))
        assert not own.is_modified(found)
        found.tokens.append(ONE)
        found.inside.key = 8
        await maybe(own.commit())
    found = await maybe(session.get(model, 1))
    assert (found.tokens[-1], found.inside.key) == (ONE, 8)


async def test_what_is_inside_can_be_asked_for(session: Any, engine: Any, model: Any) -> None:
    await store(session, engine, model, values())
    c = columns(model)
    for condition in (c.tokens[1] == 7, c.tokens == values()["tokens"], c.pet == Dog("Rex"), c.tokens[0] == str(ONE)):
        assert await maybe(session.query(model).filter(condition).count()) == 1, condition


A = str(ONE)
WRONG: list[tuple[str, Any, str]] = [
    ("tokens", ["x"], "at [0]: expected UUID | int, got str 'x'"),
    ("tokens", [{}], "at [0]: expected UUID | int, got dict {}"),
    ("tokens", [None], "at [0]: expected UUID | int, got NoneType None"),
    ("tokens", [7, 1.5], "at [1]: expected UUID | int, got float 1.5"),
    ("names", {"a": "b"}, "at ['a']: expected UUID | bool, got str 'b'"),
    ("inside", {"key": [], "parts": {}}, "at ['key']: expected UUID | int, got list []"),
    ("inside", {"key": 1, "parts": {"a": [A, 5]}}, "at ['parts']['a'][1]: expected UUID, got int 5"),
    ("pet", {"kind": "cat"}, "expected Cat | Dog, got dict {'kind': 'cat'}"),
    ("pet", {"kind": "cow", "name": "Tom"}, "expected Cat | Dog, got dict {'kind': 'cow', 'name': 'Tom'}"),
    ("pet", 7, "expected Cat | Dog, got int 7"),
]


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize(("column", "document", "words"), WRONG)
async def test_what_is_no_member_is_refused(session: Any, engine: Any, column: str, document: Any, words: str) -> None:
    await store(session, engine, Declarative, values())
    await maybe(engine.script(f"UPDATE unions SET {column} = '{json.dumps(document)}'"))
    with pytest.raises(DataError) as caught:
        await maybe(session.query(Declarative).first())
    assert str(caught.value).splitlines()[0] == f"column Declarative.{column}: {words}"
    assert caught.value.column == column


@pytest.mark.only(style="declarative")
async def test_what_others_have_written_is_read_in_every_form_of_its_type(session: Any, engine: Any) -> None:
    await store(session, engine, Declarative, values())
    documents = {
        "tokens": [A.replace("-", "").upper()],
        "moments": ["2024-02-29T12:00:00Z", 1],
        "pets": [
            {"name": "Tom", "kind": "cat", "age": 3},
            {"name": "Bob", "since": "2024-02-29"},
            {"name": "Ed", "wings": 2},
        ],
    }
    for name, document in documents.items():
        await maybe(engine.script(f"UPDATE unions SET {name} = '{json.dumps(document)}'"))
    found = await maybe(session.query(Declarative).first())
    assert (found.tokens, found.moments) == ([ONE], [NOON.replace(tzinfo=datetime.UTC), 1])
    assert found.pets == [Cat("Tom"), Fish("Bob", DAY), Bird(name="Ed", wings=Decimal(2))]
