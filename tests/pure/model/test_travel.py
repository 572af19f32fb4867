"""What a column's values become on the way to the database and back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any, Literal, TypedDict
from uuid import UUID

import pytest

from ferrow import Session, create_engine
from ferrow.errors import DataError, ModelError
from ferrow.model import JSON, Base, Column, Mapped, mapped_column, table_of
from ferrow.types import BigInteger, Bytes, Date, Double, Numeric, Text, Timestamp, Uuid


class Color(Enum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


class Mode(StrEnum):
    ON = "on"


class Mixed(Enum):
    A = 1
    B = "b"


class Email(str):
    __slots__ = ()


@dataclass
class Address:
    city: str
    since: dt.date | None = None
    tags: set[str] = field(default_factory=set)
    inner: "list[Address]" = field(default_factory=list)


class Options(TypedDict):
    a: int


def column(annotation: Any, *arguments: Any) -> Column:
    cls = type("Model", (Base,), {"__annotations__": {"x": Mapped[annotation]}, "x": mapped_column(*arguments)})
    return table_of(cls).column("x")


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (bool, "bool"),
        (int, "int"),
        (float, "float"),
        (str, "text"),
        (bytes, "bytes"),
        (dt.date, "date"),
        (dt.time, "time"),
        (dt.datetime, "timestamp"),
        (UUID, "uuid"),
        (Decimal, "decimal"),
        (dict, "json"),
        (list, "json"),
        (dict[str, Any], "json"),
        (list[int], "json"),
        (Literal["a", "b"], "text"),
        (Literal[1, 2], "int"),
    ],
)
def test_types_that_travel_as_they_are(annotation: Any, kind: str) -> None:
    found = column(annotation)

    assert found.type.kind == kind
    assert (found.encode, found.decode) == (None, None)


@pytest.mark.parametrize(
    ("annotation", "arguments", "kind", "value", "stored"),
    [
        (Color, (), "text", Color.RED, "red"),
        (Level, (), "int", Level.LOW, 1),
        (Mode, (), "text", Mode.ON, "on"),
        (Email, (), "text", Email("a@b.c"), "a@b.c"),
        (bytearray, (bytes,), "bytes", bytearray(b"ab"), b"ab"),
        (float, (Numeric(10, 2),), "decimal", 1.5, Decimal("1.5")),
        (Decimal, (Double(),), "float", Decimal("1.1"), 1.1),
        (int, (Numeric(10),), "decimal", 3, Decimal(3)),
        (str, (Uuid(),), "uuid", str(UUID(int=5)), UUID(int=5)),
        (UUID, (Text(),), "text", UUID(int=5), str(UUID(int=5))),
        (dt.date, (Timestamp(),), "timestamp", dt.date(2024, 2, 29), dt.datetime(2024, 2, 29)),
        (int, (BigInteger(),), "int", 3, 3),
        (tuple[int, ...], (), "json", (1, 2), [1, 2]),
        (tuple[int, str], (), "json", (1, "a"), [1, "a"]),
        (frozenset[str], (), "json", frozenset({"a"}), ["a"]),
        (list[Color], (), "json", [Color.RED], ["red"]),
        (dict[str, Decimal], (), "json", {"a": Decimal("1.10")}, {"a": "1.10"}),
        (dict[int, str], (), "json", {1: "a"}, {"1": "a"}),
        (Options, (), "json", {"a": 1}, {"a": 1}),
        (
            Address,
            (),
            "json",
            Address("Rome", dt.date(2024, 1, 2), {"x"}, [Address("Oslo")]),
            {
                "city": "Rome",
                "since": "2024-01-02",
                "tags": ["x"],
                "inner": [{"city": "Oslo", "since": None, "tags": [], "inner": []}],
            },
        ),
        (list[Address], (JSON,), "json", [Address("Rome")], [{"city": "Rome", "since": None, "tags": [], "inner": []}]),
    ],
)
def test_types_that_are_converted(annotation: Any, arguments: Any, kind: str, value: Any, stored: Any) -> None:
    found = column(annotation, *arguments)
    encode: Callable[[Any], Any] = found.encode or (lambda value: value)
    decode: Callable[[Any], Any] = found.decode or (lambda value: value)

    assert found.type.kind == kind
    assert encode(value) == stored
    assert decode(stored) == value
    assert type(decode(stored)) is type(value)


def test_a_typed_dict_may_name_what_only_type_checkers_know() -> None:
    class Page(TypedDict):
        printed: dt.date
        seen: "list[Nowhere]"  # type: ignore[name-defined]  # noqa: F821
        by: "dict[str, list['Nowhere']]"  # type: ignore[name-defined]  # noqa: F821

    decode = column(Page).decode
    assert decode is not None
    stored = {"printed": "2024-02-29", "seen": [1], "by": {"x": [2]}}
    assert decode(stored) == stored | {"printed": dt.date(2024, 2, 29)}


def test_raw_values_of_an_enumeration_are_stored_if_it_has_them() -> None:
    encode = column(Color).encode

    assert encode is not None
    assert encode("red") == "red"
    with pytest.raises(ValueError, match="'blue' is not a valid Color"):
        encode("blue")


def test_an_enumeration_of_several_types_asks_for_a_document() -> None:
    with pytest.raises(ModelError, match=r"Model\.x: the values of Mixed are of 2 types.*JSON column"):
        _ = column(Mixed).type
    decode = column(Mixed, JSON).decode
    assert decode is not None
    assert [decode(1), decode("b")] == [Mixed.A, Mixed.B]
    with pytest.raises(DataError, match=r"^expected Mixed, got str 'c'$"):
        decode("c")


def test_a_datetime_does_not_fit_a_date() -> None:
    with pytest.raises(ModelError, match=r"annotated as datetime, but its type Date\(\) holds date"):
        _ = column(dt.datetime, Date()).type


def test_conditions_send_what_is_stored() -> None:
    class Car(Base):
        color: Mapped[Color | None]

    assert (Car.color == Color.RED).values == ("red",)
    assert (Car.color == "red").values == ("red",)  # pyright: ignore[reportUnnecessaryComparison, reportOperatorIssue]  # type: ignore[operator]
    assert (Car.color != Color.RED).values == ("red",)
    assert Car.color.in_([Color.RED, None]).values == (["red"],)
    assert Car.color.not_in([Color.RED]).values == (["red"],)
    assert (Car.color == None).values == ()  # noqa: E711
    assert (Car.color == Car.color).values == ()


@pytest.mark.parametrize(
    ("python", "declared", "wrong"),
    [
        (bytearray, Bytes(), 5),
        (memoryview, Bytes(), "abc"),
        (str, Uuid(), 5),
        (UUID, Text(), 5),
        (UUID, Text(), "no uuid"),
        (bool, BigInteger(), 1.7),
        (dt.date, Timestamp(), "2024-01-01"),
        (Decimal, Double(), "1.5"),
    ],
)
def test_values_of_other_types_are_not_converted(python: Any, declared: Any, wrong: Any) -> None:
    class Model(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        value: Mapped[python] = mapped_column(declared)

    encode = table_of(Model).column("value").encode
    assert encode is not None
    with pytest.raises((TypeError, ValueError), match=r"^expected |^badly formed"):
        encode(wrong)
    session = Session(create_engine("sqlite::memory:"))
    with pytest.raises(DataError, match="value"):
        session.query(Model).filter(value=wrong)
