"""Reads that share a connection with one that is slow, waits for a lock, or must be sent again: nobody is held up for long, and all get their turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from ferrow.driver import connect
from ferrow.engine.backlog import Backlog
from ferrow.errors import PoolTimeout
from tests.support.multiplexing import TAG, idle, learn, opened, tagged, until

pytestmark = pytest.mark.postgresql

LOCKED = "SELECT count(*) FROM locked"


@asynccontextmanager
async def with_locked(url: str, max_size: int) -> AsyncIterator[Any]:
    """An engine on a database with the table "locked", which shares connections for LOCKED and TAG."""
    async with opened(url, max_size=max_size) as engine:
        await engine.script("CREATE TABLE locked (n int)")
        await learn(engine, LOCKED)
        await learn(engine, TAG, params=[1])
        yield engine


@contextmanager
def held_up(url: str) -> Iterator[None]:
    """Whoever reads "locked" waits until the block ends."""
    with connect(url) as other, other.transaction():
        other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
        yield


# --- neighbours -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("max_size", [2, 4])
async def test_a_stalled_head_does_not_hold_up_those_behind_it(postgresql_url: str, max_size: int) -> None:
    async with with_locked(postgresql_url, max_size=max_size) as engine:
        with held_up(postgresql_url):
            # All of one turn of the loop, so the lock is met at the head of a connection with others behind it.
            heads = [asyncio.ensure_future(engine.query_one(LOCKED))]
            async with asyncio.timeout(10):
                await tagged(engine, 30)
                await tagged(engine, 30)
            assert not heads[0].done()
        assert [(await head)[0] for head in heads] == [0]
        await until(lambda: idle(engine))
        assert engine.pool.stats().size <= max_size
        await tagged(engine, 30)


async def test_several_that_wait_for_a_lock_do_not_hold_up_the_others_either(postgresql_url: str) -> None:
    async with with_locked(postgresql_url, max_size=6) as engine:
        with held_up(postgresql_url):
            heads = [asyncio.ensure_future(engine.query_one(LOCKED)) for _ in range(3)]
            async with asyncio.timeout(10):
                await tagged(engine, 20)
            heads[0].cancel()
            async with asyncio.timeout(10):
                await tagged(engine, 20)
        await asyncio.gather(*heads, return_exceptions=True)
        assert [head.cancelled() for head in heads] == [True, False, False]
        await until(lambda: idle(engine))


async def test_what_waits_for_the_same_lock_is_sent_again_last(postgresql_url: str) -> None:
    """There is but one other connection, on which it would hold up the rest as well."""
    async with with_locked(postgresql_url, max_size=2) as engine:
        with held_up(postgresql_url):
            heads = [asyncio.ensure_future(engine.query_one(LOCKED)) for _ in range(3)]
            async with asyncio.timeout(10):
                await tagged(engine, 8)
            assert not any(head.done() for head in heads)
        assert [(await head)[0] for head in heads] == [0, 0, 0]
        await until(lambda: idle(engine))


async def test_what_is_sent_again_cannot_write(postgresql_url: str) -> None:
    # A view may hide what the text does not show.
    hidden = "SELECT * FROM innocent"
    async with opened(postgresql_url, max_size=4) as engine:
        await engine.script(
            "CREATE TABLE locked (n int); CREATE SEQUENCE calls; CREATE VIEW innocent AS SELECT nextval('calls') AS n"
        )
        await learn(engine, LOCKED, hidden)
        calls = (await engine.query_one("SELECT last_value FROM calls"))[0]
        with held_up(postgresql_url):
            head = asyncio.ensure_future(engine.query_one(LOCKED))
            await asyncio.sleep(0)
            behind = asyncio.ensure_future(engine.query_one(hidden))
            await asyncio.sleep(0.2)
            assert not behind.done()
        assert (await head)[0] == 0
        assert (await behind)[0] == calls + 1
        assert (await engine.query_one("SELECT last_value FROM calls"))[0] == calls + 1
        await until(lambda: idle(engine))


async def test_tables_may_change_meanwhile(postgresql_url: str) -> None:
    sql = "SELECT * FROM changing WHERE id = $1"
    async with opened(postgresql_url, max_size=3) as engine:
        await engine.script("CREATE TABLE changing (id int PRIMARY KEY); INSERT INTO changing VALUES (1)")
        await learn(engine, sql, params=[1])
        over = False
        asked = 0

        async def ask() -> None:
            nonlocal asked
            while not over:
                assert (await engine.query_one(sql, [1]))["id"] == 1
                asked += 1

        tasks = [asyncio.ensure_future(ask()) for _ in range(16)]
        with connect(postgresql_url) as other:
            for number in range(20):
                await asyncio.to_thread(other.script, f"ALTER TABLE changing ADD COLUMN c{number} int DEFAULT {number}")
                before = asked
                await until(lambda before=before: asked > before + 50 or any(task.done() for task in tasks))
        over = True
        await asyncio.gather(*tasks)
        assert len((await engine.query_one(sql, [1])).keys()) == 21


# --- fairness -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("max_size", [1, 2])
async def test_reads_and_transactions_do_not_starve_each_other(postgresql_url: str, max_size: int) -> None:
    async with opened(postgresql_url, max_size=max_size, acquire_timeout=20) as engine:
        await engine.script("CREATE TABLE t (n int)")
        await learn(engine, TAG, params=[1])
        reads = writes = 0

        async def read(number: int) -> None:
            nonlocal reads
            while writes < 40 or reads < 1000:
                assert (await engine.query_one(TAG, [number]))[0] == number
                reads += 1

        async def write(number: int) -> None:
            nonlocal writes
            while writes < 40 or reads < 1000:
                async with engine.transaction():
                    await engine.execute("INSERT INTO t VALUES ($1)", [number])
                    assert (await engine.query_one(TAG, [number]))[0] == number
                writes += 1
                await asyncio.sleep(0)

        async with asyncio.timeout(40):
            await asyncio.gather(*(read(n) for n in range(60)), *(write(n) for n in range(4)))
        assert (await engine.query_one("SELECT count(*) FROM t"))[0] == writes
        await until(lambda: idle(engine))
        assert engine.pool.stats().size <= max_size


async def test_who_waits_for_a_shared_connection_keeps_its_deadline_and_is_told_who_has_them(
    postgresql_url: str,
) -> None:
    async with opened(postgresql_url, max_size=1) as engine:
        limits = engine.pool.limits  # shortened for those who are to wait in vain alone
        await learn(engine, TAG, params=[1])
        async with engine.connection():
            limits.acquire_timeout = 0.2
            waiting = [asyncio.ensure_future(engine.query_one(TAG, [n])) for n in range(5)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert engine.pool.stats().waiting == 5
            for one in await asyncio.gather(*waiting, return_exceptions=True):
                assert isinstance(one, PoolTimeout)
            assert engine.pool.stats().waiting == 0
        limits.acquire_timeout = 30
        await until(lambda: idle(engine))
        await engine.script("CREATE TABLE locked (n int)")
        await learn(engine, LOCKED)
        with held_up(postgresql_url):
            head = asyncio.ensure_future(engine.query(LOCKED))
            await until(lambda: engine.pool.stats().shared == 1)
            limits.acquire_timeout = 0.2
            with pytest.raises(PoolTimeout, match=r"shared by 1 statements for \d.*the first SELECT count"):
                await engine.execute("INSERT INTO locked VALUES (1)")
        await head


async def test_who_waits_may_be_cancelled(postgresql_url: str) -> None:
    async with opened(postgresql_url, max_size=1) as engine:
        await learn(engine, TAG, params=[1])
        async with engine.connection():
            waiting = [asyncio.ensure_future(engine.query_one(TAG, [n])) for n in range(20)]
            await asyncio.sleep(0.01)
            for one in waiting[::2]:
                one.cancel()
            await asyncio.sleep(0.01)
            assert engine.pool.stats().waiting == 10
            for one in waiting[1:]:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            assert engine.pool.stats().waiting == 0
        await until(lambda: idle(engine))
        await tagged(engine, 20)


async def test_who_is_cancelled_when_it_is_his_turn_leaves_the_connection_to_others(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = Backlog._open

    async def cancelled(self: Backlog) -> None:
        await opening(self)
        for one in waiting:
            one.cancel()

    async with opened(postgresql_url, max_size=1) as engine:
        await learn(engine, TAG, params=[1])
        await until(lambda: idle(engine))
        monkeypatch.setattr(Backlog, "_open", cancelled)
        async with engine.connection():
            waiting = [asyncio.ensure_future(engine.query_one(TAG, [n])) for n in range(3)]
            await until(lambda: engine.pool.stats().waiting == 3)
        got = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(one) for one in got] == [asyncio.CancelledError] * 3
        await until(lambda: idle(engine))
        async with engine.connection() as conn:
            assert (await conn.query_one("SELECT 1"))[0] == 1


async def test_more_than_fit_on_one_connection_wait_their_turn(postgresql_url: str) -> None:
    async with opened(postgresql_url, max_size=1) as engine:
        await learn(engine, TAG, params=[1])
        await tagged(engine, 5000)
        await until(lambda: idle(engine))
