"""Ten thousand model instances of five attributes from a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import Any

from bench.case import AsyncCase, Group, Loop, SyncCase, Work, async_case, group, sync_case
from bench.check import all_instances
from bench.data import SELECT_ALL, USERS, naive
from bench.floor import sqlite as floor
from bench.settings import sqlite_file, sqlite_url

TITLE = "SQLite: 10,000 model instances of 5 attributes"
SYNC = group("sqlite-instances-sync", TITLE, ops=USERS, unit="instance")
ASYNC: dict[Loop, Group] = {
    "asyncio": group("sqlite-instances-asyncio", f"{TITLE}, asyncio", ops=USERS, unit="instance")
}


def _through_driver(style: str) -> SyncCase:
    def body() -> Iterator[Work]:
        from bench.models import sqlite as models
        from ferrow.driver import connect
        from ferrow.model import shape_of

        shape = shape_of(getattr(models, style))
        with connect(sqlite_url()) as conn:
            yield Work(lambda: conn.run(SELECT_ALL, None, shape).rows, all_instances(naive))

    return body


def _through_session(style: str) -> SyncCase:
    def body() -> Iterator[Work]:
        from bench.models import sqlite as models
        from ferrow import Session, create_engine

        model: type[Any] = getattr(models, style)
        engine = create_engine(sqlite_url())
        yield Work(lambda: Session(engine).query(model).all(), all_instances(naive))
        engine.close()

    return body


def _through_session_async(style: str) -> AsyncCase:
    async def body() -> AsyncIterator[Work]:
        from bench.models import sqlite as models
        from ferrow import AsyncSession, create_engine

        model: type[Any] = getattr(models, style)
        engine = await create_engine(sqlite_url())
        yield Work(lambda: AsyncSession(engine).query(model).all(), all_instances(naive))
        await engine.close()

    return body


for _style, _shown in (("Typed", "typed class"), ("Slotted", "dataclass with slots"), ("Checked", "Pydantic model")):
    sync_case(SYNC, "ferrow", f"Ferrow run, {_shown}")(_through_driver(_style))
    sync_case(SYNC, "ferrow-orm", f"Ferrow session, {_shown}")(_through_session(_style))
    async_case(ASYNC, "ferrow-orm", f"Ferrow session, {_shown}")(_through_session_async(_style))


@sync_case(SYNC, "driver", "sqlite3 and dataclass with slots by hand")
def standard_by_hand() -> Iterator[Work]:
    from bench.models import by_hand

    with closing(sqlite3.connect(sqlite_file())) as conn:
        cursor = conn.cursor()
        yield Work(lambda: by_hand.instances(cursor.execute(SELECT_ALL)), all_instances(naive))


@sync_case(SYNC, "driver", "sqlite3 and Pydantic model by hand")
def standard_pydantic() -> Iterator[Work]:
    from bench.data import COLUMNS
    from bench.models.sqlite import Checked

    with closing(sqlite3.connect(sqlite_file())) as conn:
        cursor = conn.cursor()

        def run() -> list[Checked]:
            return [Checked(**dict(zip(COLUMNS, row, strict=True))) for row in cursor.execute(SELECT_ALL)]

        yield Work(run, all_instances(naive))


@sync_case(SYNC, "orm", "SQLAlchemy ORM")
def sqlalchemy_orm() -> Iterator[Work]:
    from sqlalchemy import create_engine, select
    from sqlalchemy.orm import Session

    from bench.models.alchemy import User

    engine = create_engine(sqlite_url())

    def run() -> object:
        with Session(engine) as session:
            return session.scalars(select(User)).all()

    yield Work(run, all_instances(naive))
    engine.dispose()


@async_case(ASYNC, "driver", "aiosqlite and dataclass with slots by hand")
async def aiosqlite_by_hand() -> AsyncIterator[Work]:
    import aiosqlite

    from bench.models import by_hand

    async with aiosqlite.connect(sqlite_file()) as conn:

        async def run() -> object:
            return by_hand.instances(await conn.execute_fetchall(SELECT_ALL))

        yield Work(run, all_instances(naive))


@async_case(ASYNC, "orm", "SQLAlchemy ORM, aiosqlite")
async def sqlalchemy_orm_async() -> AsyncIterator[Work]:
    from sqlalchemy import select
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

    from bench.models.alchemy import User

    engine = create_async_engine(sqlite_url("sqlite+aiosqlite"))

    async def run() -> object:
        async with AsyncSession(engine) as session:
            return (await session.scalars(select(User))).all()

    yield Work(run, all_instances(naive))
    await engine.dispose()


floor.table(SYNC)
floor.table_async(ASYNC)
