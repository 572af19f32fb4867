"""COPY of ten thousand tuples into PostgreSQL, in binary: what a bulk load costs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from bench.case import Work, async_case, group, loops, sync_case
from bench.data import COLUMNS, TABLE, USERS, users
from bench.settings import postgres_url

TITLE = "PostgreSQL: COPY of 10,000 records"
SYNC = group("pg-copy-sync", TITLE, ops=USERS, unit="row")
ASYNC = loops("pg-copy", TITLE, ops=USERS, unit="row")

TARGET = "ferrow_bench_copied"
# Emptied by the commit that ends each COPY, so that every run finds what the first one found.
CREATE = f"CREATE TEMP TABLE {TARGET} (LIKE {TABLE}) ON COMMIT DELETE ROWS"


def counted(got: Callable[[Any], Any] = lambda count: count) -> Callable[[Any], None]:
    def check(result: Any) -> None:
        if got(result) != USERS:
            raise AssertionError(f"{result} instead of {USERS}")

    return check


@sync_case(SYNC, "ferrow", "Ferrow copy_in")
def ferrow_copy() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:
        conn.script(CREATE)
        yield Work(lambda: conn.copy_in(TARGET, users(), columns=COLUMNS), counted())


@sync_case(SYNC, "driver", "psycopg copy, binary")
def psycopg_copy() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        conn.execute(CREATE)
        cursor = conn.cursor()
        types = [column.type_code for column in cursor.execute(f"SELECT * FROM {TARGET}").description or ()]

        def run() -> int:
            with cursor.copy(f"COPY {TARGET} FROM STDIN (FORMAT binary)") as copy:
                copy.set_types(types)
                for row in users():
                    copy.write_row(row)
            return cursor.rowcount

        yield Work(run, counted())


@async_case(ASYNC, "ferrow", "Ferrow copy_in")
async def ferrow_copy_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:
        await conn.script(CREATE)
        yield Work(lambda: conn.copy_in(TARGET, users(), columns=COLUMNS), counted())


@async_case(ASYNC, "driver", "asyncpg copy_records_to_table")
async def asyncpg_copy() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())
    await conn.execute(CREATE)
    yield Work(
        lambda: conn.copy_records_to_table(TARGET, records=users(), columns=COLUMNS),
        counted(lambda status: int(status.rpartition(" ")[2])),
    )
    await conn.close()


def encoded() -> bytes:
    """The records as they go over the wire: making them is what a floor leaves out."""
    import psycopg

    with psycopg.connect(postgres_url()) as conn, conn.cursor().copy(f"COPY {TABLE} TO STDOUT (FORMAT binary)") as copy:
        return b"".join(copy)


@sync_case(SYNC, "floor", "psycopg copy, encoded beforehand")
def psycopg_encoded() -> Iterator[Work]:
    import psycopg

    data = encoded()
    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        conn.execute(CREATE)
        cursor = conn.cursor()

        def run() -> int:
            with cursor.copy(f"COPY {TARGET} FROM STDIN (FORMAT binary)") as copy:
                copy.write(data)
            return cursor.rowcount

        yield Work(run, counted())


@async_case(ASYNC, "floor", "asyncpg copy_to_table, encoded beforehand")
async def asyncpg_encoded() -> AsyncIterator[Work]:
    import io

    import asyncpg

    data = encoded()
    conn = await asyncpg.connect(postgres_url())
    await conn.execute(CREATE)
    yield Work(
        lambda: conn.copy_to_table(TARGET, source=io.BytesIO(data), format="binary"),
        counted(lambda status: int(status.rpartition(" ")[2])),
    )
    await conn.close()
