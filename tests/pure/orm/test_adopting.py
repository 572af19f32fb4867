"""`Watch.adopt`: instances that were read come to be followed, by what they were given or what they hold."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow._core import Watch
from ferrow.model.options import RelationOptions


class Plain:
    def __init__(self, id: Any, part: Any, document: Any) -> None:
        self.id, self.part, self.document = id, part, document


class Slotted:
    __slots__ = ("document", "id", "part")

    __init__ = Plain.__init__


class Own(Plain):
    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        return f"own {value}" if name == "part" else value


def watch(cls: type) -> Watch:
    return Watch(cls, ["id", "part", "document"], [2], [], RelationOptions)


def held(one: Any) -> tuple[Any, ...]:
    return (one.id, one.part, one.document)


@pytest.fixture(params=[Plain, Slotted])
def cls(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.mark.parametrize("told", [False, True])
def test_all_are_new(cls: Any, told: bool) -> None:
    read = [cls(number, "a", {"n": [number]}) for number in range(3)]
    instances: dict[Any, Any] = {}
    rows: dict[Any, Any] = {}

    assert watch(cls).adopt(read, [held(one) for one in read] if told else None, [0], instances, rows) == 3

    assert [*instances.items()] == [*enumerate(read)]
    assert [*rows] == [*instances]
    assert rows == {number: (number, "a", {"n": [number]}) for number in range(3)}
    read[1].document["n"].append(7)
    assert rows[1] == (1, "a", {"n": [1]})  # a copy


@pytest.mark.parametrize("told", [False, True])
def test_it_ends_before_one_whose_key_is_followed(cls: Any, told: bool) -> None:
    read = [cls(number, "a", None) for number in (1, 2, 3, 2, 4)]
    values = [held(one) for one in read] if told else None
    known = cls(3, "known", None)
    instances, rows = {3: known}, {3: held(known)}

    assert watch(cls).adopt(read, values, [0], instances, rows) == 2

    assert [*instances.items()] == [(3, known), (1, read[0]), (2, read[1])]
    assert rows == {3: (3, "known", None), 1: (1, "a", None), 2: (2, "a", None)}
    fresh: dict[Any, Any] = {}
    assert watch(cls).adopt(read, values, [0], fresh, {}) == 3  # the second 2
    assert fresh[2] is read[1]


def test_a_key_of_two_columns(cls: Any) -> None:
    read = [cls(1, "a", None), cls(1, "b", None)]
    instances: dict[Any, Any] = {}

    assert watch(cls).adopt(read, None, [1, 0], instances, {}) == 2

    assert instances == {("a", 1): read[0], ("b", 1): read[1]}


def test_rows_hold_what_was_read_if_it_is_known(cls: Any) -> None:
    rows: dict[Any, Any] = {}

    watch(cls).adopt([cls(1, "since", None)], [(1, "read", None)], [0], {}, rows)

    assert rows == {1: (1, "read", None)}


def test_a_class_with_a_way_of_its_own_is_asked() -> None:
    rows: dict[Any, Any] = {}

    watch(Own).adopt([Own(1, "a", None)], [(1, "a", None)], [0], {}, rows)

    assert rows == {1: (1, "own a", None)}


def test_a_key_without_a_hash(cls: Any) -> None:
    instances: dict[Any, Any] = {}
    rows: dict[Any, Any] = {}

    with pytest.raises(TypeError, match="unhashable"):
        watch(cls).adopt([cls([], "a", None)], None, [0], instances, rows)

    assert instances == rows == {}


def test_a_value_that_cannot_be_copied(cls: Any) -> None:
    class Stubborn:
        def __deepcopy__(self, memo: Any) -> Any:
            raise ValueError("no")

    instances: dict[Any, Any] = {}
    rows: dict[Any, Any] = {}

    with pytest.raises(ValueError, match="no"):
        watch(cls).adopt([cls(1, "a", None), cls(2, "a", Stubborn())], None, [0], instances, rows)

    assert [*instances] == [*rows] == [1]
