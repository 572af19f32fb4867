"""Annotations of list columns: what the elements are converted to and from."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from ferrow import Base, Mapped, mapped_column
from ferrow.errors import ModelError
from ferrow.model import table_of
from ferrow.types import Integer, ListOf, Numeric, Text


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


def column(annotation: Any, type: Any) -> Any:
    class Thing(Base):
        __annotations__ = {"id": Mapped[int], "it": Mapped[annotation]}
        id = mapped_column(primary_key=True)
        it = mapped_column(type)

    return table_of(Thing).columns[1]


def test_plain_elements_need_nothing() -> None:
    for annotation, type in (
        (list[str], Text()),
        (list[int | None] | None, Integer()),
        (list[Any], Text()),
        (list, Text()),
    ):
        made = column(annotation, ListOf(type))
        assert (made.encode, made.decode) == (None, None), annotation


def test_enums_are_their_values() -> None:
    made = column(list[Colour | None], ListOf(Text()))
    assert made.encode([Colour.RED, None, "blue"]) == ["red", None, "blue"]
    assert made.decode(["red", None]) == [Colour.RED, None]


def test_elements_of_another_type_are_converted() -> None:
    made = column(list[float], ListOf(Numeric(8, 2)))
    assert made.encode([1.5]) == [Decimal("1.5")]
    assert made.decode([Decimal("1.50")]) == [1.5]


def test_other_containers_come_back_as_themselves() -> None:
    assert column(set[str], ListOf(Text())).decode(["a", "b"]) == {"a", "b"}
    assert column(tuple[int, ...], ListOf(Integer())).decode([1, 2]) == (1, 2)
    assert column(tuple[int, ...], ListOf(Integer())).encode((1, 2)) == [1, 2]


def test_wrong_annotations_are_named() -> None:
    with pytest.raises(ModelError, match=r"Thing\.it is annotated as .*str.*write list"):
        _ = column(str, ListOf(Text())).encode
    with pytest.raises(ModelError, match=r"an element of .*Thing\.it is annotated as str"):
        _ = column(list[str], ListOf(Integer())).encode
