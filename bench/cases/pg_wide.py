"""Ten thousand rows of nine columns from PostgreSQL: numeric, decoded jsonb and text[] among them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import all_orders
from bench.data import SELECT_ORDERS, USERS
from bench.floor import postgres as floor
from bench.settings import postgres_url

TITLE = "PostgreSQL: 10,000 rows of 9 columns with numeric, jsonb and text[]"
SYNC = group("pg-wide-sync", TITLE, ops=USERS, unit="row")
ASYNC = loops("pg-wide", TITLE, ops=USERS, unit="row")


@sync_case(SYNC, "ferrow", "Ferrow run, tuples")
def ferrow_tuples() -> Iterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import connect

    shape = Shape.tuples()
    with connect(postgres_url()) as conn:
        yield Work(lambda: conn.run(SELECT_ORDERS, None, shape).rows, all_orders())


@sync_case(SYNC, "driver", "psycopg binary, fetchall")
def psycopg_binary() -> Iterator[Work]:
    import psycopg

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor(binary=True)
        yield Work(lambda: cursor.execute(SELECT_ORDERS, prepare=True).fetchall(), all_orders())


@async_case(ASYNC, "ferrow", "Ferrow run, tuples")
async def ferrow_tuples_async() -> AsyncIterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import AsyncConnection

    shape = Shape.tuples()
    async with AsyncConnection(postgres_url()) as conn:

        async def run() -> list[object]:
            return (await conn.run(SELECT_ORDERS, None, shape)).rows

        yield Work(run, all_orders())


@async_case(ASYNC, "driver", "asyncpg fetch with a JSON codec, Records")
async def asyncpg_records() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())
    await conn.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    statement = await conn.prepare(SELECT_ORDERS)
    yield Work(statement.fetch, all_orders())
    await conn.close()


floor.table(SYNC, SELECT_ORDERS)
floor.table_async(ASYNC, SELECT_ORDERS)
