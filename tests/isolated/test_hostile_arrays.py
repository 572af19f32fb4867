"""Arrays as only a liar sends them."""

from __future__ import annotations

import struct

import pytest

from ferrow.driver import connect
from tests.support.fakes import column, row
from tests.support.hostile import BOUND, NO_PARAMETERS, PARSED, READY, SELECTED, server

INT4, INT4_ARRAY = 23, 1007
MANY = 1 << 30


def array(*lengths: int) -> bytes:
    """The header of an array of these dimensions, without an element."""
    return struct.pack("!iii", len(lengths), 0, INT4) + b"".join(struct.pack("!ii", length, 1) for length in lengths)


@pytest.mark.parametrize("lengths", [(), (0,), (MANY, 0), (0, MANY), (MANY, MANY, 0)])
def test_lists_around_nothing_are_not_made(lengths: tuple[int, ...]) -> None:
    prepared = PARSED + NO_PARAMETERS + column(INT4_ARRAY, -1) + READY
    executed = BOUND + row(array(*lengths)) + SELECTED + READY
    with server([prepared, executed]) as url, connect(url) as conn:
        assert conn.query_one("SELECT a", timeout=10)[0] == []
