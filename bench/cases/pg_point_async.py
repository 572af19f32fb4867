"""One row of PostgreSQL by primary key, one awaited query after the other on one connection."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bench.case import Work, async_case, loops
from bench.check import one_row
from bench.data import SELECT_ONE, keys
from bench.floor import postgres as floor
from bench.settings import postgres_url

QUERIES = 500
GROUPS = loops("pg-point", "PostgreSQL: one row by primary key", ops=QUERIES)
SQL = SELECT_ONE + "$1"


@async_case(GROUPS, "ferrow", "Ferrow query_one")
async def ferrow_query_one() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:

        async def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = await conn.query_one(SQL, [key])
            return row

        yield Work(run, one_row(QUERIES))


@async_case(GROUPS, "ferrow", "Ferrow run, tuples")
async def ferrow_run() -> AsyncIterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import AsyncConnection

    shape = Shape.tuples()
    async with AsyncConnection(postgres_url()) as conn:

        async def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = (await conn.run(SQL, [key], shape)).rows[0]
            return row

        yield Work(run, one_row(QUERIES))


@async_case(GROUPS, "driver", "asyncpg prepared statement")
async def asyncpg_prepared() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())
    statement = await conn.prepare(SQL)

    async def run() -> object:
        row = None
        for key in keys(QUERIES):
            row = await statement.fetchrow(key)
        return row

    yield Work(run, one_row(QUERIES))
    await conn.close()


@async_case(GROUPS, "driver", "asyncpg fetchrow")
async def asyncpg_fetchrow() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())

    async def run() -> object:
        row = None
        for key in keys(QUERIES):
            row = await conn.fetchrow(SQL, key)
        return row

    yield Work(run, one_row(QUERIES))
    await conn.close()


@async_case(GROUPS, "driver", "psycopg async raw cursor, prepared, binary")
async def psycopg_raw() -> AsyncIterator[Work]:
    import psycopg

    async with await psycopg.AsyncConnection.connect(postgres_url(), autocommit=True) as conn:
        cursor = psycopg.AsyncRawCursor(conn)

        async def run() -> object:
            row = None
            for key in keys(QUERIES):
                await cursor.execute(SQL, (key,), prepare=True, binary=True)
                row = await cursor.fetchone()
            return row

        yield Work(run, one_row(QUERIES))


floor.points_async(GROUPS)
