"""Ten thousand rows of five columns from PostgreSQL, as tuples or what a library has in their place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import all_rows
from bench.data import SELECT_ALL, USERS
from bench.floor import postgres as floor
from bench.settings import postgres_url

TITLE = "PostgreSQL: 10,000 rows of 5 columns"
SYNC = group("pg-rows-sync", TITLE, ops=USERS, unit="row")
ASYNC = loops("pg-rows", TITLE, ops=USERS, unit="row")


@sync_case(SYNC, "ferrow", "Ferrow run, tuples")
def ferrow_tuples() -> Iterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import connect

    shape = Shape.tuples()
    with connect(postgres_url()) as conn:
        yield Work(lambda: conn.run(SELECT_ALL, None, shape).rows, all_rows())


@sync_case(SYNC, "ferrow", "Ferrow query, Rows")
def ferrow_rows() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:
        yield Work(lambda: conn.query(SELECT_ALL), all_rows())


@sync_case(SYNC, "driver", "psycopg binary, fetchall")
def psycopg_binary() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor(binary=True)
        yield Work(lambda: cursor.execute(SELECT_ALL, prepare=True).fetchall(), all_rows())


@sync_case(SYNC, "driver", "psycopg text, fetchall")
def psycopg_text() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor()
        yield Work(lambda: cursor.execute(SELECT_ALL, prepare=True).fetchall(), all_rows())


@sync_case(SYNC, "driver", "psycopg2, fetchall")
def psycopg2_text() -> Iterator[Work]:
    import psycopg2

    conn = psycopg2.connect(postgres_url())
    conn.autocommit = True
    cursor = conn.cursor()

    def run() -> list[object]:
        cursor.execute(SELECT_ALL)
        return cursor.fetchall()

    yield Work(run, all_rows())
    conn.close()


@async_case(ASYNC, "ferrow", "Ferrow run, tuples")
async def ferrow_tuples_async() -> AsyncIterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import AsyncConnection

    shape = Shape.tuples()
    async with AsyncConnection(postgres_url()) as conn:

        async def run() -> list[object]:
            return (await conn.run(SELECT_ALL, None, shape)).rows

        yield Work(run, all_rows())


@async_case(ASYNC, "ferrow", "Ferrow query, Rows")
async def ferrow_rows_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:
        yield Work(lambda: conn.query(SELECT_ALL), all_rows())


@async_case(ASYNC, "driver", "asyncpg fetch, Records")
async def asyncpg_records() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())
    statement = await conn.prepare(SELECT_ALL)
    yield Work(statement.fetch, all_rows())
    await conn.close()


floor.table(SYNC)
floor.table_async(ASYNC)
