"""Lists of whole numbers are encoded on a fast path; all others on the slow one, with the same result."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import pytest

from ferrow.errors import DataError
from tests.support import maybe


class Level(IntEnum):
    HIGH = 3


class Numbers(list[Any]):
    pass


BOUNDS = {"integer": 2**31, "bigint": 2**63}


@pytest.mark.parametrize("kind", BOUNDS)
async def test_what_fits_comes_back(pg: Any, kind: str) -> None:
    limit = BOUNDS[kind]
    for given in ([0], [-limit, None, limit - 1, -1], [None], [], [*range(-500, 500)], Numbers([1, 2])):
        assert (await maybe(pg.query_one(f"SELECT $1::{kind}[]", [given])))[0] == given


@pytest.mark.parametrize("kind", BOUNDS)
@pytest.mark.parametrize("wrong", ["low", "high", 2**70, True, 1.5, "1", Level.HIGH, [1]], ids=str)
async def test_a_list_ends_as_a_tuple_does(pg: Any, kind: str, wrong: Any) -> None:
    limit = BOUNDS[kind]
    value = {"low": -limit - 1, "high": limit}.get(wrong, wrong) if isinstance(wrong, str) else wrong

    async def outcome(given: Any) -> Any:
        try:
            return (await maybe(pg.query_one(f"SELECT $1::{kind}[]", [given])))[0]
        except DataError as error:
            return str(error)

    found = await outcome([7, None, value, 8])

    assert found == await outcome((7, None, value, 8))
    assert isinstance(found, str) == (value is not Level.HIGH)  # why it is refused
    assert (await maybe(pg.query_one("SELECT 1")))[0] == 1


async def test_the_vectors_of_the_catalogue(pg: Any) -> None:
    """The server writes them without elements in binary, and reads them so in text alone."""
    for kind in ("int2vector", "oidvector"):
        for given in ([], (), [0], [1, 2]):
            sql = f"SELECT v, v = ''::{kind}, cardinality(v) FROM (VALUES ($1::{kind})) AS t (v)"
            assert await maybe(pg.query_one(sql, [given])) == ([*given], not given, len(given))
        with pytest.raises(DataError, match=rf"element \[0\]: .* without elements .*: write ''::{kind}"):
            await maybe(pg.query_one(f"SELECT $1::{kind}[]", [[[]]]))
        with pytest.raises(DataError, match=rf"an {kind} has one dimension, not 2"):
            await maybe(pg.query_one(f"SELECT $1::{kind}", [[[1], [2]]]))
