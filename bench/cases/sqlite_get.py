"""One model instance of a SQLite file by primary key, each through a session of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

from bench.case import Group, Loop, Work, async_case, group, sync_case
from bench.check import one_instance
from bench.data import SELECT_ONE, keys, naive
from bench.floor import sqlite as floor
from bench.settings import sqlite_file, sqlite_url

QUERIES = 500
TITLE = "SQLite: one model instance by primary key"
SYNC = group("sqlite-get-sync", TITLE, ops=QUERIES)
ASYNC: dict[Loop, Group] = {"asyncio": group("sqlite-get-asyncio", f"{TITLE}, asyncio", ops=QUERIES)}


@sync_case(SYNC, "ferrow-orm", "Ferrow session.get, typed class")
def ferrow_get() -> Iterator[Work]:
    from bench.models.sqlite import Typed
    from ferrow import Session, create_engine

    engine = create_engine(sqlite_url())

    def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = Session(engine).get(Typed, key)
        return found

    yield Work(run, one_instance(QUERIES, naive))
    engine.close()


@sync_case(SYNC, "driver", "sqlite3 and dataclass with slots by hand")
def standard_by_hand() -> Iterator[Work]:
    from bench.models import by_hand
    from bench.models.sqlite import Slotted

    with closing(sqlite3.connect(sqlite_file())) as conn:
        cursor = conn.cursor()

        def run() -> object:
            found = None
            for key in keys(QUERIES):
                found = Slotted(*by_hand.row(cursor.execute(SELECT_ONE + "?", (key,)).fetchone()))
            return found

        yield Work(run, one_instance(QUERIES, naive))


@sync_case(SYNC, "orm", "SQLAlchemy session.get")
def sqlalchemy_get() -> Iterator[Work]:
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    from bench.models.alchemy import User

    engine = create_engine(sqlite_url())

    def run() -> object:
        found = None
        for key in keys(QUERIES):
            with Session(engine) as session:
                found = session.get(User, key)
        return found

    yield Work(run, one_instance(QUERIES, naive))
    engine.dispose()


@async_case(ASYNC, "ferrow-orm", "Ferrow session.get, typed class")
async def ferrow_get_async() -> AsyncIterator[Work]:
    from bench.models.sqlite import Typed
    from ferrow import AsyncSession, create_engine

    engine = await create_engine(sqlite_url())

    async def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = await AsyncSession(engine).get(Typed, key)
        return found

    yield Work(run, one_instance(QUERIES, naive))
    await engine.close()


@async_case(ASYNC, "orm", "SQLAlchemy session.get, aiosqlite")
async def sqlalchemy_get_async() -> AsyncIterator[Work]:
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

    from bench.models.alchemy import User

    engine = create_async_engine(sqlite_url("sqlite+aiosqlite"))

    async def run() -> object:
        found = None
        for key in keys(QUERIES):
            async with AsyncSession(engine) as session:
                found = await session.get(User, key)
        return found

    yield Work(run, one_instance(QUERIES, naive))
    await engine.dispose()


floor.points(SYNC)
floor.points_async(ASYNC)
