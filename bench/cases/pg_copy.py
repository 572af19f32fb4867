"""Ten thousand tuples copied into PostgreSQL in binary."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.cases.pg_many import CREATE, EMPTY, TARGET
from bench.check import written
from bench.data import COLUMNS, USERS, users
from bench.floor import written as floor
from bench.settings import postgres_url

TITLE = "PostgreSQL: 10,000 tuples in by binary COPY"
SYNC = group("pg-copy-sync", TITLE, ops=USERS, unit="row")
ASYNC = loops("pg-copy", TITLE, ops=USERS, unit="row")


@sync_case(SYNC, "ferrow", "Ferrow copy_in")
def ferrow_copy() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:
        conn.script(CREATE)

        def run() -> int:
            return conn.copy_in(TARGET, users(), columns=COLUMNS)

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))


@sync_case(SYNC, "driver", "psycopg copy, write_row, binary")
def psycopg_copy() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor()
        cursor.execute(CREATE)

        def run() -> int:
            with cursor.copy(f"COPY {TARGET} FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(("int4", "text", "int4", "bool", "timestamptz"))
                for user in users():
                    copy.write_row(user)
            return cursor.rowcount

        yield Work(run, written(USERS), before=lambda: cursor.execute(EMPTY))


@sync_case(SYNC, "driver", "psycopg2 copy_expert, CSV, which is what it has")
def psycopg2_copy() -> Iterator[Work]:
    import csv
    import io

    import psycopg2

    conn = psycopg2.connect(postgres_url())
    conn.autocommit = True
    cursor = conn.cursor()
    cursor.execute(CREATE)

    def run() -> int:
        text = io.StringIO()
        csv.writer(text).writerows(users())
        text.seek(0)
        cursor.copy_expert(f"COPY {TARGET} FROM STDIN (FORMAT csv)", text)
        return cursor.rowcount

    yield Work(run, written(USERS), before=lambda: cursor.execute(EMPTY))
    conn.close()


@async_case(ASYNC, "ferrow", "Ferrow copy_in")
async def ferrow_copy_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:
        await conn.script(CREATE)

        async def run() -> int:
            return await conn.copy_in(TARGET, users(), columns=COLUMNS)

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))


@async_case(ASYNC, "driver", "asyncpg copy_records_to_table")
async def asyncpg_copy() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())
    await conn.execute(CREATE)

    async def run() -> int:
        status = await conn.copy_records_to_table(TARGET, records=users(), columns=COLUMNS)
        return int(status.split()[-1])

    yield Work(run, written(USERS), before=lambda: conn.execute(EMPTY))
    await conn.close()


WRITING = floor.Writing(
    create=CREATE, empty=EMPTY, prepare=None, copy=f"COPY {TARGET} FROM STDIN (FORMAT BINARY)", request=floor.copied
)
floor.floor(SYNC, WRITING)
floor.floor_async(ASYNC, WRITING)
