"""What others meet on a connection that a stream holds, and what they may not do to the stream."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.driver import Trace
from ferrow.errors import InterfaceError
from tests.support import entered, items, maybe

SERIES = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10) SELECT n FROM c"


async def test_tracing_that_begins_meanwhile_leaves_the_connection_usable(conn: Any) -> None:
    traces: list[Trace] = []
    async with entered(conn.stream(SERIES, chunk=2)) as rows:
        await maybe(rows.fetch(2))
        conn.trace(traces.append)
        with pytest.raises(InterfaceError, match="a stream is open"):
            await maybe(conn.query("SELECT 1"))
    await maybe(conn.query("SELECT 2"))
    assert [trace.sql for trace in traces] == ["SELECT 2"]


async def test_tracing_that_ends_meanwhile_has_ended(conn: Any) -> None:
    traces: list[Trace] = []
    conn.trace(traces.append)
    async with entered(conn.stream(SERIES, chunk=2)) as rows:
        await maybe(rows.fetch(2))
        conn.trace(None)
    seen = len(traces)
    await maybe(conn.query("SELECT 2"))
    assert len(traces) == seen


async def test_the_connection_still_says_how_it_is(conn: Any) -> None:
    async with entered(conn.stream(SERIES, chunk=2)):
        assert await maybe(conn.ping())
        facts = await maybe(conn.info())
        assert facts["healthy"]
        assert not facts["closed"]


async def test_an_iterator_of_notifications_made_meanwhile_works_afterwards(pg: Any) -> None:
    await maybe(pg.listen("news"))
    async with entered(pg.stream(SERIES)):
        notifications = pg.notifications(timeout=0)
    await maybe(pg.notify("news", "read all about it"))
    assert [item.payload for item in await items(notifications)] == ["read all about it"]


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("call", ["begin", "rollback", "stream"])
async def test_nobody_else_ends_a_fetch_under_way(pg: Any, call: str) -> None:
    async with pg.stream("SELECT n, pg_sleep(0.02) FROM generate_series(1, 8) n", chunk=4) as rows:
        fetching = asyncio.ensure_future(rows.fetch())
        await asyncio.sleep(0)
        if call == "rollback":
            await pg.rollback()
        else:
            with pytest.raises(InterfaceError, match="a stream is open"):
                await (pg.begin() if call == "begin" else pg.stream("SELECT 1").fetch())
        assert len(await fetching) == 4
        assert len(await rows.fetch()) == 4


async def test_a_transaction_that_a_copy_refuses_leaves_the_copy_alone(pg: Any) -> None:
    async with entered(pg.copy_out(sql="SELECT * FROM generate_series(1, 100000) n")) as rows:
        first = await maybe(rows.fetch())
        with pytest.raises(InterfaceError, match="a COPY is under way"):
            await maybe(pg.begin())
        await maybe(pg.rollback())
        assert len(first) + len(await items(rows)) == 100_000


@pytest.mark.parametrize("colour", ["async"])
async def test_a_rollback_of_nothing_leaves_a_neighbours_statement_alone(pg: Any) -> None:
    neighbour = asyncio.ensure_future(pg.query("SELECT 'fine', pg_sleep(0.05)"))
    await asyncio.sleep(0)
    await pg.rollback()
    assert (await neighbour)[0][0] == "fine"
