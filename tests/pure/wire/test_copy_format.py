"""COPY's binary format: what is encoded is decoded again, wherever the bytes are cut."""

from __future__ import annotations

import itertools
import struct
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow._core import CopyDecoder, CopyEncoder, Row, Shape
from ferrow.errors import DataError

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
AWARE = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.just(UTC))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=5)
DOCUMENT = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)

# name, oid of the type, its values
TYPES: list[tuple[str, int, st.SearchStrategy[Any]]] = [
    ("bool", 16, st.booleans()),
    ("bytea", 17, st.binary()),
    ("int8", 20, st.integers(-(2**63), 2**63 - 1)),
    ("int2", 21, st.integers(-(2**15), 2**15 - 1)),
    ("int4", 23, st.integers(-(2**31), 2**31 - 1)),
    ("text", 25, TEXT),
    ("oid", 26, st.integers(0, 2**32 - 1)),
    ("json", 114, DOCUMENT.filter(lambda value: value is not None)),
    ("float4", 700, st.floats(width=32, allow_nan=False).filter(lambda value: abs(value) < 1e6)),
    ("float8", 701, st.floats(allow_nan=False)),
    ("varchar", 1043, TEXT),
    ("date", 1082, st.dates()),
    ("time", 1083, st.times()),
    ("timestamp", 1114, st.datetimes()),
    ("timestamptz", 1184, AWARE),
    ("numeric", 1700, DECIMALS),
    ("uuid", 2950, st.uuids()),
    ("jsonb", 3802, DOCUMENT.filter(lambda value: value is not None)),
    ("int4[]", 1007, st.lists(st.none() | st.integers(-(2**31), 2**31 - 1))),
    ("text[]", 1009, st.lists(st.none() | TEXT)),
]
NAMES = [name for name, _, _ in TYPES]
OIDS = [oid for _, oid, _ in TYPES]
ROWS = st.lists(st.tuples(*(st.none() | values for _, _, values in TYPES)), max_size=4)


def encoded(rows: list[Any], names: list[str] = NAMES, oids: list[int] = OIDS) -> bytes:
    encoder = CopyEncoder(names, oids)
    assert encoder.fill(iter(rows), 1 << 30) is False
    assert encoder.rows == len(rows)
    encoder.end()
    return encoder.take()


def decoded(pieces: list[bytes], shape: Shape, names: list[str] = NAMES, oids: list[int] = OIDS) -> list[Any]:
    decoder = CopyDecoder(names, oids, shape)
    rows = [row for piece in pieces for row in decoder.feed(piece)]
    decoder.finish()
    return rows


def plain(row: Any) -> tuple[Any, ...]:
    """A single in binary has the shortest digits that mean it, which is another double than Hypothesis drew."""
    return tuple(
        struct.pack("!f", value) if name == "float4" and value is not None else value
        for name, value in zip(NAMES, row, strict=True)
    )


@given(rows=ROWS, cuts=st.lists(st.integers(0, 4000)))
def test_rows_of_all_types_whatever_the_cuts(rows: list[Any], cuts: list[int]) -> None:
    data = encoded(rows)
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in itertools.pairwise(places)]
    assert [plain(row) for row in decoded(pieces, Shape.tuples())] == [plain(row) for row in rows]


def test_every_cut_and_byte_by_byte() -> None:
    row = (True, b"x", 1, 2, 3, "ü", 5, {"a": 1}, 0.5, 1.5, "v", date(2024, 2, 29), time(1, 2, 3), datetime(2024, 1, 1),
           datetime(2024, 1, 1, tzinfo=UTC), Decimal("1.50"), UUID(int=7), [1], [1, None], [None, "a"])  # fmt: skip
    data = encoded([row, (None,) * len(row)])
    expected = [row, (None,) * len(row)]
    for cut in range(len(data) + 1):
        assert decoded([data[:cut], data[cut:]], Shape.tuples()) == expected
    assert decoded([data[at : at + 1] for at in range(len(data))], Shape.tuples()) == expected


def test_rows_take_any_shape() -> None:
    data = encoded([(1, "a"), (2, None)], ["id", "name"], [23, 25])
    (row, _) = decoded([data], Shape.rows(), ["id", "name"], [23, 25])
    assert type(row) is Row
    assert row.to_dict() == {"id": 1, "name": "a"}
    assert decoded([data], Shape.column(0), ["id", "name"], [23, 25]) == [1, 2]


@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_are_more_than_a_data_error(noise: bytes, header: bool) -> None:
    data = encoded([])[:-2] + noise if header else noise
    decoder = CopyDecoder(["a", "b"], [23, 25], Shape.tuples())
    try:
        decoder.feed(data)
        decoder.finish()
    except DataError:
        pass


def test_an_end_that_comes_too_early_or_too_late() -> None:
    data = encoded([(1,), (2,)], ["a"], [23])
    for end in range(len(data)):
        decoder = CopyDecoder(["a"], [23], Shape.tuples())
        decoder.feed(data[:end])
        with pytest.raises(DataError, match="ended in the middle"):
            decoder.finish()
    with pytest.raises(DataError, match="bytes follow the end"):
        CopyDecoder(["a"], [23], Shape.tuples()).feed(data + b"x")
    with pytest.raises(DataError, match="row 1 of the COPY has 1 values, not 2"):
        CopyDecoder(["a", "b"], [23, 23], Shape.tuples()).feed(data)


@pytest.mark.parametrize("length", [-2, -(2**31), 2**31 - 1])
def test_a_length_that_cannot_be_is_no_null(length: int) -> None:
    data = encoded([(1, 2), (3, None)], ["a", "b"], [23, 23])
    at = data.index(struct.pack("!i", -1))
    spoilt = data[:at] + struct.pack("!i", length) + data[at + 4 :]
    for cut in range(len(spoilt)):
        decoder = CopyDecoder(["a", "b"], [23, 23], Shape.tuples())
        with pytest.raises(DataError, match=r"after row 1 of the COPY: .*negative count or length"):
            decoder.feed(spoilt[:cut])
            decoder.feed(spoilt[cut:])


def test_a_piece_ends_when_it_is_large_enough() -> None:
    encoder = CopyEncoder(["a"], [23])
    rows = iter([(n,) for n in range(100)])
    pieces = []
    while encoder.fill(rows, 100):
        pieces.append(encoder.take())
    encoder.end()
    pieces.append(encoder.take())
    assert len(pieces) > 5
    assert all(len(piece) < 120 for piece in pieces)
    assert decoded(pieces, Shape.column(0), ["a"], [23]) == list(range(100))


def test_one_row_at_a_time() -> None:
    encoder = CopyEncoder(["a"], [23])
    sizes = [encoder.add([n]) for n in range(3)]
    assert sizes == sorted(sizes)
    first = encoder.take()
    encoder.end()
    assert decoded([first, encoder.take()], Shape.column(0), ["a"], [23]) == [0, 1, 2]


def test_a_row_that_fails_leaves_nothing_of_itself() -> None:
    encoder = CopyEncoder(["a", "b"], [23, 23])
    encoder.add((1, 2))
    with pytest.raises(DataError, match=r"row 2, column 2 \(b\)"):
        encoder.add((3, "x"))
    encoder.add((5, 6))
    encoder.end()
    assert decoded([encoder.take()], Shape.tuples(), ["a", "b"], [23, 23]) == [(1, 2), (5, 6)]


def test_an_error_of_a_value_is_its_cause_and_one_of_a_property_stays_itself() -> None:
    class Hostile:
        def __index__(self) -> int:
            raise ZeroDivisionError("no index")

    class Model:
        @property
        def a(self) -> int:
            raise KeyError("broken property")

    with pytest.raises(DataError, match=r"row 1, column 1 \(a\): no index") as caught:
        CopyEncoder(["a"], [23]).add((Hostile(),))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(KeyError, match="broken property"):
        CopyEncoder(["a"], [23]).add(Model())


def test_rows_with_a_type_without_a_binary_form_are_text() -> None:
    encoder = CopyEncoder(["a", "price", "raw", "note"], [23, 790, 17, 25])
    assert (encoder.format, CopyEncoder(["a"], [23]).format) == ("text", "binary")
    assert encoder.fill([(1, "$1.00", b"\\", "\\N\t\r\n\\."), (None, None, None, "")], 1000) is False
    encoder.end()
    assert encoder.take() == b"1\t$1.00\t\\\\x5c\t\\\\N\\t\\r\\n\\\\.\n\\N\t\\N\t\\N\t\n"
    with pytest.raises(DataError, match=r"row 3, column 2 \(price\): money takes its text form as str"):
        encoder.add((1, 2, None, None))
    assert encoder.size == 0


def test_a_list_goes_on_where_it_was_left() -> None:
    rows = [(n,) for n in range(100)]
    encoder = CopyEncoder(["a"], [23])
    pieces = []
    while encoder.fill(rows, 100):
        assert encoder.size >= 100
        pieces.append(encoder.take())
        assert encoder.size == 0
    encoder.end()
    pieces.append(encoder.take())
    assert len(pieces) > 5
    assert decoded(pieces, Shape.column(0), ["a"], [23]) == list(range(100))


def test_a_list_that_changes_while_its_rows_are_encoded() -> None:
    rows: list[Any] = []

    class Row:
        @property
        def a(self) -> int:
            rows.clear()
            return 7

    rows += [(1,), Row(), *[(n,) for n in range(50)]]
    encoder = CopyEncoder(["a"], [23])
    assert encoder.fill(rows, 1 << 20) is False
    assert rows == []
    encoder.end()
    assert decoded([encoder.take()], Shape.column(0), ["a"], [23]) == [1, 7]


def test_a_list_with_rows_of_all_widths_is_refused_at_the_first_wrong_one() -> None:
    rows: list[Any] = [(1,)] * 20 + [(), 5, None, (1, 2)]
    encoder = CopyEncoder(["a"], [23])
    with pytest.raises(DataError, match="row 21 has 0 values"):
        encoder.fill(rows, 1 << 20)
    assert encoder.rows == 20
