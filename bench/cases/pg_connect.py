"""Connect to PostgreSQL, log in with a password (SCRAM), ask one query, close: what a script or a cold pool pays.

Nobody encrypts: over TLS the handshake, which is OpenSSL's in all of them, would be most of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import one_row
from bench.data import SELECT_ONE, keys
from bench.floor import postgres as floor
from bench.settings import plain_url

CONNECTIONS = 10
TITLE = "PostgreSQL: connect, log in, one row by primary key, close"
GROUP = group("pg-connect-sync", TITLE, ops=CONNECTIONS, unit="connection")
GROUPS = loops("pg-connect", TITLE, ops=CONNECTIONS, unit="connection")
SQL = SELECT_ONE + "$1"


@sync_case(GROUP, "ferrow", "Ferrow connect")
def ferrow_sync() -> Iterator[Work]:
    from ferrow.driver import connect

    url = plain_url()

    def run() -> object:
        row = None
        for key in keys(CONNECTIONS):
            with connect(url) as conn:
                row = conn.query_one(SQL, [key])
        return row

    yield Work(run, one_row(CONNECTIONS))


@sync_case(GROUP, "driver", "psycopg connect")
def psycopg_sync() -> Iterator[Work]:
    import psycopg

    url = plain_url()

    def run() -> object:
        row = None
        for key in keys(CONNECTIONS):
            with psycopg.connect(url, autocommit=True) as conn:
                row = psycopg.RawCursor(conn).execute(SQL, (key,), binary=True).fetchone()
        return row

    yield Work(run, one_row(CONNECTIONS))


@async_case(GROUPS, "ferrow", "Ferrow connect")
async def ferrow_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    url = plain_url()

    async def run() -> object:
        row = None
        for key in keys(CONNECTIONS):
            async with AsyncConnection(url) as conn:
                row = await conn.query_one(SQL, [key])
        return row

    yield Work(run, one_row(CONNECTIONS))


@async_case(GROUPS, "driver", "asyncpg connect")
async def asyncpg_async() -> AsyncIterator[Work]:
    import asyncpg

    url = plain_url()

    async def run() -> object:
        row = None
        for key in keys(CONNECTIONS):
            conn = await asyncpg.connect(url)
            row = await conn.fetchrow(SQL, key)
            await conn.close()
        return row

    yield Work(run, one_row(CONNECTIONS))


@async_case(GROUPS, "driver", "psycopg async connect")
async def psycopg_async() -> AsyncIterator[Work]:
    import psycopg

    url = plain_url()

    async def run() -> object:
        row = None
        for key in keys(CONNECTIONS):
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
                row = await (await psycopg.AsyncRawCursor(conn).execute(SQL, (key,), binary=True)).fetchone()
        return row

    yield Work(run, one_row(CONNECTIONS))


floor.connections(GROUP, GROUPS)
