"""A statement whose time is over, and those beside it: cancelled are neither its neighbours nor those who come after it."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from ferrow import driver
from ferrow.errors import QueryTimeout
from ferrow.testing import EmbeddedPostgres
from tests.support import maybe
from tests.support.deadlines import LIMIT, connected, in_time
from tests.support.stopped import stopped

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(120)]


async def test_the_cancel_hits_nobody_else(colour: str, server: EmbeddedPostgres) -> None:
    """Timeouts of about the time that the statement takes: whichever comes first, the next one has its own answer."""
    async with connected(colour, server.url) as conn:
        late, timeout = 0, 0.002
        for number in range(150):
            try:
                await maybe(conn.query("SELECT pg_sleep(0.004)", timeout=timeout))
                timeout *= 0.93  # both come to pass, whatever it takes on this machine
            except QueryTimeout:
                late += 1
                timeout *= 1.1
            assert (await maybe(conn.query_one("SELECT $1::int", [number])))[0] == number
        assert 0 < late < 150


async def test_a_connection_may_be_closed_while_it_cancels(colour: str, server: EmbeddedPostgres) -> None:
    async with connected(colour, server.url) as watcher:
        for end in ("close", "abort", "forget"):
            async with connected(colour, server.url, application_name="short") as conn:
                with pytest.raises(QueryTimeout):
                    await maybe(conn.query("SELECT pg_sleep(3)", timeout=0.05))
                if end == "close":
                    with in_time():
                        await maybe(conn.close())
                        assert conn.is_closed()
                elif end == "abort":
                    with in_time():
                        conn.wire.abort()
                        assert conn.is_closed()
            del conn
        query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'short'"
        with in_time(10):
            while (await maybe(watcher.query_one(query)))[0]:
                await maybe(asyncio.sleep(0.01) if colour == "async" else time.sleep(0.01))


LOCK = "SELECT pg_advisory_lock(21)"
UNLOCK = "SELECT pg_advisory_unlock(21)"
HOLDS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 21 AND granted AND pid = $1"


def test_a_neighbour_that_still_waits_is_never_hit(server: EmbeddedPostgres) -> None:
    """asyncio: what is abandoned with somebody behind it ends by itself; once everybody has gone it is cancelled."""

    async def main() -> None:
        async with driver.AsyncConnection(server.url) as conn:
            await conn.query("SELECT 1::int")
            with driver.connect(server.url) as holder:
                holder.query(LOCK)
                slow = asyncio.ensure_future(conn.query(LOCK, timeout=0.1))
                patient = asyncio.ensure_future(conn.query_one("SELECT 5::int"))
                with pytest.raises(QueryTimeout):
                    await slow
                later = asyncio.ensure_future(conn.query_one("SELECT 6::int"))
                done, _ = await asyncio.wait([patient, later], timeout=1)
                assert not done, "the first one was cancelled under a neighbour's feet"
                holder.query(UNLOCK)
                assert (await patient)[0] == 5
                assert (await later)[0] == 6
                assert holder.query_one(HOLDS, [conn.backend_pid]) == (1,), "it ended by itself"

            slow = asyncio.ensure_future(conn.query("SELECT pg_sleep(600)", timeout=0.1))
            neighbours = [asyncio.ensure_future(conn.query("SELECT 5::int", timeout=0.3)) for _ in range(3)]
            results = await asyncio.gather(slow, *neighbours, return_exceptions=True)
            assert [type(result) for result in results] == [QueryTimeout] * 4
            assert (await conn.query_one("SELECT 7::int"))[0] == 7

    asyncio.run(main())


def test_a_statement_behind_a_slow_neighbour_is_cancelled_when_it_runs(server: EmbeddedPostgres) -> None:
    async def main() -> None:
        async with driver.AsyncConnection(server.url) as conn:
            await conn.prepare("SELECT pg_sleep(600), 1")
            with driver.connect(server.url) as holder:
                holder.query(LOCK)
                first = asyncio.ensure_future(conn.query(LOCK))
                second = asyncio.ensure_future(conn.query("SELECT pg_sleep(600), 1", timeout=0.1))
                with pytest.raises(QueryTimeout):
                    await second
                assert not first.done()
                holder.query(UNLOCK)
                await first
                assert (await conn.query_one("SELECT 7::int"))[0] == 7
                assert holder.query_one(HOLDS, [conn.backend_pid]) == (1,), "nor was it cancelled"

    asyncio.run(main())


def test_threads_wait_for_the_cancel_within_their_own_deadline(server: EmbeddedPostgres) -> None:
    with driver.connect(server.url) as conn, stopped(conn.backend_pid):
        errors: list[BaseException] = []

        def ask() -> None:
            try:
                conn.query("SELECT pg_sleep(60)", timeout=LIMIT)
            except QueryTimeout as error:
                errors.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        with in_time(2 * LIMIT):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(errors) == 4
    assert conn.is_closed()
