"""What other ORMs take for all rows of a table as instances: five columns, and nine with numeric, jsonb and text[]."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from bench.case import AsyncCase, SyncCase, Work, async_case, sync_case
from bench.cases import pg_instances_async, pg_instances_sync, pg_wide_instances
from bench.check import all_instances, all_order_instances
from bench.settings import postgres_url


def _check(model: str) -> Any:
    return all_instances() if model == "User" else all_order_instances()


def _sqlalchemy(model: str) -> SyncCase:
    def body() -> Iterator[Work]:
        from sqlalchemy import create_engine, select
        from sqlalchemy.orm import Session

        from bench.models import alchemy

        # Without BEGIN and ROLLBACK around each query: the fastest way to use it.
        engine = create_engine(postgres_url("postgresql+psycopg"), isolation_level="AUTOCOMMIT")

        def run() -> object:
            with Session(engine) as session:
                return session.scalars(select(getattr(alchemy, model))).all()

        yield Work(run, _check(model))
        engine.dispose()

    return body


def _peewee(model: str) -> SyncCase:
    def body() -> Iterator[Work]:
        from bench.models import peewee_orm

        yield Work(lambda: list(getattr(peewee_orm, model).select()), _check(model))
        peewee_orm.DATABASE.close()

    return body


def _django(model: str) -> SyncCase:
    def body() -> Iterator[Work]:
        from bench.models import django_orm

        yield Work(lambda: list(getattr(django_orm, model).objects.all()), _check(model))

    return body


def _sqlalchemy_async(model: str) -> AsyncCase:
    async def body() -> AsyncIterator[Work]:
        from sqlalchemy import select
        from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

        from bench.models import alchemy

        engine = create_async_engine(postgres_url("postgresql+asyncpg"), isolation_level="AUTOCOMMIT")

        async def run() -> object:
            async with AsyncSession(engine) as session:
                return (await session.scalars(select(getattr(alchemy, model)))).all()

        yield Work(run, _check(model))
        await engine.dispose()

    return body


def _tortoise(model: str) -> AsyncCase:
    async def body() -> AsyncIterator[Work]:
        from bench.models import tortoise_orm

        await tortoise_orm.start()

        async def run() -> object:
            return await getattr(tortoise_orm, model).all()

        yield Work(run, _check(model))
        await tortoise_orm.stop()

    return body


def _piccolo(model: str) -> AsyncCase:
    async def body() -> AsyncIterator[Work]:
        from bench.models import piccolo_orm

        await piccolo_orm.ENGINE.start_connection_pool(min_size=1, max_size=1)

        async def run() -> object:
            return await getattr(piccolo_orm, model).objects().output(load_json=model == "Order")

        yield Work(run, _check(model))
        await piccolo_orm.ENGINE.close_connection_pool()

    return body


for _sync, _async, _model in (
    (pg_instances_sync.GROUP, pg_instances_async.GROUPS, "User"),
    (pg_wide_instances.SYNC, pg_wide_instances.ASYNC, "Order"),
):
    sync_case(_sync, "orm", "SQLAlchemy ORM, psycopg")(_sqlalchemy(_model))
    sync_case(_sync, "orm", "Peewee, psycopg")(_peewee(_model))
    sync_case(_sync, "orm", "Django, psycopg")(_django(_model))
    async_case(_async, "orm", "SQLAlchemy ORM, asyncpg")(_sqlalchemy_async(_model))
    async_case(_async, "orm", "Tortoise, asyncpg")(_tortoise(_model))
    async_case(_async, "orm", "Piccolo, asyncpg")(_piccolo(_model))
