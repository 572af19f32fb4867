"""Values of PostgreSQL types that Python has no class for, without a database."""

from __future__ import annotations

import copy
import datetime
import pickle
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow.errors import DataError, InterfaceError, NotSupportedError
from ferrow.types import (
    Array,
    Box,
    Circle,
    Codec,
    Interval,
    Line,
    LineSegment,
    Path,
    Point,
    Polygon,
    Range,
    SparseVector,
)

SAMPLES: list[Any] = [
    Interval(14, -3, 5),
    Range(1, 10),
    Range(1, 10, "(]"),
    Range(None, Decimal("1.5")),
    Range(date(2026, 1, 1)),
    Range(None, None),
    Range(empty=True),
    Array([[1, None]], (0, -5)),
    Point(1.0, 2.0),
    Line(1.0, 2.0, 3.0),
    LineSegment(Point(0.0, 1.0), Point(2.0, 3.0)),
    Box(Point(2.0, 3.0), Point(0.0, 1.0)),
    Path((Point(0.0, 1.0),), True),
    Polygon((Point(0.0, 1.0),)),
    Circle(Point(0.0, 1.0), 2.0),
    SparseVector(5, {4: -2.0, 1: 0.5}),
]
IDS = [repr(sample)[:40] for sample in SAMPLES]


@pytest.mark.parametrize("value", SAMPLES, ids=IDS)
def test_values_are_copied_pickled_and_shown_as_they_are(value: Any) -> None:
    for again in (
        copy.copy(value),
        copy.deepcopy(value),
        pickle.loads(pickle.dumps(value)),
        eval(repr(value), {**globals(), "datetime": datetime}),
    ):
        assert again == value
        assert type(again) is type(value)
        assert repr(again) == repr(value)
        if not isinstance(value, Array):
            assert hash(again) == hash(value)


@pytest.mark.parametrize("value", [Interval(1), Range(1, 2), SparseVector(3, {1: 1.0}), Point(1.0, 2.0)])
def test_values_do_not_change(value: Any) -> None:
    for name in ("lower", "months", "dimensions", "x", "other"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(value, name, 5)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Interval(), "PT0S"),
        (Interval(14, -3, 14_400_000_000), "P1Y2M-3DT4H"),
        (Interval(-14), "P-1Y-2M"),
        (Interval(0, 0, -1), "PT-0.000001S"),
        (Interval(0, 1, 3_661_500_000), "P1DT1H1M1.5S"),
        (Interval(0, 0, -3_661_000_000), "PT-1H-1M-1S"),
    ],
)
def test_intervals_as_iso_8601(value: Interval, text: str) -> None:
    assert str(value) == text


@given(st.timedeltas())
def test_intervals_without_months_are_timedeltas(delta: timedelta) -> None:
    assert Interval.of(delta).as_timedelta() == delta


def test_intervals_are_equal_by_their_parts() -> None:
    assert Interval(days=1) != Interval(microseconds=86_400_000_000)
    assert Interval.of(Interval(1)) == Interval(1)
    with pytest.raises(DataError, match="has months, whose length depends on the date"):
        Interval(1).as_timedelta()
    with pytest.raises(DataError, match="longer than a timedelta can be"):
        Interval(0, 2**31 - 1).as_timedelta()
    with pytest.raises(TypeError, match=r"Interval.days is an int, not float 1.5"):
        Interval(0, 1.5)  # type: ignore[arg-type]


def test_a_range_up_to_nan_is_the_databases_business() -> None:
    """PostgreSQL has NaN above all numbers. Python's decimals refuse to compare it."""
    for bounds in ((Decimal(1), Decimal("NaN")), (Decimal("NaN"), Decimal("NaN")), (1.0, float("nan"))):
        found: Range[Any] = Range(*bounds)
        assert (found.lower, found.upper, found.isempty) == (*bounds, False)


def test_the_bounds_of_ranges() -> None:
    closed = Range(1, 3, "[]")
    assert [number in closed for number in (0, 1, 2, 3, 4)] == [False, True, True, True, False]
    opened = Range(1, 3, "()")
    assert [number in opened for number in (1, 2, 3)] == [False, True, False]
    assert (closed.lower_inc, closed.upper_inc, closed.lower_inf, closed.upper_inf) == (True, True, False, False)
    assert (opened.lower_inc, opened.upper_inc) == (False, False)
    infinite: Range[int] = Range()
    assert (infinite.lower_inf, infinite.upper_inf, infinite.bounds) == (True, True, "()")
    assert 5 in infinite
    assert None not in infinite
    assert Range(None, 5, "[]") == Range(None, 5, "(]")


def test_empty_ranges() -> None:
    empty: Range[int] = Range(empty=True)
    assert empty.isempty
    assert not empty
    assert 1 not in empty
    assert (empty.lower, empty.upper, empty.lower_inf, empty.lower_inc) == (None, None, False, False)
    assert Range(1, 1) == Range(2, 2, "()") == empty
    assert not Range(1, 1, "[]").isempty
    assert empty != Range()


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        ((1, 2, "[["), {}, ValueError, "bounds are one of"),
        ((2, 1), {}, ValueError, "the lower bound 2 is above the upper one, 1"),
        ((1, "a"), {}, TypeError, "not supported"),
        ((1,), {"empty": True}, ValueError, "an empty range has no bounds"),
        ((None, None, "[)"), {"empty": True}, ValueError, "an empty range has no bounds"),
    ],
)
def test_ranges_that_do_not_exist(arguments: Any, options: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words.replace("[", r"\[")):
        Range(*arguments, **options)


def test_ranges_of_text_are_left_to_the_collation_of_the_database() -> None:
    assert Range("b", "A").lower == "b"


def test_arrays_with_other_indexes() -> None:
    assert Array([1, 2], (0,)) == [1, 2]
    assert Array([1, 2]).lower_bounds == (1,)
    with pytest.raises(TypeError, match="a lower bound is an int, not str"):
        Array([1], ("0",))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="1 to 6 dimensions"):
        Array([1], ())


def test_sparse_vectors() -> None:
    vector = SparseVector(5, {4: 2, 1: 0.5, 2: 0.0})
    assert vector.values == {1: 0.5, 4: 2.0}
    assert list(vector.values) == [1, 4]
    assert vector.to_list() == [0.5, 0.0, 0.0, 2.0, 0.0]
    assert len(vector) == vector.dimensions == 5
    assert SparseVector.from_list([0.5, 0, 0, 2, 0]) == vector
    for arguments, error, words in (
        ((0, {}), ValueError, "at least 1 dimension"),
        (("5", {}), TypeError, "the number of dimensions is an int"),
        ((5, {0: 1.0}), ValueError, "indexes are 1 to 5"),
        ((5, {6: 1.0}), ValueError, "index 6 is outside"),
        ((5, {1: "2"}), TypeError, "the value at index 1 is a number, not str '2'"),
        ((5, {1.0: 2}), TypeError, "an index is an int"),
    ):
        with pytest.raises(error, match=words):
            SparseVector(*arguments)  # type: ignore[arg-type]


async def waited(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (("",), {}, "for a type by its name"),
        (("int4[]",), {}, "give 'int4'"),
        (("int4",), {"format": "json"}, "unknown codec format 'json'; known: 'text', 'binary', 'value'"),
        (("int4",), {"encode": 5}, "`encode` of the codec for int4 is not callable: 5"),
        (
            ("int4",),
            {"decode": waited},
            "`decode` of the codec for int4 is an async def, and nothing is awaited in a row",
        ),
    ],
)
def test_codecs_that_are_none(arguments: Any, options: Any, words: str) -> None:
    with pytest.raises(InterfaceError) as caught:
        Codec(*arguments, **options)
    assert words in str(caught.value)


def test_mariadb_has_no_codecs() -> None:
    from ferrow import create_engine

    with pytest.raises(NotSupportedError, match="'codecs' is for PostgreSQL and SQLite; MariaDB's types have none"):
        create_engine("mysql://user:password@localhost/app", codecs=[Codec("int4", decode=str)])


def test_codecs_are_given_in_the_program() -> None:
    from ferrow import driver

    for url, options in (("sqlite::memory:?codecs=date", {}), ("sqlite::memory:", {"codecs": ["date"]})):
        with pytest.raises(InterfaceError, match=r"list of ferrow\.types\.Codec, given in the program"):
            driver.connect(url, **options)


def test_values_are_imported_when_they_are_used() -> None:
    program = "import sys, ferrow.types; sys.exit(any('ferrow.types.values' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
