"""Which member of a union a document is read as, where several could be."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, Literal, NotRequired
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel
from typing_extensions import TypedDict

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
