"""Portals that are gone before anybody reads them: their readers, or their transactions, have ended."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.driver import Shape
from ferrow.errors import InterfaceError

pytestmark = [pytest.mark.postgresql, pytest.mark.only(colour="async")]

OPEN = "SELECT count(*) FROM pg_cursors WHERE statement LIKE 'SELECT n FROM%'"


async def test_a_stream_that_nobody_waits_for_any_more_is_not_open(pg: Any) -> None:
    """Somebody else waits behind it, so that the server is not told to stop, and opens it."""
    sql = "SELECT n FROM generate_series(1, 100) n"
    async with pg.transaction() as tx:
        async with tx.stream(sql, chunk=2) as rows:  # now it is prepared
            assert len(await rows.fetch()) == 2
        assert (await tx.query_one(OPEN))[0] == 0
        begins = asyncio.ensure_future(tx.stream(sql, chunk=2).fetch())
        behind = asyncio.ensure_future(tx.query_one(OPEN))
        await asyncio.sleep(0)
        begins.cancel()
        with pytest.raises(asyncio.CancelledError):
            await begins
        assert (await behind)[0] == 1
        assert (await tx.query_one(OPEN))[0] == 0


async def test_outside_of_a_transaction_it_ends_as_it_is_opened(pg: Any) -> None:
    cursor = await pg.wire.open_cursor("SELECT generate_series(1, 10)", None, Shape.tuples())
    with pytest.raises(InterfaceError, match="the transaction in which the rows were to be fetched has ended"):
        await cursor.fetch(2)
    assert await pg.query("SELECT 2") == [(2,)]
