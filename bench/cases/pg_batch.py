"""Ten thousand INSERTs, each a text of its own, into PostgreSQL: all or nothing.

The floor is one text of all statements. It is no batch: an error does not say which statement it is about, and a statement
that smuggles in a second one is not refused.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from bench.case import Work, async_case, group, loops, sync_case
from bench.settings import postgres_url

COUNT = 10_000
TITLE = "PostgreSQL: 10,000 INSERT statements"
SYNC = group("pg-batch-sync", TITLE, ops=COUNT, unit="statement")
ASYNC = loops("pg-batch", TITLE, ops=COUNT, unit="statement")
TABLE = "CREATE TEMP TABLE benchmark (value integer)"
STATEMENTS = [f"INSERT INTO benchmark (value) VALUES ({number})" for number in range(COUNT)]


def every_one(counted: Any) -> None:
    if counted != COUNT:
        raise AssertionError(f"{counted} rows instead of {COUNT}")


@sync_case(SYNC, "ferrow", "Ferrow execute_batch")
def ferrow_batch() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:
        conn.execute(TABLE)
        yield Work(lambda: sum(conn.execute_batch(STATEMENTS)), every_one)


@sync_case(SYNC, "info", "Ferrow execute, a transaction")
def ferrow_loop() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:
        conn.execute(TABLE)

        def run() -> int:
            with conn.transaction() as tx:
                return sum(tx.execute(sql) for sql in STATEMENTS)

        yield Work(run, every_one)


@sync_case(SYNC, "driver", "psycopg pipeline, a transaction")
def psycopg_pipeline() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        conn.execute(TABLE)

        def run() -> int:
            with conn.pipeline(), conn.transaction():
                cursors = [conn.execute(sql, prepare=False) for sql in STATEMENTS]
            return sum(cursor.rowcount for cursor in cursors)

        yield Work(run, every_one)


@sync_case(SYNC, "floor", "one script (psycopg)")
def psycopg_script() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        conn.execute(TABLE)

        def run() -> int:
            cursor = conn.execute(";".join(STATEMENTS))
            counted = cursor.rowcount
            while cursor.nextset():
                counted += cursor.rowcount
            return counted

        yield Work(run, every_one)


@async_case(ASYNC, "ferrow", "Ferrow execute_batch")
async def ferrow_batch_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:
        await conn.execute(TABLE)

        async def run() -> int:
            return sum(await conn.execute_batch(STATEMENTS))

        yield Work(run, every_one)


@async_case(ASYNC, "driver", "asyncpg execute, a transaction")
async def asyncpg_loop() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())
    await conn.execute(TABLE)

    async def run() -> int:
        async with conn.transaction():
            return sum([int((await conn.execute(sql)).split()[-1]) for sql in STATEMENTS])

    yield Work(run, every_one)
    await conn.close()


@async_case(ASYNC, "floor", "one script (asyncpg)")
async def asyncpg_script() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())
    await conn.execute(TABLE)

    async def run() -> str:
        return await conn.execute(";".join(STATEMENTS))  # type: ignore[no-any-return]

    yield Work(run)
    await conn.close()
