"""Many rows that have failed as arrays are tried one by one, but not in a transaction that another task has begun meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.errors import UniqueViolation
from ferrow.wire.arrays import FEW
from tests.support.rows_as_arrays import INSERT, _counts, _ready, _rows

pytestmark = [pytest.mark.postgresql, pytest.mark.parametrize("colour", ["async"])]


async def sent(pg: Any) -> asyncio.Future[Any]:
    """Rows on their way to a table that has the last of them."""
    await _ready(pg)
    await pg.execute(INSERT, [FEW - 1, "taken"])
    many: asyncio.Future[Any] = asyncio.ensure_future(pg.run_many(INSERT, _rows(FEW)))
    await asyncio.sleep(0)
    return many


async def test_a_transaction_begun_meanwhile(pg: Any) -> None:
    """In it they would be inserted, and undone by its rollback, though their caller was told that all went well."""
    many = await sent(pg)
    tx = await pg.begin()
    freed = asyncio.ensure_future(tx.execute("DELETE FROM t"))
    with pytest.raises(UniqueViolation) as caught:
        await many
    assert caught.value.query == INSERT
    assert await freed == 1
    await tx.rollback()
    assert (await _counts(pg))[0] == 1


async def test_a_stream_opened_meanwhile(pg: Any) -> None:
    """Its transaction would have failed by them."""
    many = await sent(pg)
    async with pg.stream("DELETE FROM t RETURNING id") as rows:
        with pytest.raises(UniqueViolation):
            await many
        assert [tuple(row) async for row in rows] == [(FEW - 1,)]
    assert (await _counts(pg))[0] == 0


async def test_a_transaction_that_is_over_again(pg: Any) -> None:
    """They are no part of what has ended."""
    many = await sent(pg)
    async with pg.transaction():
        pass
    with pytest.raises(UniqueViolation):
        await many
    async with pg.transaction() as tx:
        await tx.execute("DELETE FROM t")
    assert (await pg.run_many(INSERT, _rows(FEW))).rowcount == FEW


async def test_a_savepoint_set_meanwhile(pg: Any) -> None:
    """It is in theirs, which must not end before it."""
    await _ready(pg)
    async with pg.transaction() as tx:
        many = asyncio.ensure_future(pg.run_many(INSERT, _rows(FEW)))
        await asyncio.sleep(0)
        async with tx.transaction() as inner:
            await many
            await inner.execute("DELETE FROM t")
            await inner.rollback()
    assert (await _counts(pg))[0] == FEW
