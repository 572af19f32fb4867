"""Ten thousand rows inserted into PostgreSQL by one call, with the parameters of each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import written
from bench.data import USERS, users
from bench.floor import written as floor
from bench.settings import postgres_url

TITLE = "PostgreSQL: 10,000 rows inserted by executemany"
SYNC = group("pg-many-sync", TITLE, ops=USERS, unit="row")
ASYNC = loops("pg-many", TITLE, ops=USERS, unit="row")

# Unlogged, and emptied each time: the server's disk is nobody's merit.
TARGET = "ferrow_bench_many"
CREATE = (
    f"CREATE TEMPORARY TABLE {TARGET} (id integer, email text, age integer, is_active boolean, created_at timestamptz)"
)
EMPTY = f"TRUNCATE {TARGET}"
INSERT = f"INSERT INTO {TARGET} VALUES ($1, $2, $3, $4, $5)"
COUNT = f"SELECT count(*) FROM {TARGET}"


@sync_case(SYNC, "ferrow", "Ferrow run_many")
def ferrow_many() -> Iterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import connect

    shape = Shape.tuples()
    with connect(postgres_url()) as conn:
        conn.script(CREATE)

        def run() -> int:
            return conn.run_many(INSERT, users(), shape).rowcount

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))


@sync_case(SYNC, "driver", "psycopg raw cursor, executemany")
def psycopg_many() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = psycopg.RawCursor(conn)
        cursor.execute(CREATE)

        def run() -> int:
            cursor.executemany(INSERT, users())
            return cursor.rowcount

        yield Work(run, written(USERS), before=lambda: cursor.execute(EMPTY))


@sync_case(SYNC, "driver", "psycopg2 execute_values, pages of 1,000")
def psycopg2_values() -> Iterator[Work]:
    import psycopg2
    from psycopg2.extras import execute_values

    conn = psycopg2.connect(postgres_url())
    conn.autocommit = True
    cursor = conn.cursor()
    cursor.execute(CREATE)

    def run() -> int:
        execute_values(cursor, f"INSERT INTO {TARGET} VALUES %s", users(), page_size=1000)
        return USERS  # it counts those of the last page

    yield Work(run, written(USERS), before=lambda: cursor.execute(EMPTY))
    cursor.execute(COUNT)
    assert cursor.fetchone() == (USERS,)
    conn.close()


@async_case(ASYNC, "ferrow", "Ferrow run_many")
async def ferrow_many_async() -> AsyncIterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import AsyncConnection

    shape = Shape.tuples()
    async with AsyncConnection(postgres_url()) as conn:
        await conn.script(CREATE)

        async def run() -> int:
            return (await conn.run_many(INSERT, users(), shape)).rowcount

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))


@async_case(ASYNC, "driver", "asyncpg executemany")
async def asyncpg_many() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())
    await conn.execute(CREATE)

    async def run() -> int:
        await conn.executemany(INSERT, users())
        return USERS

    yield Work(run, written(USERS), before=lambda: conn.execute(EMPTY))
    assert await conn.fetchval(COUNT) == USERS
    await conn.close()


WRITING = floor.Writing(create=CREATE, empty=EMPTY, prepare=INSERT, copy=None, request=floor.many)
floor.floor(SYNC, WRITING)
floor.floor_async(ASYNC, WRITING)
