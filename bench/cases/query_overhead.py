"""What a query object costs over the driver: `session.query(User).filter(id=1).first()` beside `query_one` of the same row."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from bench.case import Group, Loop, Work, async_case, group, loops, sync_case
from bench.check import one_instance, one_row
from bench.data import SELECT_ONE, keys, naive
from bench.floor import postgres as postgres_floor
from bench.floor import sqlite as sqlite_floor
from bench.settings import postgres_url, sqlite_url

QUERIES = 500
TITLE = "one row by query(User).filter(id=...).first(), and by the driver's own query_one"
POSTGRESQL = group("pg-query-sync", f"PostgreSQL: {TITLE}", ops=QUERIES)
SQLITE = group("sqlite-query-sync", f"SQLite: {TITLE}", ops=QUERIES)
POSTGRESQL_ASYNC = loops("pg-query", f"PostgreSQL: {TITLE}", ops=QUERIES)
SQLITE_ASYNC: dict[Loop, Group] = {"asyncio": group("sqlite-query-asyncio", f"SQLite: {TITLE}, asyncio", ops=QUERIES)}


def _cases(where: Group, url: Callable[[], str], models: str, mark: str, *decoded: Any) -> None:
    @sync_case(where, "ferrow-orm", "Ferrow query, filter, first, typed class")
    def query() -> Iterator[Work]:
        from importlib import import_module

        from ferrow import Session, create_engine

        model = import_module(models).Typed
        engine = create_engine(url())

        def run() -> object:
            found = None
            session = Session(engine)
            for key in keys(QUERIES):
                found = session.query(model).filter(id=key).first()
            return found

        yield Work(run, one_instance(QUERIES, *decoded))
        engine.close()

    @sync_case(where, "driver", "Ferrow query_one of a connection")
    def row() -> Iterator[Work]:
        from ferrow.driver import connect

        with connect(url()) as conn:

            def run() -> object:
                found = None
                for key in keys(QUERIES):
                    found = conn.query_one(SELECT_ONE + mark, [key])
                return found

            yield Work(run, one_row(QUERIES, *decoded))


def _cases_async(where: dict[Loop, Group], url: Callable[[], str], models: str, mark: str, *decoded: Any) -> None:
    @async_case(where, "ferrow-orm", "Ferrow query, filter, first, typed class")
    async def query() -> AsyncIterator[Work]:
        from importlib import import_module

        from ferrow import AsyncSession, create_engine

        model = import_module(models).Typed
        engine = await create_engine(url())

        async def run() -> object:
            found = None
            session = AsyncSession(engine)
            for key in keys(QUERIES):
                found = await session.query(model).filter(id=key).first()
            return found

        yield Work(run, one_instance(QUERIES, *decoded))
        await engine.close()

    @async_case(where, "driver", "Ferrow query_one of a connection")
    async def row() -> AsyncIterator[Work]:
        from ferrow.driver import AsyncConnection

        async with AsyncConnection(url()) as conn:

            async def run() -> object:
                found = None
                for key in keys(QUERIES):
                    found = await conn.query_one(SELECT_ONE + mark, [key])
                return found

            yield Work(run, one_row(QUERIES, *decoded))


_cases(POSTGRESQL, postgres_url, "bench.models.postgresql", "$1")
_cases(SQLITE, sqlite_url, "bench.models.sqlite", "?", naive)

_cases_async(POSTGRESQL_ASYNC, postgres_url, "bench.models.postgresql", "$1")
_cases_async(SQLITE_ASYNC, sqlite_url, "bench.models.sqlite", "?", naive)

postgres_floor.points(POSTGRESQL)
sqlite_floor.points(SQLITE)
postgres_floor.points_async(POSTGRESQL_ASYNC)
sqlite_floor.points_async(SQLITE_ASYNC)
