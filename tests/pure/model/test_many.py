"""What the core reads off many instances at once, and sets in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from ferrow._core import FlatRows, InstanceReader, classes, set_each


@dataclass
class Plain:
    name: str
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Slotted:
    name: str
    age: int | None = None


class Own:
    def __init__(self, name: str, age: int | None = None) -> None:
        self.values = {"name": name, "age": age}

    def __getattr__(self, key: str) -> Any:
        try:
            return self.__dict__["values"][key]
        except KeyError:
            raise AttributeError(key) from None


@pytest.mark.parametrize("model", [Plain, Slotted, Own])
def test_rows(model: Any) -> None:
    reader = InstanceReader(model, ["age", "name"], [None, str.upper])
    instances = [model("a", 1), model("b")]
    assert reader.rows(instances) == [(1, "A"), (None, "B")]
    assert reader.row(instances[1]) == (None, "B")
    assert [*reader.flat(instances)] == reader.rows(instances)
    assert reader.rows([]) == [*reader.flat([])] == []


def test_an_encoder_gets_no_none_and_its_error_goes_out() -> None:
    reader = InstanceReader(Plain, ["age"], [lambda value: 1 // value])
    assert reader.rows([Plain("a")]) == [(None,)]
    with pytest.raises(ZeroDivisionError):
        reader.flat([Plain("a", 1), Plain("b", 0)])


@pytest.mark.parametrize("model", [Plain, Slotted, Own])
def test_alike(model: Any) -> None:
    reader = InstanceReader(model, ["age"], [None])
    assert reader.alike([])
    assert reader.alike([model("a"), model("b")])
    assert reader.alike([model("a", 0), model("b", 2)])
    assert not reader.alike([model("a"), model("b", 2)])
    unset = model.__new__(model)
    assert reader.alike([model("a"), unset])
    assert not reader.alike([model("a", 1), unset])


def test_values_are_set_in_frozen_instances_and_all_or_none() -> None:
    instances = [Slotted("a"), Slotted("b")]
    set_each(instances, "age", [1, 2])
    assert [one.age for one in instances] == [1, 2]
    with pytest.raises(ValueError, match="1 values for 2 instances"):
        set_each(instances, "age", [3])
    assert [one.age for one in instances] == [1, 2]


def test_classes_come_in_the_order_of_their_first_instances() -> None:
    class Below(Plain):
        pass

    assert classes([]) == []
    assert classes([Plain("a"), Below("b"), Plain("c"), Slotted("d")]) == [Plain, Below, Slotted]


def test_flat_rows_are_a_sequence_of_tuples() -> None:
    rows = FlatRows.of([(1, "a"), [2, "b"], (3, "c")], 2)
    assert rows is not None
    assert isinstance(rows, Sequence)
    assert (len(rows), rows.width, rows[0], rows[-1]) == (3, 2, (1, "a"), (3, "c"))
    assert rows[1:] == [(2, "b"), (3, "c")]
    assert rows[::-2] == [(3, "c"), (1, "a")]
    for place in (3, -4):
        with pytest.raises(IndexError):
            rows[place]


@pytest.mark.parametrize("rows", [[(1, 2), (3,)], [(1, 2, 3), (4,)], [[1]]])
def test_rows_of_unequal_length_are_none(rows: list[Sequence[Any]]) -> None:
    assert FlatRows.of(rows, 2) is None
