"""One model instance of PostgreSQL by primary key, each through a session of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import one_instance
from bench.data import keys
from bench.floor import postgres as floor
from bench.settings import postgres_url

QUERIES = 300
TITLE = "PostgreSQL: one model instance by primary key"
SYNC = group("pg-get-sync", TITLE, ops=QUERIES)
ASYNC = loops("pg-get", TITLE, ops=QUERIES)


@sync_case(SYNC, "ferrow-orm", "Ferrow session.get, typed class")
def ferrow_get() -> Iterator[Work]:
    from bench.models.postgresql import Typed
    from ferrow import Session, create_engine

    engine = create_engine(postgres_url())

    def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = Session(engine).get(Typed, key)
        return found

    yield Work(run, one_instance(QUERIES))
    engine.close()


@sync_case(SYNC, "orm", "SQLAlchemy session.get, psycopg")
def sqlalchemy_get() -> Iterator[Work]:
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    from bench.models.alchemy import User

    engine = create_engine(postgres_url("postgresql+psycopg"), isolation_level="AUTOCOMMIT")

    def run() -> object:
        found = None
        for key in keys(QUERIES):
            with Session(engine) as session:
                found = session.get(User, key)
        return found

    yield Work(run, one_instance(QUERIES))
    engine.dispose()


@sync_case(SYNC, "driver", "psycopg class_row, dataclass with slots")
def psycopg_class_row() -> Iterator[Work]:
    import psycopg
    from psycopg.rows import class_row

    from bench.data import SELECT_ONE
    from bench.models.postgresql import Slotted

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = psycopg.RawCursor(conn, row_factory=class_row(Slotted))

        def run() -> object:
            found = None
            for key in keys(QUERIES):
                found = cursor.execute(SELECT_ONE + "$1", (key,), prepare=True, binary=True).fetchone()
            return found

        yield Work(run, one_instance(QUERIES))


@async_case(ASYNC, "ferrow-orm", "Ferrow session.get, typed class")
async def ferrow_get_async() -> AsyncIterator[Work]:
    from bench.models.postgresql import Typed
    from ferrow import AsyncSession, create_engine

    engine = await create_engine(postgres_url())

    async def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = await AsyncSession(engine).get(Typed, key)
        return found

    yield Work(run, one_instance(QUERIES))
    await engine.close()


@async_case(ASYNC, "orm", "SQLAlchemy session.get, asyncpg")
async def sqlalchemy_get_async() -> AsyncIterator[Work]:
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

    from bench.models.alchemy import User

    engine = create_async_engine(postgres_url("postgresql+asyncpg"), isolation_level="AUTOCOMMIT")

    async def run() -> object:
        found = None
        for key in keys(QUERIES):
            async with AsyncSession(engine) as session:
                found = await session.get(User, key)
        return found

    yield Work(run, one_instance(QUERIES))
    await engine.dispose()


@async_case(ASYNC, "driver", "asyncpg and dataclass with slots by hand")
async def asyncpg_by_hand() -> AsyncIterator[Work]:
    import asyncpg

    from bench.data import SELECT_ONE
    from bench.models.postgresql import Slotted

    conn = await asyncpg.connect(postgres_url())
    statement = await conn.prepare(SELECT_ONE + "$1")

    async def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = Slotted(*await statement.fetchrow(key))
        return found

    yield Work(run, one_instance(QUERIES))
    await conn.close()


floor.points(SYNC)
floor.points_async(ASYNC)
