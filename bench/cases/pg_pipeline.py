"""Ten thousand rows inserted into PostgreSQL one by one, in a transaction, without waiting in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.cases.pg_many import COUNT, CREATE, EMPTY, INSERT
from bench.check import written
from bench.data import USERS, users
from bench.floor import written as floor
from bench.settings import postgres_url

TITLE = "PostgreSQL: 10,000 rows inserted one by one in a transaction, pipelined"
SYNC = group("pg-pipeline-sync", TITLE, ops=USERS, unit="row")
ASYNC = loops("pg-pipeline", TITLE, ops=USERS, unit="row")


WRITING = floor.Writing(create=CREATE, empty=EMPTY, prepare=INSERT, copy=None, request=floor.many)
floor.floor(SYNC, WRITING)
floor.floor_async(ASYNC, WRITING)


@sync_case(SYNC, "ferrow", "Ferrow pipeline, execute")
def ferrow_pipeline() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:
        conn.script(CREATE)

        def run() -> int:
            with conn.pipeline() as pipe, pipe.transaction():
                for user in users():
                    pipe.execute(INSERT, user)
            return USERS

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))
        assert conn.query_one(COUNT)[0] == USERS


@sync_case(SYNC, "driver", "psycopg raw cursor, pipeline, execute, prepared")
def psycopg_pipeline() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        conn.execute(CREATE)

        def run() -> int:
            with conn.pipeline(), conn.transaction():
                cursor = psycopg.RawCursor(conn)
                for user in users():
                    cursor.execute(INSERT, user, prepare=True)
            return USERS

        yield Work(run, written(USERS), before=lambda: conn.execute(EMPTY))
        row = conn.execute(COUNT).fetchone()
        assert row is not None
        assert row[0] == USERS


@async_case(ASYNC, "ferrow", "Ferrow pipeline, execute")
async def ferrow_pipeline_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:
        await conn.script(CREATE)

        async def run() -> int:
            async with conn.pipeline() as pipe, pipe.transaction():
                for user in users():
                    pipe.execute(INSERT, user)
            return USERS

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))
        assert (await conn.query_one(COUNT))[0] == USERS


@async_case(ASYNC, "info", "Ferrow gathered awaits (implicit)")
async def ferrow_gathered() -> AsyncIterator[Work]:
    import asyncio

    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:
        await conn.script(CREATE)

        async def run() -> int:
            async with conn.transaction() as tx:
                return sum(await asyncio.gather(*[tx.execute(INSERT, user) for user in users()]))

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))


@async_case(ASYNC, "driver", "psycopg async raw cursor, pipeline, execute, prepared")
async def psycopg_pipeline_async() -> AsyncIterator[Work]:
    import psycopg

    async with await psycopg.AsyncConnection.connect(postgres_url(), autocommit=True) as conn:
        await conn.execute(CREATE)

        async def run() -> int:
            async with conn.pipeline(), conn.transaction():
                cursor = psycopg.AsyncRawCursor(conn)
                for user in users():
                    await cursor.execute(INSERT, user, prepare=True)
            return USERS

        yield Work(run, written(USERS), before=lambda: conn.execute(EMPTY))
