"""Streams and COPY are traced when they end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.driver import Trace
from ferrow.errors import DatabaseError
from tests.support import entered, items, maybe
from tests.support.traces import facts

PIECES = "SELECT i FROM numbers ORDER BY i"


async def test_a_stream_is_told_when_it_is_over(conn: Any, seen: list[Trace]) -> None:
    await maybe(conn.script("CREATE TABLE numbers (i int); INSERT INTO numbers VALUES (1), (2), (3), (0)"))
    tx = await maybe(conn.begin())
    await maybe(tx.query("SELECT 1"))
    conn.trace(seen.append)
    stream = tx.stream(PIECES, chunk=2)
    await maybe(stream.fetch())
    assert facts(seen) == []
    await maybe(tx.query("SELECT 2"))
    assert len(await items(stream)) == 2
    assert facts(seen) == [("SELECT 2", 0, 1), (PIECES, 0, 4)]
    async with entered(tx.stream(PIECES, chunk=1)) as left:
        await maybe(left.fetch(1))
    assert facts(seen[2:]) == [(PIECES, 0, 1)]
    await maybe(tx.rollback())


async def test_a_stream_that_fails_on_its_way(pg: Any, seen: list[Trace]) -> None:
    pg.trace(seen.append)
    sql = "SELECT 1 / (3 - i) FROM generate_series(1, 9) AS i"
    with pytest.raises(DatabaseError) as caught:
        await items(pg.stream(sql, chunk=1))
    told = {trace.sql: (trace.rowcount, trace.error) for trace in seen}
    assert told == {"BEGIN": (-1, None), sql: (-1, caught.value), "ROLLBACK": (-1, None)}


async def test_a_copy_is_told_when_it_is_over(pg: Any, seen: list[Trace]) -> None:
    await maybe(pg.script("CREATE TABLE numbers (i int)"))

    def told() -> list[tuple[int, BaseException | None]]:
        found = [(trace.rowcount, trace.error) for trace in seen if trace.sql.startswith("COPY")]
        seen.clear()
        return found

    def broken(reason: type[BaseException]) -> Any:
        yield from ([n] for n in range(50_000))
        raise reason

    pg.trace(seen.append)
    await maybe(pg.copy_in("numbers", [(1,), (2,)]))
    await maybe(pg.copy_in("numbers", "3\n", format="text"))
    assert told() == [(2, None), (1, None)]
    with pytest.raises(DatabaseError) as caught:
        await maybe(pg.copy_in("numbers", "much\n", format="text"))
    assert told() == [(-1, caught.value)]
    for reason in (ZeroDivisionError, asyncio.CancelledError):
        with pytest.raises(reason) as raised:
            await maybe(pg.copy_in("numbers", broken(reason)))
        assert told() == [(-1, raised.value)]
    assert len(await items(pg.copy_out("numbers"))) == 3
    assert told() == [(3, None)]
    async with entered(pg.copy_out(sql="SELECT generate_series(1, 100000)")) as rows:
        await maybe(rows.fetch(1))
    assert told() == [(-1, None)]
    with pytest.raises(DatabaseError) as caught:
        await items(pg.copy_out(sql="SELECT 1 / (5000 - i) FROM generate_series(1, 9000) AS i", format="text"))
    assert told() == [(-1, caught.value)]
