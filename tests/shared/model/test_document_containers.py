"""Containers in documents come back as what they are annotated with, and so does what they hold."""

from __future__ import annotations

import typing
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, MutableMapping, MutableSequence, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

import pytest
from pydantic import BaseModel

from ferrow import JSON, Base, Mapped, columns, mapped_column
from ferrow.errors import DataError, UnknownColumn
from tests.support import entered, maybe
from tests.support.filled import store

ONE, TWO = UUID(int=1), UUID(int=2)


class Tokens(list[UUID]):
    """A list of the program's own."""


class Prices(dict[str, Decimal]):
    """A dict of the program's own."""


@dataclass
class Inside:
    sequence: Sequence[UUID]
    mapping: Mapping[str, UUID]
    deep: Mapping[int, Sequence[Mapping[str, date]]]
    optional: Sequence[UUID] | None = None


class Declarative(Base):
    __tablename__ = "containers"

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[Sequence[UUID]]
    mutable: Mapped[MutableSequence[UUID]]
    collection: Mapped[Collection[UUID]]
    iterable: Mapped[Iterable[UUID]]
    mapping: Mapped[Mapping[str, UUID]]
    mutable_mapping: Mapped[MutableMapping[int, UUID]]
    abstract: Mapped[AbstractSet[UUID]]
    frozen: Mapped[frozenset[UUID]]
    queue: Mapped[deque[UUID]]
    ordered: Mapped[OrderedDict[str, UUID]]
    grouped: Mapped[defaultdict[str, list[UUID]]]
    counted: Mapped[Counter[str]]
    old: Mapped[typing.Sequence[UUID]]
    inside: Mapped[Inside]
    nothing: Mapped[Sequence[UUID] | None]
    declared: Mapped[Sequence[UUID]] = mapped_column(JSON)


@dataclass
class Data:
    __tablename__ = "containers"

    id: int
    sequence: Sequence[UUID]
    mutable: MutableSequence[UUID]
    collection: Collection[UUID]
    iterable: Iterable[UUID]
    mapping: Mapping[str, UUID]
    mutable_mapping: MutableMapping[int, UUID]
    abstract: AbstractSet[UUID]
    frozen: frozenset[UUID]
    queue: deque[UUID]
    ordered: OrderedDict[str, UUID]
    grouped: defaultdict[str, list[UUID]]
    counted: Counter[str]
    old: typing.Sequence[UUID]
    inside: Inside
    nothing: Sequence[UUID] | None
    declared: Sequence[UUID]


class Model(BaseModel):
    __tablename__: ClassVar[str] = "containers"

    id: int
    sequence: Sequence[UUID]
    mutable: MutableSequence[UUID]
    mapping: Mapping[str, UUID]
    mutable_mapping: MutableMapping[int, UUID]
    abstract: AbstractSet[UUID]
    frozen: frozenset[UUID]
    queue: deque[UUID]
    ordered: OrderedDict[str, UUID]
    grouped: defaultdict[str, list[UUID]]
    counted: Counter[str]
    old: typing.Sequence[UUID]
    inside: Inside
    nothing: Sequence[UUID] | None
    declared: Sequence[UUID]


MODELS: dict[str, Any] = {"declarative": Declarative, "dataclass": Data, "pydantic": Model}


def values() -> dict[str, Any]:
    return {
        "sequence": [ONE, TWO],
        "mutable": [ONE],
        "collection": [ONE],
        "iterable": [TWO],
        "mapping": {"a": ONE},
        "mutable_mapping": {7: TWO},
        "abstract": frozenset([ONE, TWO]),
        "frozen": frozenset([ONE]),
        "queue": deque([ONE, TWO]),
        "ordered": OrderedDict(a=ONE, b=TWO),
        "grouped": defaultdict(list, a=[ONE]),
        "counted": Counter(a=2),
        "old": [ONE],
        "inside": Inside([ONE], {"a": TWO}, {1: [{"b": date(2024, 2, 29)}]}, [TWO]),
        "nothing": None,
        "declared": [TWO],
    }


@pytest.fixture
def model(style: str) -> Any:
    return MODELS[style]


async def test_they_come_back_as_they_are_annotated(session: Any, engine: Any, model: Any) -> None:
    await store(session, engine, model, values())
    found = await maybe(session.query(model).first())
    for name, value in values().items():
        if hasattr(found, name):
            assert (name, getattr(found, name), type(getattr(found, name))) == (name, value, type(value))
    assert found.grouped["new"] == []
    assert [type(item) for item in (*found.queue, *found.frozen, *found.old)] == [UUID] * 4


@pytest.mark.only(style="declarative")
async def test_whatever_fits_the_annotation_is_written(session: Any, engine: Any) -> None:
    changed = {
        "sequence": (ONE, TWO),
        "collection": deque([ONE]),
        "mapping": MappingProxyType({"a": ONE}),
        "old": [ONE],
        "iterable": {ONE: 1}.keys(),
    }
    await store(session, engine, Data, values() | changed)
    found = await maybe(session.query(Data).first())
    assert (found.sequence, found.collection, found.mapping) == ([ONE, TWO], [ONE], {"a": ONE})
    assert found.iterable == [ONE]


async def test_changes_in_them_are_noticed(session: Any, engine: Any, model: Any) -> None:
    await store(session, engine, model, values())
    async with entered(type(session)(engine)) as own:
        found = await maybe(own.get(model, 1))
        assert not own.is_modified(found)
        found.queue.rotate()
        found.grouped["b"].append(TWO)
        found.counted.update("a")
        found.inside.sequence.append(TWO)
        await maybe(own.commit())
    found = await maybe(session.get(model, 1))
    assert (found.queue, found.grouped, found.counted) == (deque([TWO, ONE]), {"a": [ONE], "b": [TWO]}, {"a": 3})
    assert found.inside.sequence == [ONE, TWO]


async def test_what_is_inside_can_be_asked_for(session: Any, engine: Any, model: Any) -> None:
    await store(session, engine, model, values())
    users, c = session.query(model), columns(model)
    for condition in (
        c.sequence[1] == TWO,
        c.mapping["a"] == ONE,
        c.mutable_mapping[7] == TWO,
        c.queue[-1] == TWO,
        c.grouped["a"][0] == ONE,
        c.inside.path(lambda inside: inside.mapping["a"]) == TWO,
    ):
        assert await maybe(users.filter(condition).values_list("id", flat=True)) == [1]
    assert await maybe(users.values_list("queue__0", "mapping__a", "sequence")) == [(ONE, ONE, [ONE, TWO])]
    with pytest.raises(UnknownColumn, match="has no part"):
        c.sequence["a"]


class Own(Base):
    __tablename__ = "own_containers"

    id: Mapped[int] = mapped_column(primary_key=True)
    tokens: Mapped[Tokens]
    prices: Mapped[Prices]
    bare: Mapped[typing.Dict]  # type: ignore[type-arg]  # noqa: UP006


@pytest.mark.only(style="declarative")
async def test_of_classes_of_the_program(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Own))
    await maybe(session.insert(Own(id=1, tokens=Tokens([ONE]), prices=Prices(a=Decimal("1.50")), bare={"a": 1})))
    found = await maybe(session.query(Own).first())
    assert (found.tokens, found.prices, found.bare) == ([ONE], {"a": Decimal("1.50")}, {"a": 1})
    assert (type(found.tokens), type(found.prices), type(found.prices["a"])) == (Tokens, Prices, Decimal)


@pytest.mark.only(style="declarative")
@pytest.mark.parametrize(
    ("column", "document", "words"),
    [
        ("sequence", '["x"]', "at [0]: expected UUID, got str 'x'"),
        ("sequence", "{}", "expected list, got dict {}"),
        ("mapping", '{"a": 7}', "at ['a']: expected UUID, got int 7"),
        ("queue", "{}", "expected list, got dict {}"),
        ("counted", "[]", "expected dict, got list []"),
        ("mutable_mapping", f'{{"one": "{ONE}"}}', "at ['one']: expected int, got str 'one'"),
    ],
)
async def test_errors_say_what_is_where(session: Any, engine: Any, column: str, document: str, words: str) -> None:
    await store(session, engine, Declarative, values())
    await maybe(engine.script(f"UPDATE containers SET {column} = '{document}'"))
    with pytest.raises(DataError) as caught:
        await maybe(session.query(Declarative).first())
    assert str(caught.value).splitlines()[0] == f"column Declarative.{column}: {words}"
