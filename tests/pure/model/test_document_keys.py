"""Keys of documents, which JSON has as texts: what two of them are one there, and what is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

import pytest

from ferrow import Base, Mapped, Session, create_engine, mapped_column
from ferrow.errors import DataError
from ferrow.model.document import plain
from ferrow.model.document_decoder import decoder

ONE = UUID(int=1)


class Pixels(int):
    def __str__(self) -> str:
        return f"{int(self)}px"


class Share(float):
    def __str__(self) -> str:
        return f"{float(self)}%"


class Rank(Enum):
    NONE = None
    FIRST = 1


class Digit(Enum):
    NUMBER = 1
    TEXT = "1"


@dataclass(frozen=True)
class Point:
    x: int


@dataclass
class Ranked:
    rank: Rank
    other: Rank | None = None


def evaluated(part: Any) -> Any:
    return part


@pytest.mark.parametrize(
    ("python", "value"),
    [
        (dict[str | int, UUID], {1: ONE, "a": ONE}),
        (dict[int | str, UUID], {1: ONE, "a": ONE}),
        (dict[str | bool, UUID], {True: ONE, "a": ONE}),
        (dict[Pixels, int], {Pixels(3): 1}),
        (dict[Share, int], {Share(0.5): 1}),
        (Ranked, Ranked(Rank.NONE)),
        (list[Ranked], [Ranked(Rank.FIRST, Rank.FIRST)]),
    ],
)
def test_they_come_back_as_they_were(python: Any, value: Any) -> None:
    decode = decoder(python, evaluated)
    assert decode is not None
    found = decode(json.loads(json.dumps(plain(value))))
    assert repr(found) == repr(value)
    assert type(found) is type(value)
    if isinstance(value, dict):
        assert list(map(type, found)) == list(map(type, value))


@pytest.mark.parametrize("value", [{1: 2, "1": 3}, [{Digit.NUMBER: 1, Digit.TEXT: 2}], {True: 1, "true": 2}])
def test_two_that_are_one_in_json_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"of the keys .* two are the same text in JSON: '(1|true)'"):
        plain(value)


class Held(Base):
    __tablename__ = "held_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[dict[Any, int]]
    counts: Mapped[dict[int | str, int]]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"points": {Point(1): 1}}, "Held.points.*: cannot be written as JSON: its keys are str, not Point"),
        ({"counts": {(1, 2): 1}}, "Held.counts.*: cannot be written as JSON: its keys are str, not tuple"),
        ({"counts": {frozenset([1]): 1}}, "Held.counts.*: cannot be written as JSON: its keys are str, not frozenset"),
        ({"counts": {1: 1, "1": 2}}, "Held cannot be inserted: of the keys .* two are the same text"),
    ],
)
def test_what_is_no_key_is_refused(given: Any, words: str) -> None:
    with create_engine("sqlite::memory:") as engine:
        engine.create_all(Held)
        with pytest.raises(DataError, match=words):
            Session(engine).insert(Held(id=1, **({"points": {}, "counts": {}} | given)))


def test_a_class_is_no_record() -> None:
    assert plain([Point]) == [Point]
    with create_engine("sqlite::memory:") as engine:
        engine.create_all(Held)
        with pytest.raises(DataError, match=r"^Held.counts.*: cannot be written as JSON: type .*Point'> at \['a'\]"):
            Session(engine).insert(Held(id=1, points={}, counts={"a": Point}))  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
