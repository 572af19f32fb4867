"""Pipelines in asyncio: who waits for what, what a cancellation reaches, and what it does not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.driver import AsyncConnection
from ferrow.errors import DatabaseError, OperationalError
from tests.support.deadlines import eventually
from tests.support.pipelines import create


@pytest.mark.parametrize("colour", ["async"])
async def test_a_pending_can_be_awaited_itself(conn: Any) -> None:
    async with conn.pipeline() as pipe:
        one, two = pipe.query("SELECT 1"), pipe.query("SELECT 2")
        assert await asyncio.gather(two.result(), one.result()) == [[(2,)], [(1,)]]
        assert await one == [(1,)]


@pytest.mark.parametrize("colour", ["async"])
async def test_who_waits_may_be_cancelled(pg: Any) -> None:
    """The statement is the pipeline's: it goes on."""
    async with pg.pipeline() as pipe:
        pending = pipe.query("SELECT 1 FROM pg_sleep(0.1)")
        waiting = asyncio.ensure_future(pending.result())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await pending == [(1,)]


@pytest.mark.parametrize("colour", ["async"])
async def test_a_cancelled_block_gives_up_what_was_not_sent(conn: Any) -> None:
    """The rest of a long statement does not hold up the connection either."""
    slow = {
        "postgresql": "SELECT pg_sleep(30)",
        "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c",
    }
    await create(conn)
    pending: list[Any] = []

    async def work() -> None:
        async with conn.pipeline() as pipe:
            pending.append(pipe.query(slow[conn.dialect]))
            pending.append(pipe.query("SELECT 1 + 1"))
            await pending[0]

    task = asyncio.ensure_future(work())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(15):
        assert await conn.query("SELECT 7") == [(7,)]
    async with conn.pipeline() as pipe:
        assert await pipe.query("SELECT 8") == [(8,)]
    with pytest.raises(OperationalError):
        await pending[0]


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT ROW(1)::unheard_of"], ids=["a known type", "a type to look up"])
async def test_what_is_given_up_while_it_is_prepared_has_an_outcome(pg: Any, sql: str) -> None:
    await pg.script("CREATE TYPE unheard_of AS (n int)")
    pending: list[Any] = []

    async def work() -> None:
        async with pg.pipeline() as pipe:
            pending.extend(pipe.query(sql) for _ in range(2))
            await pending[0]

    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)  # asked, and nothing is answered before the loop waits
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for one in pending:
        with pytest.raises(OperationalError, match="not sent"):
            await asyncio.wait_for(one.result(), 60)
    assert await pg.query_one("SELECT 7") == (7,)


@pytest.mark.parametrize("colour", ["async"])
@pytest.mark.parametrize(
    ("sql", "lock"),
    [("SELECT ROW(1)::unheard_of", "pg_catalog.pg_range"), ("SELECT n FROM numbers", "numbers")],
    ids=["types", "table"],
)
async def test_what_is_cancelled_while_it_is_prepared_was_not_sent(
    pg: Any, postgresql_url: str, sql: str, lock: str
) -> None:
    await pg.script("CREATE TYPE unheard_of AS (n int); CREATE TABLE numbers (n int)")
    pending: list[Any] = []

    async def work() -> None:
        async with pg.pipeline() as pipe:
            pending.append(pipe.query(sql))
            await pending[0]

    async with AsyncConnection(postgresql_url) as other, other.transaction() as tx:
        await tx.execute(f"LOCK TABLE {lock} IN ACCESS EXCLUSIVE MODE")
        task = asyncio.ensure_future(work())
        while not (await tx.query_one("SELECT count(*) FROM pg_locks WHERE NOT granted"))[0]:  # noqa: ASYNC110, the server tells nobody
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(OperationalError, match="not sent"):
            await asyncio.wait_for(pending[0].result(), 60)
    assert await pg.query_one("SELECT 7") == (7,)


@pytest.mark.parametrize("colour", ["async"])
async def test_a_cancel_request_on_its_way_does_not_hit_it(pg: Any) -> None:
    async with pg.pipeline() as pipe:
        for _ in range(20):
            slow = asyncio.ensure_future(pg.query("SELECT pg_sleep(30)"))
            await asyncio.sleep(0.01)
            slow.cancel()
            await asyncio.sleep(0)
            async with pipe.transaction():
                pending = [pipe.query("SELECT 5") for _ in range(3)]
            assert [await one for one in pending] == [[(5,)]] * 3
    assert str(pg.status) == "idle"


@pytest.mark.parametrize("colour", ["async"])
async def test_what_was_held_back_for_a_cancel_request_is_answered_all_the_same(pg: Any) -> None:
    """By an error: it is not sent any more."""
    await create(pg)
    with pytest.raises(asyncio.CancelledError):
        async with pg.pipeline() as pipe:
            slow = asyncio.ensure_future(pg.query("SELECT pg_sleep(30)"))
            await eventually("async", lambda: pg.wire.busy)
            slow.cancel()
            await asyncio.wait({slow})
            assert pg.wire.stopping
            held = pipe.execute("INSERT INTO t VALUES (1, '')")
            raise asyncio.CancelledError
    async with asyncio.timeout(20):
        with pytest.raises(DatabaseError):
            await held.result()
    assert (await pg.query_one("SELECT count(*) FROM t"))[0] == 0
