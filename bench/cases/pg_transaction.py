"""A PostgreSQL transaction around one statement: BEGIN, a row by primary key, COMMIT."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import one_row
from bench.data import SELECT_ONE, keys
from bench.floor import postgres as floor
from bench.settings import postgres_url

TIMES = 200
TITLE = "PostgreSQL: a transaction of one statement"
SYNC = group("pg-transaction-sync", TITLE, ops=TIMES, unit="transaction")
ASYNC = loops("pg-transaction", TITLE, ops=TIMES, unit="transaction")
SQL = SELECT_ONE + "$1"

# The statement alone: no transaction can take less.
floor.points(SYNC)
floor.points_async(ASYNC)


@sync_case(SYNC, "ferrow", "Ferrow transaction")
def ferrow_transaction() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:

        def run() -> object:
            row = None
            for key in keys(TIMES):
                with conn.transaction() as tx:
                    row = tx.query_one(SQL, [key])
            return row

        yield Work(run, one_row(TIMES))


@sync_case(SYNC, "ferrow", "Ferrow pipeline, transaction")
def ferrow_pipeline() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:

        def run() -> object:
            row = None
            for key in keys(TIMES):
                with conn.pipeline() as pipe, pipe.transaction():
                    pending = pipe.query_one(SQL, [key])
                row = pending.result()
            return row

        yield Work(run, one_row(TIMES))


@sync_case(SYNC, "driver", "psycopg transaction, raw cursor, prepared, binary")
def psycopg_transaction() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:

        def run() -> object:
            row = None
            for key in keys(TIMES):
                with conn.transaction():
                    row = psycopg.RawCursor(conn).execute(SQL, (key,), prepare=True, binary=True).fetchone()
            return row

        yield Work(run, one_row(TIMES))


@async_case(ASYNC, "ferrow", "Ferrow transaction")
async def ferrow_transaction_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:

        async def run() -> object:
            row = None
            for key in keys(TIMES):
                async with conn.transaction() as tx:
                    row = await tx.query_one(SQL, [key])
            return row

        yield Work(run, one_row(TIMES))


@async_case(ASYNC, "driver", "asyncpg transaction")
async def asyncpg_transaction() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())

    async def run() -> object:
        row = None
        for key in keys(TIMES):
            async with conn.transaction():
                row = await conn.fetchrow(SQL, key)
        return row

    yield Work(run, one_row(TIMES))
    await conn.close()
