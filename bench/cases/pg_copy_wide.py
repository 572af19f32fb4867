"""Ten thousand tuples of nine columns copied into PostgreSQL in binary: numeric, jsonb and text[] among them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import written
from bench.data import ORDER_COLUMNS, USERS, orders
from bench.floor import wire
from bench.floor import written as floor
from bench.settings import postgres_url

TITLE = "PostgreSQL: 10,000 tuples of 9 columns with numeric, jsonb and text[] in by binary COPY"
SYNC = group("pg-copy-wide-sync", TITLE, ops=USERS, unit="row")
ASYNC = loops("pg-copy-wide", TITLE, ops=USERS, unit="row")

TYPES = ("int4", "text", "numeric", "float8", "bool", "timestamptz", "jsonb", "text[]", "text")
OIDS = (23, 25, 1700, 701, 16, 1184, 3802, 1009, 25)

# Temporary, and emptied each time: the server's disk is nobody's merit.
TARGET = "ferrow_bench_copied"
CREATE = f"CREATE TEMPORARY TABLE {TARGET} ({', '.join(map(' '.join, zip(ORDER_COLUMNS, TYPES, strict=True)))})"
EMPTY = f"TRUNCATE {TARGET}"
COPY = f"COPY {TARGET} FROM STDIN (FORMAT BINARY)"


@sync_case(SYNC, "ferrow", "Ferrow copy_in")
def ferrow_copy() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:
        conn.script(CREATE)

        def run() -> int:
            return conn.copy_in(TARGET, orders(), columns=ORDER_COLUMNS)

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))


@sync_case(SYNC, "driver", "psycopg copy, write_row, binary")
def psycopg_copy() -> Iterator[Work]:
    import psycopg
    from psycopg.types.json import Jsonb

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor()
        cursor.execute(CREATE)

        def run() -> int:
            with cursor.copy(COPY) as copy:
                copy.set_types(TYPES)
                for order in orders():
                    copy.write_row((*order[:6], Jsonb(order[6]), *order[7:]))
            return cursor.rowcount

        yield Work(run, written(USERS), before=lambda: cursor.execute(EMPTY))


@async_case(ASYNC, "ferrow", "Ferrow copy_in")
async def ferrow_copy_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:
        await conn.script(CREATE)

        async def run() -> int:
            return await conn.copy_in(TARGET, orders(), columns=ORDER_COLUMNS)

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))


@async_case(ASYNC, "driver", "asyncpg copy_records_to_table with a JSON codec")
async def asyncpg_copy() -> AsyncIterator[Work]:
    import asyncpg

    conn = await asyncpg.connect(postgres_url())
    await conn.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + json.dumps(value).encode(),
        decoder=lambda data: json.loads(data[1:]),
        format="binary",
    )
    await conn.execute(CREATE)

    async def run() -> int:
        status = await conn.copy_records_to_table(TARGET, records=orders(), columns=ORDER_COLUMNS)
        return int(status.split()[-1])

    yield Work(run, written(USERS), before=lambda: conn.execute(EMPTY))
    await conn.close()


def copied() -> bytes:
    """The data and their end, encoded by ourselves before anything is measured."""
    from ferrow._core import CopyEncoder

    encoder = CopyEncoder(ORDER_COLUMNS, OIDS)
    encoder.fill(orders(), 1 << 30)
    encoder.end()
    return wire.message(b"d", encoder.take()) + wire.message(b"c")


WRITING = floor.Writing(create=CREATE, empty=EMPTY, prepare=None, copy=COPY, request=copied)
floor.floor(SYNC, WRITING)
floor.floor_async(ASYNC, WRITING)
