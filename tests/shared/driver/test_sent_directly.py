"""The asyncio wire writes to the socket itself what the transport need not hold back: nothing is lost, nothing overtakes."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from ferrow._core import Shape
from ferrow.driver import AsyncConnection
from ferrow.errors import DatabaseError
from tests.support import maybe

TUPLES = Shape.tuples()


async def test_long_and_short_statements_keep_their_order(postgresql_url: str) -> None:
    sizes = [1, 40_000, 1, 900_000, 2, 17_000, 3, 400_000, 4, 5] * 8
    async with AsyncConnection(postgresql_url) as conn:
        await conn.query("SELECT $1::int, $2::text", [0, ""])
        asked = [conn.query_one("SELECT $1::int, $2::text", [at, "x" * size]) for at, size in enumerate(sizes)]
        rows = await asyncio.gather(*asked)
        assert [(row[0], len(row[1])) for row in rows] == list(enumerate(sizes))
        assert (await conn.query_one("SELECT 7"))[0] == 7


async def test_a_closing_transport_is_left_alone(postgresql_url: str) -> None:
    conn = await AsyncConnection.connect(postgresql_url)
    await conn.query("SELECT 1")
    wire: Any = conn.wire
    wire._transport.abort()  # its socket is closed a moment later
    with pytest.raises(DatabaseError):
        await conn.query("SELECT 1")
    await conn.close()


async def test_rows_that_came_in_many_parts_are_known_to_the_garbage_collector(pg: Any) -> None:
    result = await maybe(pg.run("SELECT n, 'a text' FROM generate_series(1, 20000) AS n", None, TUPLES))
    assert len(result.rows) == 20_000
    assert gc.is_tracked(result.rows)
    mine: list[Any] = result.rows
    mine.append(mine)  # as any list, it may lead to itself
    del result, mine
    await maybe(pg.query("SELECT 1"))  # a loop holds the future of an answer up to its next turn
    gc.collect()
    assert not [one for one in gc.get_objects() if type(one) is list and len(one) == 20_001]
