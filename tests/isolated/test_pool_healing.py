"""The pool after an outage: what was idle costs nobody an error, and what was at work one for each connection at most."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import warnings
from collections import Counter
from typing import Any

import pytest

from ferrow.driver import connect
from ferrow.engine import create_engine
from ferrow.errors import ConnectionLost, Error, PoolTimeout, QueryTimeout
from ferrow.testing import EmbeddedPostgres
from tests.support import entered, maybe
from tests.support.deadlines import eventually, in_time
from tests.support.proxy import proxy
from tests.support.stopped import stopped

pytestmark = pytest.mark.postgresql

SIZE = 4
KILL = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'ferrow_healing'"


def engine_of(url: str, colour: str, **options: Any) -> Any:
    pair = create_engine(url, max_size=SIZE, application_name="ferrow_healing", **options)
    return pair.aio if colour == "async" else pair


async def pause(colour: str, seconds: float = 0.1) -> None:
    await asyncio.sleep(seconds) if colour == "async" else time.sleep(seconds)


async def full(engine: Any) -> None:
    slots = [await maybe(engine.pool.acquire()) for _ in range(SIZE)]
    for slot in slots:
        engine.pool.release(slot)


async def test_idle_ones_that_were_terminated_cost_nobody_an_error(postgresql_url: str, colour: str) -> None:
    engine = engine_of(postgresql_url, colour, min_size=SIZE)
    await maybe(engine.pool.open())
    with connect(postgresql_url) as other:
        other.query(KILL)
    await pause(colour)
    for tag in range(20):
        assert (await maybe(engine.query_one("SELECT $1::int", [tag])))[0] == tag
    await eventually(colour, lambda: engine.pool.stats().idle == SIZE)
    assert engine.pool.stats()[:5] == (SIZE, 0, 0, 0, 0), "as many as min_size again"
    await maybe(engine.close())


async def test_one_that_is_lost_while_lent_is_closed_on_its_return(postgresql_url: str, colour: str) -> None:
    """Garbage collection would find its socket open: with a warning, and with luck before the connection's own end."""
    engine = engine_of(postgresql_url, colour)
    async with entered(engine.connection()) as conn:
        wire = conn.wire.inner
        with connect(postgresql_url) as other:
            other.query(KILL)
        with pytest.raises(ConnectionLost):
            await maybe(conn.query("SELECT 1"))
    await eventually(colour, lambda: engine.pool.stats().used == 0)
    if colour == "sync":
        assert wire._sock.fileno() == -1
    ring: list[Any] = [wire]
    ring.append(ring)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        del wire, ring, conn
        gc.collect()
    assert [str(one.message) for one in said] == []
    await maybe(engine.close())


@pytest.mark.parametrize("how", ["terminated", "cut"])
async def test_clients_at_work_see_one_error_for_each_connection_at_most(
    postgresql_url: str, colour: str, how: str
) -> None:
    with proxy(postgresql_url) as between:
        engine = engine_of(between.url, colour, acquire_timeout=20)
        await full(engine)
        lost: Counter[int] = Counter()
        wrong: list[Any] = []
        over = threading.Event()

        async def client(number: int) -> None:
            after = 0
            tag = number * 1_000_000
            while after < 20:
                tag += 1
                after += over.is_set()
                try:
                    row = await maybe(engine.query_one("SELECT $1::int, pg_sleep(0.001)", [tag]))
                    if row[0] != tag:
                        wrong.append(row)
                except ConnectionLost:
                    lost[number] += 1
                except BaseException as error:
                    wrong.append(error)
                    return

        def happen() -> None:
            time.sleep(0.05)
            if how == "cut":
                between.cut()
            else:
                with connect(postgresql_url) as other:
                    other.query(KILL)
            over.set()

        thread = threading.Thread(target=happen)
        thread.start()
        if colour == "async":
            await asyncio.gather(*(client(number) for number in range(8)))
        else:
            from ferrow.wire.drive import drive

            threads = [threading.Thread(target=drive, args=(client(number),)) for number in range(8)]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
        thread.join()
        assert wrong == []
        assert lost.total() <= SIZE
        await full(engine)
        stats = engine.pool.stats()
        assert (stats.used, stats.opening, stats.waiting) == (0, 0, 0)
        assert stats.size <= SIZE
        await maybe(engine.close())


@pytest.mark.timeout(120)
async def test_a_restarted_server(colour: str) -> None:
    with EmbeddedPostgres(durable=False) as server:
        engine = engine_of(server.url, colour, min_size=SIZE)
        await maybe(engine.pool.open())
        for immediate in (False, True):
            server.restart(immediate=immediate)
            await pause(colour)
            for tag in range(20):
                assert (await maybe(engine.query_one("SELECT $1::int", [tag])))[0] == tag
        await maybe(engine.close())


@pytest.mark.timeout(120)
async def test_a_server_that_is_stopped_costs_the_deadline_and_no_more(colour: str) -> None:
    """Where the deadline is the subject: an order of magnitude, and no figure (those are measured by bench.healing)."""
    with EmbeddedPostgres(durable=False) as server:
        engine = engine_of(server.url, colour, check_after=0, recovery_timeout=1)
        pid = (await maybe(engine.query_one("SELECT pg_backend_pid()")))[0]
        with stopped(server.pid), stopped(pid):
            for _ in range(2):
                with in_time(4.0), pytest.raises((QueryTimeout, PoolTimeout)):
                    await maybe(engine.query("SELECT 1", timeout=0.5))
        end = time.monotonic() + 60
        while True:
            try:
                assert (await maybe(engine.query_one("SELECT 2", timeout=20)))[0] == 2
                break
            except Error:
                assert time.monotonic() < end, "the pool did not heal"
                await pause(colour)
        await full(engine)
        await maybe(engine.close())


@pytest.mark.timeout(120)
async def test_connections_of_which_nothing_arrives_are_replaced(postgresql_url: str, colour: str) -> None:
    with proxy(postgresql_url) as between:
        engine = engine_of(between.url, colour, recovery_timeout=0.3, check_after=600)
        await full(engine)
        between.swallow()
        late = 0
        for tag in range(40):
            try:
                assert (await maybe(engine.query_one("SELECT $1::int", [tag], timeout=2)))[0] == tag
            except (QueryTimeout, PoolTimeout):
                late += 1
        assert late <= SIZE + 1, "one for each connection that was dropped"
        await maybe(engine.close(0))
