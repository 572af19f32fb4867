"""Bits that change on their way, in the rows of a COPY over all types, those among them that travel as text.

What is said of sessions: test_postgresql_bit_flips.py.
"""

from __future__ import annotations

import struct
from random import Random
from typing import Any

import pytest

from ferrow._core import CopyDecoder
from ferrow.errors import DataError
from tests.support.effort import times
from tests.support.flips import SOURCES, Copied, alike, built_as, copying, flipped, source

pytestmark = pytest.mark.postgresql

FLIPPED = times(450)
HEADER, COUNT, LENGTH = 19, 2, 4


@pytest.fixture(scope="module", params=SOURCES)
def copied(request: pytest.FixtureRequest, database_with: Any) -> Copied:
    found = source(request.param, database_with)
    if found is None:
        pytest.skip("the server has everything itself")
    return copying(*found)


def places(copied: Copied) -> list[tuple[int, int, int, int]]:
    """Row, column, start and end of each value that has bytes."""
    at, found = HEADER, []
    for row in range(3):
        at += COUNT
        for column in range(len(copied.rows)):
            (length,) = struct.unpack_from("!i", copied.data, at)
            start, at = at + LENGTH, at + LENGTH + max(0, length)
            found += [(row, column, start, at)] if length > 0 else []
    return found


def read(copied: Copied, data: bytes, cut: int, shape: Any) -> tuple[list[Any], DataError | None]:
    """What comes of it in two pieces, and what ended it; nothing but an error of ours may."""
    decoder, rows = CopyDecoder(copied.names, copied.oids, shape, copied.types), []
    try:
        for piece in (data[:cut], data[cut:]):
            rows += decoder.feed(piece)
        decoder.finish()
    except DataError as error:
        return rows, error
    return rows, None


def test_a_bit_in_a_value_is_that_values_affair(copied: Copied) -> None:
    random, where, refused = Random(4), places(copied), 0
    for number in range(FLIPPED):
        row, column, start, end = where[number % len(where)]
        data = flipped(copied.data, random.randrange(start, end), random.randrange(8))
        built = built_as(len(copied.rows), random.randrange(10**6))
        rows, error = read(copied, data, random.randrange(len(data)), built.shape)
        if error is not None:
            refused += 1
            assert (error.row, error.column) == (row + 1, copied.names[column]), error
        else:
            assert len(rows) == 3
        for at, one in enumerate(rows):
            got = dict(zip(built.columns, built.values(one), strict=True))
            wrong = [
                place
                for place, value in got.items()
                if (at, place) != (row, column) and not alike(value, copied.rows[place][2])
            ]
            assert not wrong, f"the flip in row {row}, column {column} changed {wrong} of row {at}"
            if at == row and column in got:
                assert got[column] is not None, f"what cannot be read in column {column} is no NULL"
    assert 0 < refused < FLIPPED


def test_a_bit_anywhere_is_other_rows_or_a_data_error(copied: Copied) -> None:
    data, random, refused = copied.data, Random(3), 0
    values = {place for _, _, start, end in places(copied) for place in range(start, end)}
    counts = sorted({*range(len(data))} - values)
    for number in range(FLIPPED):
        built = built_as(len(copied.names), number)
        at = random.choice(counts) if number % 2 else random.randrange(len(data))
        spoilt = flipped(data, at, random.randrange(8))
        rows, error = read(copied, spoilt, random.randrange(len(data)), built.shape)
        refused += error is not None
        assert len(rows) == 3 if error is None else len(rows) <= 3
        assert all(len(built.values(row)) == len(built.columns) for row in rows)
    assert 0 < refused < FLIPPED
