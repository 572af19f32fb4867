"""What other ORMs take for one instance by its primary key."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, sync_case
from bench.cases.pg_get import ASYNC, QUERIES, SYNC
from bench.check import one_instance
from bench.data import SELECT_ONE, keys
from bench.settings import postgres_url


@sync_case(SYNC, "orm", "Peewee get_by_id, psycopg")
def peewee_get() -> Iterator[Work]:
    from bench.models.peewee_orm import DATABASE, User

    def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = User.get_by_id(key)
        return found

    yield Work(run, one_instance(QUERIES))
    DATABASE.close()


@sync_case(SYNC, "orm", "Django objects.get, psycopg")
def django_get() -> Iterator[Work]:
    from bench.models.django_orm import User

    def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = User.objects.get(pk=key)
        return found

    yield Work(run, one_instance(QUERIES))


@async_case(ASYNC, "orm", "Tortoise get, asyncpg")
async def tortoise_get() -> AsyncIterator[Work]:
    from bench.models import tortoise_orm

    await tortoise_orm.start()

    async def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = await tortoise_orm.User.get(id=key)
        return found

    yield Work(run, one_instance(QUERIES))
    await tortoise_orm.stop()


@async_case(ASYNC, "orm", "Piccolo objects().get, asyncpg")
async def piccolo_get() -> AsyncIterator[Work]:
    from bench.models.piccolo_orm import ENGINE, User

    await ENGINE.start_connection_pool(min_size=1, max_size=1)

    async def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = await User.objects().get(User.id == key)
        return found

    yield Work(run, one_instance(QUERIES))
    await ENGINE.close_connection_pool()


@async_case(ASYNC, "driver", "asyncpg and dataclass by keywords")
async def asyncpg_keywords() -> AsyncIterator[Work]:
    import asyncpg

    from bench.models.postgresql import Slotted

    conn = await asyncpg.connect(postgres_url())

    async def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = Slotted(**await conn.fetchrow(SELECT_ONE + "$1", key))
        return found

    yield Work(run, one_instance(QUERIES))
    await conn.close()
