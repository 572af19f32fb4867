"""One row of a SQLite file by primary key, with the values as they are stored: what both sides then do is the same."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import one_row
from bench.data import SELECT_ONE, keys, naive, stored
from bench.floor import sqlite as floor
from bench.settings import sqlite_file, sqlite_url

QUERIES = 2000
SYNC = group("sqlite-point-sync", "SQLite: one row by primary key, values as stored", ops=QUERIES)
DECODED = group("sqlite-point-decoded-sync", "SQLite: one row by primary key, bool and datetime decoded", ops=QUERIES)
AWAITS = 500
ASYNC = loops("sqlite-point", "SQLite: one row by primary key", ops=AWAITS)
SQL = SELECT_ONE + "?"
STORED = ("int", "text", "int", "int", "text")


@sync_case(SYNC, "ferrow", "Ferrow run, tuples")
def ferrow_run() -> Iterator[Work]:
    from ferrow._core import Kinds, Shape
    from ferrow.driver import connect

    shape = Shape.tuples(Kinds(STORED))
    with connect(sqlite_url()) as conn:

        def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = conn.run(SQL, [key], shape).rows[0]
            return row

        yield Work(run, one_row(QUERIES, stored))


@sync_case(SYNC, "driver", "sqlite3")
def standard() -> Iterator[Work]:
    with closing(sqlite3.connect(sqlite_file())) as conn:
        cursor = conn.cursor()

        def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = cursor.execute(SQL, (key,)).fetchone()
            return row

        yield Work(run, one_row(QUERIES, stored))


@sync_case(DECODED, "ferrow", "Ferrow query_one")
def ferrow_query_one() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(sqlite_url()) as conn:

        def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = conn.query_one(SQL, [key])
            return row

        yield Work(run, one_row(QUERIES, naive))


@sync_case(DECODED, "driver", "sqlite3, decoded by hand")
def standard_decoded() -> Iterator[Work]:
    from bench.models import by_hand

    with closing(sqlite3.connect(sqlite_file())) as conn:
        cursor = conn.cursor()

        def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = by_hand.row(cursor.execute(SQL, (key,)).fetchone())
            return row

        yield Work(run, one_row(QUERIES, naive))


@async_case(ASYNC, "ferrow", "Ferrow query_one")
async def ferrow_query_one_async() -> AsyncIterator[Work]:
    from ferrow.driver import AsyncConnection

    async with AsyncConnection(sqlite_url()) as conn:

        async def run() -> object:
            row = None
            for key in keys(AWAITS):
                row = await conn.query_one(SQL, [key])
            return row

        yield Work(run, one_row(AWAITS, naive))


@async_case(ASYNC, "driver", "aiosqlite execute_fetchall")
async def aiosqlite_fetchall() -> AsyncIterator[Work]:
    import aiosqlite

    async with aiosqlite.connect(sqlite_file()) as conn:

        async def run() -> object:
            rows: list[sqlite3.Row] = []
            for key in keys(AWAITS):
                rows = list(await conn.execute_fetchall(SQL, (key,)))
            return rows[0]

        yield Work(run, one_row(AWAITS, stored))


@async_case(ASYNC, "driver", "aiosqlite execute and fetchone")
async def aiosqlite_fetchone() -> AsyncIterator[Work]:
    import aiosqlite

    async with aiosqlite.connect(sqlite_file()) as conn:

        async def run() -> object:
            row = None
            for key in keys(AWAITS):
                async with conn.execute(SQL, (key,)) as cursor:
                    row = await cursor.fetchone()
            return row

        yield Work(run, one_row(AWAITS, stored))


floor.points(SYNC)
floor.points(DECODED)
floor.points_async(ASYNC)
