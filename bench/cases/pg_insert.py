"""Ten thousand instances into an empty table of PostgreSQL, committed, each with the key that the server gave it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from bench import inserted
from bench.case import AsyncCase, SyncCase, Work, async_case, group, loops, sync_case
from bench.cases import pg_many
from bench.data import USERS, WRITTEN, users
from bench.floor import written as floor
from bench.settings import postgres_url

TITLE = "PostgreSQL: 10,000 instances inserted, keys returned"
SYNC = group("pg-insert-sync", TITLE, ops=USERS, unit="instance")
ASYNC = loops("pg-insert", TITLE, ops=USERS, unit="instance")
EMPTY = f"TRUNCATE {WRITTEN}"


def fresh(model: Callable[..., Any]) -> list[Any]:
    """Instances without a key."""
    return inserted.instances(model, users())


def numbered(given: Any) -> None:
    """All are there, each with its key."""
    inserted.check(given, users())


def _ours(style: str) -> SyncCase:
    def body() -> Iterator[Work]:
        from bench.models import postgresql as models
        from ferrow import Session, create_engine

        engine = create_engine(postgres_url())
        session = Session(engine)
        given: list[Any] = []

        def before() -> None:
            engine.execute(EMPTY)
            given[:] = fresh(getattr(models, style))

        yield Work(lambda: session.insert_all(given), numbered, before=before)
        engine.close()

    return body


def _ours_async(style: str) -> AsyncCase:
    async def body() -> AsyncIterator[Work]:
        from bench.models import postgresql as models
        from ferrow import AsyncSession, create_engine

        engine = await create_engine(postgres_url())
        session = AsyncSession(engine)
        given: list[Any] = []

        async def before() -> None:
            await engine.execute(EMPTY)
            given[:] = fresh(getattr(models, style))

        yield Work(lambda: session.insert_all(given), numbered, before=before)
        await engine.close()

    return body


for _style, _shown in (("TypedWritten", "typed class"), ("SlottedWritten", "dataclass with slots")):
    sync_case(SYNC, "ferrow-orm", f"Ferrow insert_all, {_shown}")(_ours(_style))
    async_case(ASYNC, "ferrow-orm", f"Ferrow insert_all, {_shown}")(_ours_async(_style))


@sync_case(SYNC, "orm", "SQLAlchemy add_all and flush, psycopg")
def sqlalchemy_insert() -> Iterator[Work]:
    from sqlalchemy import create_engine

    from bench.models.alchemy import Written

    engine = create_engine(postgres_url("postgresql+psycopg"))
    run, before = inserted.adding(engine, EMPTY, lambda: fresh(Written))
    yield Work(run, numbered, before=before)
    engine.dispose()


@sync_case(SYNC, "orm", "Peewee bulk_create, psycopg")
def peewee_insert() -> Iterator[Work]:
    from bench.models.peewee_orm import DATABASE, Written

    given: list[Any] = []

    def before() -> None:
        DATABASE.execute_sql(EMPTY)
        given[:] = fresh(Written)

    def run() -> object:
        with DATABASE.atomic():
            Written.bulk_create(given, batch_size=1000)
        return given

    yield Work(run, numbered, before=before)
    DATABASE.close()


@sync_case(SYNC, "orm", "Django bulk_create, psycopg")
def django_insert() -> Iterator[Work]:
    from django.db import connection

    from bench.models.django_orm import Written

    given: list[Any] = []

    def before() -> None:
        with connection.cursor() as cursor:
            cursor.execute(EMPTY)
        given[:] = fresh(Written)

    yield Work(lambda: Written.objects.bulk_create(given), numbered, before=before)


@async_case(ASYNC, "orm", "SQLAlchemy add_all and flush, asyncpg")
async def sqlalchemy_insert_async() -> AsyncIterator[Work]:
    from sqlalchemy.ext.asyncio import create_async_engine

    from bench.models.alchemy import Written

    engine = create_async_engine(postgres_url("postgresql+asyncpg"))
    run, before = inserted.adding_async(engine, EMPTY, lambda: fresh(Written))
    yield Work(run, numbered, before=before)
    await engine.dispose()


WRITING = floor.Writing(
    create=pg_many.CREATE,
    empty=pg_many.EMPTY,
    prepare=f"{pg_many.INSERT} RETURNING id",
    copy=None,
    request=floor.many,
)
floor.floor(SYNC, WRITING)
floor.floor_async(ASYNC, WRITING)
