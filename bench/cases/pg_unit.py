"""A unit of work on PostgreSQL: load a thousand instances, change one attribute of each, commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from bench.case import Work, async_case, group, loops, sync_case
from bench.data import TABLE
from bench.settings import postgres_url

COUNT = 1_000
TITLE = "PostgreSQL: load 1,000 instances, change one attribute each, commit"
SYNC = group("pg-unit-sync", TITLE, ops=COUNT, unit="instance")
ASYNC = loops("pg-unit", TITLE, ops=COUNT, unit="instance")


def _table(name: str) -> str:
    """A table of its own for each case: they run by turns, and all write. Returns its name."""
    from ferrow.driver import connect

    table = f"{TABLE}_{name}"
    with connect(postgres_url()) as conn:
        conn.execute(f"DROP TABLE IF EXISTS {table}")
        conn.execute(f"CREATE TABLE {table} (LIKE {TABLE} INCLUDING ALL)")
        conn.execute(f"INSERT INTO {table} SELECT * FROM {TABLE} WHERE id <= {COUNT}")
        conn.execute(f"VACUUM ANALYZE {table}")  # else the server does so in the middle of a run
    return table


def _dropped(table: str) -> None:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:
        conn.execute(f"DROP TABLE {table}")


def _written(table: str) -> Any:
    """A check: what the last run has set is in the rows."""

    def check(value: Any) -> None:
        from ferrow.driver import connect

        with connect(postgres_url()) as conn:
            found = conn.query_one(f"SELECT count(*) FROM {table} WHERE age = $1", [value])[0]
        if found != COUNT:
            raise AssertionError(f"{found} rows were changed instead of {COUNT}")

    return check


def _ours(table: str) -> Any:
    from bench.models.postgresql import Typed

    return type("Changed", (Typed,), {"__tablename__": table, "__module__": __name__})


def _theirs(table: str) -> Any:
    from bench.models.alchemy import User

    class Base(User.__bases__[0]):  # type: ignore[misc, name-defined]
        __abstract__ = True

    names = {column.key: column._copy() for column in User.__table__.columns}  # type: ignore[attr-defined]
    return type("Changed", (Base,), {"__tablename__": table, **names})


@sync_case(SYNC, "ferrow-orm", "Ferrow session, typed class")
def ferrow_unit() -> Iterator[Work]:
    from ferrow import Session, create_engine

    table = _table("ferrow")
    model = _ours(table)
    engine = create_engine(postgres_url())
    turn = [100]

    def run() -> int:
        turn[0] += 1
        with Session(engine) as session:
            for user in session.query(model).all():
                user.age = turn[0]
            session.commit()
        return turn[0]

    yield Work(run, _written(table))
    engine.close()
    _dropped(table)


@sync_case(SYNC, "orm", "SQLAlchemy session, psycopg")
def sqlalchemy_unit() -> Iterator[Work]:
    from sqlalchemy import create_engine, select
    from sqlalchemy.orm import Session

    table = _table("sqlalchemy")
    model = _theirs(table)
    engine = create_engine(postgres_url("postgresql+psycopg"))
    turn = [100]

    def run() -> int:
        turn[0] += 1
        with Session(engine) as session:
            for user in session.scalars(select(model)).all():
                user.age = turn[0]
            session.commit()
        return turn[0]

    yield Work(run, _written(table))
    engine.dispose()
    _dropped(table)


@async_case(ASYNC, "ferrow-orm", "Ferrow session, typed class")
async def ferrow_unit_async() -> AsyncIterator[Work]:
    from ferrow import AsyncSession, create_engine

    table = _table("ferrow_async")
    model = _ours(table)
    engine = await create_engine(postgres_url())
    turn = [100]

    async def run() -> int:
        turn[0] += 1
        async with AsyncSession(engine) as session:
            for user in await session.query(model).all():
                user.age = turn[0]
            await session.commit()
        return turn[0]

    yield Work(run, _written(table))
    await engine.close()
    _dropped(table)


@async_case(ASYNC, "orm", "SQLAlchemy session, asyncpg")
async def sqlalchemy_unit_async() -> AsyncIterator[Work]:
    from sqlalchemy import select
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

    table = _table("sqlalchemy_async")
    model = _theirs(table)
    engine = create_async_engine(postgres_url("postgresql+asyncpg"))
    turn = [100]

    async def run() -> int:
        turn[0] += 1
        async with AsyncSession(engine) as session:
            for user in (await session.scalars(select(model))).all():
                user.age = turn[0]
            await session.commit()
        return turn[0]

    yield Work(run, _written(table))
    await engine.dispose()
    _dropped(table)


def _changed_in_place(table: str) -> tuple[str, str]:
    """What the database itself takes: the rows are read, and changed by one statement without any list."""
    return f"SELECT * FROM {table}", f"UPDATE {table} SET age = $1"


@sync_case(SYNC, "floor", "two statements, no instances")
def floor_unit() -> Iterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import connect

    table = _table("unit_floor")
    select, update = _changed_in_place(table)
    number = 0
    with connect(postgres_url()) as conn:

        def run() -> int:
            nonlocal number
            number += 1
            conn.run(select, None, Shape.tuples())
            conn.execute(update, [number % 90])
            return number % 90

        yield Work(run, _written(table))
    _dropped(table)


@async_case(ASYNC, "floor", "two statements, no instances")
async def floor_unit_async() -> AsyncIterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import AsyncConnection

    table = _table("unit_floor")
    select, update = _changed_in_place(table)
    number = 0
    async with AsyncConnection(postgres_url()) as conn:

        async def run() -> int:
            nonlocal number
            number += 1
            await conn.run(select, None, Shape.tuples())
            await conn.execute(update, [number % 90])
            return number % 90

        yield Work(run, _written(table))
    _dropped(table)
