"""Ten thousand rows of five columns from a SQLite file: as stored, and with bool and datetime decoded."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

from bench.case import Group, Loop, Work, async_case, group, sync_case
from bench.check import all_rows
from bench.data import SELECT_ALL, USERS, naive, stored
from bench.floor import sqlite as floor
from bench.settings import sqlite_file, sqlite_url

TITLE = "SQLite: 10,000 rows of 5 columns"
STORED = group("sqlite-rows-sync", f"{TITLE}, values as stored", ops=USERS, unit="row")
DECODED = group("sqlite-rows-decoded-sync", f"{TITLE}, bool and datetime decoded", ops=USERS, unit="row")
ASYNC: dict[Loop, Group] = {
    "asyncio": group("sqlite-rows-asyncio", f"{TITLE}, values as stored, asyncio", ops=USERS, unit="row")
}
KINDS = ("int", "text", "int", "int", "text")


@sync_case(STORED, "ferrow", "Ferrow run, tuples")
def ferrow_stored() -> Iterator[Work]:
    from ferrow._core import Kinds, Shape
    from ferrow.driver import connect

    shape = Shape.tuples(Kinds(KINDS))
    with connect(sqlite_url()) as conn:
        yield Work(lambda: conn.run(SELECT_ALL, None, shape).rows, all_rows(stored))


@sync_case(STORED, "driver", "sqlite3 fetchall")
def standard() -> Iterator[Work]:
    with closing(sqlite3.connect(sqlite_file())) as conn:
        cursor = conn.cursor()
        yield Work(lambda: cursor.execute(SELECT_ALL).fetchall(), all_rows(stored))


@sync_case(DECODED, "ferrow", "Ferrow run, tuples")
def ferrow_tuples() -> Iterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import connect

    shape = Shape.tuples()
    with connect(sqlite_url()) as conn:
        yield Work(lambda: conn.run(SELECT_ALL, None, shape).rows, all_rows(naive))


@sync_case(DECODED, "ferrow", "Ferrow query, Rows")
def ferrow_rows() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(sqlite_url()) as conn:
        yield Work(lambda: conn.query(SELECT_ALL), all_rows(naive))


@sync_case(DECODED, "driver", "sqlite3, decoded by hand")
def standard_decoded() -> Iterator[Work]:
    from bench.models import by_hand

    with closing(sqlite3.connect(sqlite_file())) as conn:
        cursor = conn.cursor()
        yield Work(lambda: by_hand.rows(cursor.execute(SELECT_ALL)), all_rows(naive))


@async_case(ASYNC, "ferrow", "Ferrow run, tuples")
async def ferrow_stored_async() -> AsyncIterator[Work]:
    from ferrow._core import Kinds, Shape
    from ferrow.driver import AsyncConnection

    shape = Shape.tuples(Kinds(KINDS))
    async with AsyncConnection(sqlite_url()) as conn:

        async def run() -> list[object]:
            return (await conn.run(SELECT_ALL, None, shape)).rows

        yield Work(run, all_rows(stored))


@async_case(ASYNC, "driver", "aiosqlite execute_fetchall")
async def aiosqlite_fetchall() -> AsyncIterator[Work]:
    import aiosqlite

    async with aiosqlite.connect(sqlite_file()) as conn:
        yield Work(lambda: conn.execute_fetchall(SELECT_ALL), all_rows(stored))


floor.table(STORED)
floor.table(DECODED)
floor.table_async(ASYNC)
