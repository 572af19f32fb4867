"""Ten thousand tuples copied into PostgreSQL in binary: numeric, jsonb and text[] among them, a key from the server beside them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import written
from bench.data import PROFILE_COLUMNS, PROFILES, USERS, profiles
from bench.floor import wire
from bench.floor import written as floor
from bench.settings import postgres_url

TITLE = "PostgreSQL: 10,000 tuples with numeric, jsonb and text[] in by binary COPY"
SYNC = group("pg-copy-wide-sync", TITLE, ops=USERS, unit="row")
ASYNC = loops("pg-copy-wide", TITLE, ops=USERS, unit="row")

TYPES = ("text", "text", "int4", "numeric", "bool", "timestamptz", "jsonb", "text[]")
OIDS = (25, 25, 23, 1700, 16, 1184, 3802, 1009)

EMPTY = f"TRUNCATE {PROFILES} RESTART IDENTITY"
COPY = f"COPY {PROFILES} ({', '.join(PROFILE_COLUMNS)}) FROM STDIN (FORMAT BINARY)"


@sync_case(SYNC, "ferrow", "Ferrow copy_in")
def ferrow_copy() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:

        def run() -> int:
            return conn.copy_in(PROFILES, profiles(), columns=PROFILE_COLUMNS)

        yield Work(run, written(USERS), before=lambda: conn.script(EMPTY))


@sync_case(SYNC, "driver", "psycopg copy, write_row, binary")
def psycopg_copy() -> Iterator[Work]:
    import psycopg
    from psycopg.types.json import Jsonb

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor()

        def run() -> int:
            with cursor.copy(COPY) as copy:
                copy.set_types(TYPES)
                for profile in profiles():
                    copy.write_row((*profile[:6], Jsonb(profile[6]), *profile[7:]))
            return cursor.rowcount

        yield Work(run, written(USERS), before=lambda: cursor.execute(EMPTY))


@async_case(ASYNC, "ferrow", "Ferrow copy_in")
async def ferrow_copy_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(postgres_url()) as conn:

        async def run() -> int:
            return await conn.copy_in(PROFILES, profiles(), columns=PROFILE_COLUMNS)

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

    async def run() -> int:
        status = await conn.copy_records_to_table(PROFILES, records=profiles(), columns=PROFILE_COLUMNS)
        return int(status.split()[-1])

    yield Work(run, written(USERS), before=lambda: conn.execute(EMPTY))
    await conn.close()


def copied() -> bytes:
    """The data and their end, encoded by ourselves before anything is measured."""
    from ferrow._core import CopyEncoder

    encoder = CopyEncoder(PROFILE_COLUMNS, OIDS)
    encoder.fill(profiles(), 1 << 30)
    encoder.end()
    return wire.message(b"d", encoder.take()) + wire.message(b"c")


WRITING = floor.Writing(create=None, empty=EMPTY, prepare=None, copy=COPY, request=copied)
floor.floor(SYNC, WRITING)
floor.floor_async(ASYNC, WRITING)
