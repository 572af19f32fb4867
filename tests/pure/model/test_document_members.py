"""Which member of a union a document is read as, where several could be."""

from __future__ import annotations

import sys
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, Flag, IntEnum
from typing import Any, Literal, NotRequired
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel
from typing_extensions import ReadOnly, TypedDict

from ferrow.errors import DataError
from ferrow.model.document_decoder import decoder

ONE = UUID(int=1)
A = str(ONE)


@dataclass
class Named:
    name: str


@dataclass
class Aged:
    name: str
    age: int = 0


@dataclass
class Lax:
    """As many write it, though type checkers object."""

    size: int = None  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]


class Left(TypedDict):
    a: int
    c: NotRequired[UUID]


class Right(TypedDict):
    c: str


class Level(Enum):
    LOW = 1


class Grade(IntEnum):
    GOOD = 1


class Access(Flag):
    READ = 1
    WRITE = 2


class Size(int):
    pass


class Word(str):
    __slots__ = ()


class Share(float):
    pass


class Frozen(TypedDict):
    key: ReadOnly[UUID]
    other: NotRequired[ReadOnly[UUID]]


class Number(BaseModel):
    value: int


class Text(BaseModel):
    value: str


class Alias(BaseModel):
    value: int = Field(alias="theValue")


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")

    kind: Literal["open"]


Tokens = RootModel[list[UUID]]
Tree = dict[str, "Tree"] | list["Tree"] | UUID | int | None
Plain = dict[str, "Plain"] | list["Plain"] | str | int | None


def evaluated(part: Any) -> Any:
    name = getattr(part, "__forward_arg__", part)
    return getattr(sys.modules[__name__], name) if isinstance(name, str) else part


@pytest.mark.parametrize(
    ("python", "document", "expected"),
    [
        (Aged | Named, {"name": "Ada"}, Named("Ada")),
        (Named | Aged, {"name": "Ada", "age": 3}, Aged("Ada", 3)),
        (Named | Aged, {"name": "Ada", "age": 3, "since": 1}, Aged("Ada", 3)),
        (Named | dict[str, str], {"name": "Ada", "age": "3"}, {"name": "Ada", "age": "3"}),
        (dict[str, str] | Named, {"name": "Ada"}, Named("Ada")),
        (Named | Lax, {"size": None}, Lax()),
        (Left | Right, {"c": A}, {"c": A}),
        (Left | Right, {"a": 1, "c": A}, {"a": 1, "c": ONE}),
        (str | UUID, A, ONE),
        (str | UUID, f"{{{A}}}", f"{{{A}}}"),
        (int | UUID, f"{{{A}}}", ONE),
        (UUID | Any, A, ONE),
        (Any | UUID, [A], [A]),
        (int | Level, 1, Level.LOW),
        (int | Level, 2, 2),
        (str | Grade, 1, Grade.GOOD),
        (int | UUID, True, True),
        (float | UUID, 1, 1),
        (bool | Decimal, 1, Decimal(1)),
        (Decimal | float, 1, 1),
        (Hashable | UUID, A, ONE),
        (Decimal | int, True, True),
        (Word | UUID, A, ONE),
        (Word | Literal["a"], "a", "a"),
        (str | Word, "a", Word("a")),
        (Size | Level, 1, Level.LOW),
        (Decimal | str, "1_0", "1_0"),
        (Number | Text, {"value": "1"}, Text(value="1")),
        (Text | Number, {"value": 1}, Number(value=1)),
        (Alias | Number, {"theValue": 1}, Alias(theValue=1)),
        (Number | Open, {"kind": "open", "more": 1}, Open.model_validate({"kind": "open", "more": 1})),
        (Tokens | Number, [A], Tokens([ONE])),
        (list[int] | tuple[int, int], [1, 2], (1, 2)),
        (list[int] | tuple[int, int], [1, 2, 3], [1, 2, 3]),
        (Tree, {"a": [A, {"b": None}, 5]}, {"a": [ONE, {"b": None}, 5]}),
        (dict[int | UUID | str, UUID], {"1": A, A: A, "01": A}, {1: ONE, ONE: ONE, "01": ONE}),
    ],
)
def test_the_nearest_is_taken(python: Any, document: Any, expected: Any) -> None:
    decode = decoder(python, evaluated)
    assert decode is not None
    found = decode(document)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    "python",
    [dict[str, int | str], list[int | None], Plain, list[Plain], Literal["a", 1] | None, dict[str, Any] | list],
)
def test_what_json_has_itself_is_not_looked_at(python: Any) -> None:
    assert decoder(python, evaluated) is None


def test_of_a_wrong_record_the_error_says_where() -> None:
    decode = decoder(Named | list[UUID], evaluated)
    assert decode is not None
    with pytest.raises(DataError, match=r"^at \[1\]: expected UUID, got int 7$"):
        decode([A, 7])
    with pytest.raises(DataError, match=r"^expected Named with 'name', got dict {}$"):
        decode({})


@pytest.mark.parametrize(
    ("python", "document", "expected"),
    [
        (Size, "7", Size(7)),
        (Size | UUID, "7", Size(7)),
        (Share, "0.5", Share(0.5)),
        (Literal[1, "a"], "1", 1),
        (Literal[Grade.GOOD], "1", Grade.GOOD),
        (Literal[1] | UUID, "1", 1),
        (Access, "3", Access.READ | Access.WRITE),
    ],
)
def test_keys_are_of_their_class(python: Any, document: str, expected: Any) -> None:
    decode = decoder(dict[python, Any], evaluated)
    assert decode is not None
    (found,) = decode({document: None})
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("python", [Size, Share, Literal[1, "a"], Access])
def test_keys_that_are_none_are_refused(python: Any) -> None:
    decode = decoder(dict[python, Any], evaluated)
    assert decode is not None
    with pytest.raises(DataError, match=r"^at \['x'\]: expected .*, got str 'x'$"):
        decode({"x": None})


def test_values_of_read_only_keys_are_read() -> None:
    decode = decoder(Frozen, evaluated)
    assert decode is not None
    assert decode({"key": A, "other": A}) == {"key": ONE, "other": ONE}


def test_the_same_union_may_stand_twice_and_leave_values_as_they_are() -> None:
    decode = decoder(tuple[Hashable | None, list[Hashable | None], UUID], evaluated)
    assert decode is not None
    assert decode([1, [None, "a"], A]) == (1, [None, "a"], ONE)
