"""Point queries of 64 tasks over a pool of 10 connections: the time per query, and how long a query takes beside a slow one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from time import perf_counter
from typing import Any

from bench.case import Work, async_case, loops
from bench.check import one_row
from bench.clock import Slowest
from bench.data import SELECT_ONE, keys
from bench.floor import postgres as floor
from bench.settings import postgres_url

TASKS = 64
POOL = 10
QUERIES = 64 * 50
SLOW = "SELECT pg_sleep(1)"
TITLE = f"PostgreSQL: one row by primary key, {TASKS} tasks, a pool of {POOL}"
GROUPS = loops("pg-tasks", TITLE, ops=QUERIES)
BESIDE = loops("pg-tasks-slow", f"{TITLE}, one statement of 1 s among them", ops=1, unit="query, 99th percentile")
SQL = SELECT_ONE + "$1"

Query = Callable[[str, list[Any]], Awaitable[Any]]


def queries(query: Query) -> Work:
    """All tasks together make so many queries."""

    async def task(asked: list[int]) -> object:
        row = None
        for key in asked:
            row = await query(SQL, [key])
        return row

    asked = keys(QUERIES)
    each = QUERIES // TASKS

    async def run() -> object:
        rows = await asyncio.gather(*[task(asked[start : start + each]) for start in range(0, QUERIES, each)])
        return rows[-1]

    return Work(run, one_row(QUERIES))


def beside(query: Query) -> Work:
    """All tasks but one query for as long as the slow statement of the last takes."""
    clock = Slowest()

    async def task(slow: asyncio.Task[Any]) -> None:
        while not slow.done():
            for key in keys(50):
                since = perf_counter()
                await query(SQL, [key])
                clock.add(perf_counter() - since)

    async def run() -> None:
        clock.clear()
        slow = asyncio.ensure_future(query(SLOW, []))
        await asyncio.gather(slow, *[task(slow) for _ in range(TASKS - 1)])

    return Work(run, seconds=clock.percentile)


@async_case(GROUPS, "ferrow", "Ferrow engine, query_one")
async def ferrow_queries() -> AsyncIterator[Work]:
    async for query in _ferrow():
        yield queries(query)


@async_case(BESIDE, "ferrow", "Ferrow engine, query_one")
async def ferrow_beside() -> AsyncIterator[Work]:
    async for query in _ferrow():
        yield beside(query)


@async_case(GROUPS, "info", "Ferrow engine, multiplex=False")
async def ferrow_alone() -> AsyncIterator[Work]:
    async for query in _ferrow(multiplex=False):
        yield queries(query)


@async_case(GROUPS, "driver", "asyncpg pool")
async def asyncpg_queries() -> AsyncIterator[Work]:
    async for query in _asyncpg():
        yield queries(query)


@async_case(BESIDE, "driver", "asyncpg pool")
async def asyncpg_beside() -> AsyncIterator[Work]:
    async for query in _asyncpg():
        yield beside(query)


@async_case(GROUPS, "driver", "psycopg_pool, prepared, binary")
async def psycopg_queries() -> AsyncIterator[Work]:
    async for query in _psycopg():
        yield queries(query)


@async_case(BESIDE, "driver", "psycopg_pool, prepared, binary")
async def psycopg_beside() -> AsyncIterator[Work]:
    async for query in _psycopg():
        yield beside(query)


async def _ferrow(**options: Any) -> AsyncIterator[Query]:
    from ferrow import create_engine

    async with await create_engine(postgres_url(), max_size=POOL, min_size=POOL, **options) as engine:
        for _ in range(3):
            await engine.query_one(SQL, [1])
        yield engine.query_one


async def _asyncpg() -> AsyncIterator[Query]:
    import asyncpg

    async with asyncpg.create_pool(postgres_url(), min_size=POOL, max_size=POOL) as pool:

        async def query(sql: str, params: list[Any]) -> Any:
            return await pool.fetchrow(sql, *params)

        yield query


async def _psycopg() -> AsyncIterator[Query]:
    import psycopg
    import psycopg_pool

    options = {"autocommit": True}
    async with psycopg_pool.AsyncConnectionPool(postgres_url(), min_size=POOL, max_size=POOL, kwargs=options) as pool:

        async def query(sql: str, params: list[Any]) -> Any:
            async with pool.connection() as conn:
                cursor = psycopg.AsyncRawCursor(conn)
                await cursor.execute(sql, params, prepare=True, binary=True)
                return await cursor.fetchone()

        yield query


floor.tasks_async(GROUPS, QUERIES, TASKS)
floor.tasks_async(BESIDE, QUERIES, TASKS)
