"""How values of PostgreSQL are made up."""

from __future__ import annotations

import json
import struct
from datetime import UTC, date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from hypothesis import strategies as st

from ferrow.types import Array, Box, Interval, Point, Range


def whole(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def unsigned(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**bits - 1)


def shortest(value: float) -> float:
    """A single has the digits that it takes to tell it from other singles: the nearest of those, and of two the even one."""
    single = struct.pack("!f", value)
    return next(found for n in range(1, 18) for found in near(value, n) if as_single(found) == single)


def near(value: float, digits: int) -> list[float]:
    """The numbers of so many digits around it. At a power of two the nearest can be another single, and the next one is not."""
    places = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    nearest = places.create_decimal(value)
    return [float(nearest), float(places.next_plus(nearest)), float(places.next_minus(nearest))]


def as_single(value: float) -> bytes | None:
    """Its four bytes; None beyond the largest single, where rounding to few digits can lead."""
    try:
        return struct.pack("!f", value)
    except OverflowError:
        return None


def has_no_other_form(value: Interval) -> bool:
    """What fits into a timedelta comes back as one, and the ends of all parts are infinity to PostgreSQL 17.

    Nor does PostgreSQL read its own text of the least number of microseconds.
    """
    ends = {(2**31 - 1, 2**31 - 1, 2**63 - 1), (-(2**31), -(2**31), -(2**63))}
    return (
        value.months != 0
        and value.microseconds != -(2**63)
        and (value.months, value.days, value.microseconds) not in ends
    )


def interval_literal(value: Any) -> str:
    if isinstance(value, timedelta):
        # With one sign for all of it, as the driver writes it: two make another text, though an equal interval.
        days, rest = divmod(abs(value), timedelta(days=1))
        sign = -1 if value < timedelta() else 1
        value = Interval(0, sign * days, sign * (rest // timedelta(microseconds=1)))
    # The server does not read the last of these as hours, minutes and seconds.
    return f"{value.months} mons {value.days} days {value.microseconds} microseconds"


def ordered(one: Any, other: Any, bounds: str = "[)") -> Range[Any]:
    """A range that is not empty."""
    if one is not None and other is not None and one > other:
        one, other = other, one
    if one is not None and one == other:
        bounds = "[]"
    return Range(one, other, infinite(one, other, bounds))


def infinite(one: Any, other: Any, bounds: str) -> str:
    """What has no end has none to include."""
    return ("(" if one is None else bounds[0]) + (")" if other is None else bounds[1])


def ranges(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Range[Any]]:
    ends = st.none() | values
    return st.builds(ordered, ends, ends, st.sampled_from(["[)", "[]", "(]", "()"])) | st.just(Range(empty=True))


def steps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Range[Any]]:
    """Ranges of what can be counted have one form: [)."""
    ends = st.tuples(st.none() | values, st.none() | values).filter(lambda pair: pair[0] is None or pair[0] != pair[1])
    return ends.map(lambda pair: ordered(*pair)) | st.just(Range(empty=True))


def several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Range[Any]]]:
    """Multiranges in the one form that they have: apart, in order."""
    edges = st.lists(values, unique=True, max_size=8).map(sorted)
    return edges.map(lambda found: [Range(*pair) for pair in zip(found[::2], found[1::2], strict=False)])


def boxed(one: Point, other: Point) -> Box:
    """The upper right corner comes first."""
    high = Point(max(one.x, other.x), max(one.y, other.y))
    return Box(high, Point(min(one.x, other.x), min(one.y, other.y)))


def nested(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Arrays of one to three dimensions, with NULLs, and some with bounds of their own."""

    def shaped(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
        inner = st.none() | values if len(shape) == 1 else shaped(shape[1:])
        return st.lists(inner, min_size=shape[0], max_size=shape[0])

    def bounded(made: Any, bounds: tuple[int, ...]) -> Any:
        depth, inner = 0, made
        while isinstance(inner, list):
            depth, inner = depth + 1, inner[0]
        return made if set(bounds[:depth]) == {1} else Array(made, bounds[:depth])

    shapes = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple).flatmap(shaped)
    return st.just([]) | shapes | st.builds(bounded, shapes, st.tuples(*[st.integers(-5, 5)] * 3))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
SHORT = st.text("ab'\"\\,(){} é🦀", max_size=3)
MOOD = st.sampled_from(["sad", "ok", 'it\'s "fine"'])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
NO_NUMBERS = st.sampled_from([float("nan"), float("inf"), float("-inf")])
SINGLES = st.floats(width=32, allow_nan=False, allow_infinity=False)
FINITE_POINTS = st.builds(Point, NUMBERS, NUMBERS)
POINTS = st.builds(Point, st.floats(), st.floats())
SNAPSHOTS = st.integers(3, 2**31).map(lambda xmin: f"{xmin}:{xmin + 9}:{xmin},{xmin + 3}")
DIGITS = st.decimals(-(10**9), 10**9, places=3)
# `datetime.max` is a valid end, its neighbour is not a Python value.
MOMENTS = st.datetimes(timezones=st.just(UTC))
DATES = st.dates(max_value=date(9999, 12, 30))


def documents(floats: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    scalars = st.none() | st.booleans() | whole(64) | whole(128) | floats | TEXT
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=10,
    ).filter(lambda value: value is not None)


def document_literal(value: Any) -> str:
    """JSON that says of each float that it is one: of what 1e+16 was, the server keeps the digits."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {document_literal(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(document_literal, value)) + "]"
    if isinstance(value, float):
        digits = format(Decimal(repr(value)), "f")
        return digits if "." in digits else digits + ".0"
    return json.dumps(value)


DOCUMENT = documents(NUMBERS | st.sampled_from([1e16, 1e23, -1e22]))
SIGNLESS = documents((NUMBERS | st.sampled_from([1e16, 1e23, -1e22])).map(lambda value: value + 0.0))
"""`jsonb` has no sign of zero."""
PAIR = st.tuples(st.none() | whole(32), st.none() | TEXT)
PAIRS = [
    st.none() | whole(64),
    st.none() | MOOD,
    st.none() | SHORT,
    st.none() | PAIR,
    st.none() | st.lists(st.none() | PAIR, max_size=3),
    st.none() | st.lists(st.none() | SHORT, max_size=3),
    st.none() | steps(st.integers(-(2**30), 2**30)),
    st.none() | st.lists(st.none() | whole(32), max_size=3),
]
