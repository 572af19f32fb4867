"""The values of a row lie behind it, and the memory of rows that are gone is used again."""

import gc
import sys
import weakref

import pytest

from ferrow._core import Row, restore_row  # type: ignore[attr-defined]  # what pickle calls


class Value:
    """Something whose end can be seen."""


def row(*values: object) -> Row:
    made: Row = restore_row(tuple(f"c{index}" for index in range(len(values))), values)
    return made


@pytest.mark.parametrize("width", [0, 1, 2, 19, 20, 21, 100])
def test_rows_of_every_width_come_and_go(width: int) -> None:
    for _ in range(3):
        rows = [row(*range(number, number + width)) for number in range(600)]
        assert [tuple(one) for one in rows] == [tuple(range(number, number + width)) for number in range(600)]
        assert len(rows[0]) == width
        del rows


def test_values_end_with_their_row() -> None:
    for _ in range(600):
        value = Value()
        end, one = weakref.ref(value), row(1, value)
        del value
        assert end() is one[1]
        del one
        assert end() is None


def test_a_value_outlives_its_row() -> None:
    text = "".join(["not ", "interned"])
    before = sys.getrefcount(text)
    rows = [row(text, number) for number in range(1000)]
    kept = rows[500][0]
    del rows
    assert kept is text
    del kept
    assert sys.getrefcount(text) == before


def test_a_row_in_a_circle_is_collected() -> None:
    value = Value()
    end = weakref.ref(value)
    circle: list[object] = [value]
    circle.append(row(1, circle))
    assert gc.is_tracked(circle[1])
    del circle, value
    gc.collect()
    assert end() is None


def test_only_what_may_be_in_a_circle_is_known_to_the_collector() -> None:
    assert not gc.is_tracked(row(1, "x", None))
    assert gc.is_tracked(row(1, []))
    assert [2] in gc.get_referents(row(1, [2]))


def test_it_says_how_large_it_is() -> None:
    word = sys.getsizeof((1, 2)) - sys.getsizeof((1,))
    assert sys.getsizeof(row(1, 2, 3)) - sys.getsizeof(row(1)) == 2 * word


def test_a_row_of_rows() -> None:
    inner = row("a", 1)
    outer = row(inner, inner)
    del inner
    assert outer == (("a", 1), ("a", 1))
    assert outer[0] is outer[1]
    assert hash(outer) == hash((("a", 1), ("a", 1)))
