"""Deadlines of statements that share a connection: the server cannot be told which of several to stop."""

from __future__ import annotations

import asyncio
import gc
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ferrow.driver import connect
from ferrow.errors import InterfaceError, PoolTimeout, ProgrammingError, QueryTimeout
from tests.support.deadlines import in_time
from tests.support.multiplexing import TAG, idle, learn, opened, tagged, until

pytestmark = pytest.mark.postgresql

LOCKED = "SELECT count(*) FROM locked"
PID = "SELECT pg_backend_pid()"
WAYS = pytest.mark.parametrize(
    ("options", "timeout"), [({}, 0.5), ({"command_timeout": 0.5}, None)], ids=["call", "engine"]
)


@asynccontextmanager
async def prepared(url: str, **options: Any) -> AsyncIterator[Any]:
    """An engine of one connection, on which both statements are shared."""
    async with opened(url, max_size=1, **options) as engine:
        await engine.script("CREATE TABLE locked (n int)")
        await learn(engine, LOCKED)
        await learn(engine, TAG, params=[1])
        yield engine


@WAYS
async def test_it_frees_its_caller_and_leaves_the_neighbours_alone(
    postgresql_url: str, options: dict[str, Any], timeout: float | None
) -> None:
    async with prepared(postgresql_url, **options) as engine:
        pid = await engine.query_one(PID)
        with connect(postgresql_url) as other:
            with other.transaction():
                other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
                late = asyncio.ensure_future(engine.query_one(LOCKED, timeout=timeout))
                patient = [asyncio.ensure_future(engine.query_one(LOCKED, timeout=math.inf)) for _ in range(3)]
                await until(lambda: engine.pool.stats().shared == 4)
                with pytest.raises(QueryTimeout, match=r"within 0\.5 s"):
                    await asyncio.wait_for(late, 10)
                assert engine.pool.stats().shared == 3
                assert not any(one.done() for one in patient)
            assert [(await one)[0] for one in patient] == [0, 0, 0]
        await until(lambda: idle(engine))
        assert await engine.query_one(PID) == pid
        await tagged(engine, 30)


@WAYS
async def test_with_nobody_beside_it_the_server_is_told_to_stop(
    postgresql_url: str, options: dict[str, Any], timeout: float | None
) -> None:
    async with prepared(postgresql_url, **options) as engine:
        pid = await engine.query_one(PID)
        with connect(postgresql_url) as other, other.transaction():
            other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(QueryTimeout, match=r"within 0\.5 s"):
                await asyncio.wait_for(engine.query_one(LOCKED, timeout=timeout), 10)
            await until(lambda: idle(engine))
            assert await engine.query_one(PID) == pid
            await tagged(engine, 30)


@WAYS
async def test_it_holds_while_all_connections_are_lent(
    postgresql_url: str, options: dict[str, Any], timeout: float | None
) -> None:
    async with prepared(postgresql_url, acquire_timeout=60, **options) as engine:
        async with engine.connection():
            waiting = asyncio.ensure_future(engine.query_one(TAG, [1], timeout=timeout))
            patient = asyncio.ensure_future(engine.query_one(TAG, [2], timeout=math.inf))
            with pytest.raises(PoolTimeout, match=r"0\.5"):
                await asyncio.wait_for(waiting, 10)
            assert engine.pool.stats().waiting == 1
        assert await patient == (2,)
        await until(lambda: idle(engine))


async def test_the_wait_for_a_connection_counts(postgresql_url: str) -> None:
    async with prepared(postgresql_url) as engine:
        with connect(postgresql_url) as other, other.transaction():
            other.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
            with in_time(3.6):  # three seconds for both
                async with engine.connection():
                    late = asyncio.ensure_future(engine.query_one(LOCKED, timeout=3))
                    await asyncio.sleep(1.8)
                with pytest.raises(QueryTimeout) as raised:
                    await late
            assert raised.value.sent
            await until(lambda: idle(engine))


async def test_what_is_refused_at_once_leaves_no_timer_behind(postgresql_url: str) -> None:
    async with prepared(postgresql_url) as engine:
        reported: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
        with pytest.raises(ProgrammingError, match="a list or tuple"):
            await engine.query(TAG, "text", timeout=0.01)
        await asyncio.sleep(0.05)
        gc.collect()
        assert reported == []


@pytest.mark.parametrize("timeout", [0, -1, math.nan, "1"])
async def test_a_strange_timeout_is_refused(postgresql_url: str, timeout: Any) -> None:
    async with prepared(postgresql_url) as engine:
        with pytest.raises(
            InterfaceError, match="give seconds.*in one list" if timeout == "1" else "give seconds.*limit$"
        ):
            await engine.query(TAG, [1], timeout=timeout)
        await tagged(engine, 5)
