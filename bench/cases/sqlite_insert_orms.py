"""Ten thousand instances into an empty table of a SQLite file, committed, each with the key that it got."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from bench import inserted
from bench.case import Group, Loop, Work, async_case, group, sync_case
from bench.cases.sqlite_insert import EMPTY, SAME_SAFETY, SQL, table
from bench.data import USERS, naive, users
from bench.floor import sqlite as floor

TITLE = "SQLite: 10,000 instances inserted, keys returned"
SYNC = group("sqlite-insert-all-sync", TITLE, ops=USERS, unit="instance")
ASYNC: dict[Loop, Group] = {
    "asyncio": group("sqlite-insert-all-asyncio", f"{TITLE}, asyncio", ops=USERS, unit="instance")
}


def fresh(model: Callable[..., Any]) -> list[Any]:
    """Instances without a key."""
    return inserted.instances(model, map(naive, users()))


def numbered(given: Any) -> None:
    """All are there, each with its key."""
    inserted.check(given, map(naive, users()))


@sync_case(SYNC, "ferrow-orm", "Ferrow insert_all, typed class")
def ferrow_insert() -> Iterator[Work]:
    from bench.models.sqlite import Typed
    from ferrow import Session, create_engine

    given: list[Any] = []
    with table() as path, create_engine(f"sqlite:///{path}") as engine:

        def before() -> None:
            engine.execute(EMPTY)
            given[:] = fresh(Typed)

        yield Work(lambda: Session(engine).insert_all(given), numbered, before=before)


@sync_case(SYNC, "orm", "SQLAlchemy add_all and flush")
def sqlalchemy_insert() -> Iterator[Work]:
    from sqlalchemy import create_engine, text

    from bench.models.alchemy import User

    with table() as path:
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as conn:
            conn.execute(text(SAME_SAFETY))
        run, before = inserted.adding(engine, EMPTY, lambda: fresh(User))
        yield Work(run, numbered, before=before)
        engine.dispose()


@sync_case(SYNC, "orm", "Peewee save in a transaction")
def peewee_insert() -> Iterator[Work]:
    from bench.models.peewee_sqlite import DATABASE, User

    given: list[Any] = []
    with table() as path:
        DATABASE.init(path, pragmas={"synchronous": "normal"})

        def before() -> None:
            DATABASE.execute_sql(EMPTY)
            given[:] = fresh(User)

        def run() -> object:
            # Its bulk_create gives no keys back on SQLite.
            with DATABASE.atomic():
                for one in given:
                    one.save(force_insert=True)
            return given

        yield Work(run, numbered, before=before)
        DATABASE.close()


@async_case(ASYNC, "ferrow-orm", "Ferrow insert_all, typed class")
async def ferrow_insert_async() -> AsyncIterator[Work]:
    from bench.models.sqlite import Typed
    from ferrow import AsyncSession, create_engine

    given: list[Any] = []
    with table() as path:
        async with await create_engine(f"sqlite:///{path}") as engine:

            async def before() -> None:
                await engine.execute(EMPTY)
                given[:] = fresh(Typed)

            yield Work(lambda: AsyncSession(engine).insert_all(given), numbered, before=before)


@async_case(ASYNC, "orm", "SQLAlchemy add_all and flush, aiosqlite")
async def sqlalchemy_insert_async() -> AsyncIterator[Work]:
    from sqlalchemy.ext.asyncio import create_async_engine

    from bench.models.alchemy import User

    with table() as path:
        engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
        run, before = inserted.adding_async(engine, EMPTY, lambda: fresh(User))
        yield Work(run, numbered, before=before)
        await engine.dispose()


@async_case(ASYNC, "info", "Tortoise bulk_create, without the keys")
async def tortoise_insert() -> AsyncIterator[Work]:
    from bench.models import tortoise_sqlite as tortoise

    given: list[Any] = []
    with table() as path:
        await tortoise.start(path)

        async def before() -> None:
            await tortoise.User.all().delete()
            given[:] = fresh(tortoise.User)

        async def run() -> object:
            await tortoise.User.bulk_create(given)
            return await tortoise.User.all().count()

        yield Work(run, before=before)
        await tortoise.stop()


floor.inserts(SYNC, table, SQL, EMPTY)
floor.inserts_async(ASYNC, table, SQL, EMPTY)
