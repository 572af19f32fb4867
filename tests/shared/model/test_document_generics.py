"""Generic classes in documents: their type variables are what the annotation puts in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, AnyStr, ClassVar, Generic, NamedTuple, Self, TypeVar
from uuid import UUID

import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

from ferrow import Base, Mapped, columns, mapped_column
from ferrow.errors import DataError, UnknownColumn
from tests.support import maybe
from tests.support.filled import store

T = TypeVar("T")
K = TypeVar("K", bound=datetime.date)
C = TypeVar("C", int, UUID)
ONE = UUID(int=1)
DAY = datetime.date(2024, 2, 29)


@dataclass
class Box(Generic[T]):
    value: T
    more: list[T | None]
    inner: Box[T] | None = None


@dataclass
class Crate(Box[UUID], Generic[K]):
    since: K | None = None


@dataclass
class Chain:
    key: UUID
    next: Self | None = None


@dataclass
class Pile(Generic[T]):
    """Holds itself with another argument each time."""

    value: T
    under: Pile[list[T]] | None = None


class Pair(NamedTuple, Generic[T]):
    left: T
    right: T


class Options(TypedDict, Generic[T]):
    value: T


class Declarative(Base):
    __tablename__ = "generics"

    id: Mapped[int] = mapped_column(primary_key=True)
    box: Mapped[Box[UUID]]
    crate: Mapped[Crate[datetime.date]]
    bound: Mapped[Crate[Any] | None]
    boxes: Mapped[dict[str, Box[UUID | int]]]
    nested: Mapped[Box[Box[datetime.date]]]
    pair: Mapped[Pair[UUID]]
    options: Mapped[Options[UUID]]
    chain: Mapped[Chain]
    pile: Mapped[Pile[UUID]]


@dataclass
class Data:
    __tablename__ = "generics"

    id: int
    box: Box[UUID]
    crate: Crate[datetime.date]
    boxes: dict[str, Box[UUID | int]]
    nested: Box[Box[datetime.date]]
    pair: Pair[UUID]
    options: Options[UUID]
    chain: Chain
    pile: Pile[UUID]
    bound: Crate[Any] | None = None


class Model(BaseModel):
    __tablename__: ClassVar[str] = "generics"

    id: int
    box: Box[UUID]
    crate: Crate[datetime.date]
    boxes: dict[str, Box[UUID | int]]
    nested: Box[Box[datetime.date]]
    chain: Chain
    bound: Crate[Any] | None = None


MODELS: dict[str, Any] = {"declarative": Declarative, "dataclass": Data, "pydantic": Model}
VALUES: dict[str, Any] = {
    "box": Box(ONE, [ONE, None], Box(ONE, [])),
    "crate": Crate(ONE, [ONE], Box(ONE, []), DAY),
    "boxes": {"a": Box(ONE, [7, None]), "b": Box(7, [])},
    "nested": Box(Box(DAY, [DAY]), [None, Box(DAY, [])]),
    "pair": Pair(ONE, ONE),
    "options": {"value": ONE},
    "chain": Chain(ONE, Chain(ONE)),
    "pile": Pile(ONE, Pile([ONE], Pile([[ONE]], Pile([[[ONE]]], Pile([[[[ONE]]]], Pile([[[[[ONE]]]]])))))),
    "bound": None,
}


@pytest.fixture
def model(style: str) -> Any:
    return MODELS[style]


async def test_they_come_back_as_they_are_annotated(session: Any, engine: Any, model: Any) -> None:
    await store(session, engine, model, VALUES)
    found = await maybe(session.query(model).first())
    for name, value in VALUES.items():
        if hasattr(found, name):
            assert (name, getattr(found, name), type(getattr(found, name))) == (name, value, type(value))


@pytest.mark.only(style="declarative")
async def test_what_is_inside_can_be_asked_for(session: Any, engine: Any) -> None:
    await store(session, engine, Declarative, VALUES)
    c = columns(Declarative)
    for condition in (
        c.box.path(lambda box: box.value) == ONE,
        c.crate.path(lambda crate: crate.since) == DAY,
        c.crate.path(lambda crate: crate.inner.value) == ONE,
        c.nested.path(lambda box: box.value.value) == DAY,
        c.options["value"] == ONE,
    ):
        assert await maybe(session.query(Declarative).filter(condition).count()) == 1, condition
    rows = session.query(Declarative).values_list("box__value", "crate__since", "nested__more__1__value", "box__inner")
    assert await maybe(rows) == [(ONE, DAY, DAY, Box(ONE, []))]
    with pytest.raises(UnknownColumn, match="has no 'valeu'"):
        c.box.path(lambda box: box.valeu)


@pytest.mark.only(style="declarative")
async def test_errors_say_what_is_where(session: Any, engine: Any) -> None:
    await store(session, engine, Declarative, VALUES)
    await maybe(engine.script("""UPDATE generics SET box = '{"value": "x", "more": []}'"""))
    with pytest.raises(DataError) as caught:
        await maybe(session.query(Declarative).first())
    words = "column Declarative.box: at ['value']: expected UUID, got str 'x'"
    assert str(caught.value).splitlines()[0] == words


class Unfilled(Base):
    """Type variables that nothing was put in for."""

    __tablename__ = "unfilled"

    id: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[list[AnyStr]]
    days: Mapped[list[K]]
    keys: Mapped[dict[str, C]]
    pair: Mapped[Pair[AnyStr]]


@pytest.mark.only(style="declarative")
async def test_what_no_argument_says_the_type_variable_does(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Unfilled))
    given: dict[str, Any] = {"texts": ["a"], "days": [DAY], "keys": {"a": ONE, "b": 7}, "pair": Pair("a", "b")}
    await maybe(session.insert(Unfilled(id=1, **given)))
    found = await maybe(session.query(Unfilled).first())
    assert {name: getattr(found, name) for name in given} == given
    with pytest.raises(DataError, match=r"Unfilled.texts.*: cannot be written as JSON: bytes b'a' at \[0\]"):
        await maybe(session.insert(Unfilled(id=2, **(given | {"texts": [b"a"]}))))
