"""What other ORMs take on SQLite: one instance by its key, and all rows as instances."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, sync_case
from bench.cases import sqlite_get, sqlite_instances
from bench.check import all_instances, one_instance
from bench.data import keys, naive
from bench.settings import sqlite_file


@sync_case(sqlite_get.SYNC, "orm", "Peewee get_by_id")
def peewee_get() -> Iterator[Work]:
    from bench.models.peewee_sqlite import DATABASE, User

    DATABASE.init(sqlite_file())

    def run() -> object:
        found = None
        for key in keys(sqlite_get.QUERIES):
            found = User.get_by_id(key)
        return found

    yield Work(run, one_instance(sqlite_get.QUERIES, naive))
    DATABASE.close()


@sync_case(sqlite_instances.SYNC, "orm", "Peewee")
def peewee_instances() -> Iterator[Work]:
    from bench.models.peewee_sqlite import DATABASE, User

    DATABASE.init(sqlite_file())
    yield Work(lambda: list(User.select()), all_instances(naive))
    DATABASE.close()


@async_case(sqlite_get.ASYNC, "orm", "Tortoise get")
async def tortoise_get() -> AsyncIterator[Work]:
    from bench.models import tortoise_sqlite as tortoise

    await tortoise.start(sqlite_file())

    async def run() -> object:
        found = None
        for key in keys(sqlite_get.QUERIES):
            found = await tortoise.User.get(id=key)
        return found

    yield Work(run, one_instance(sqlite_get.QUERIES, naive))
    await tortoise.stop()


@async_case(sqlite_instances.ASYNC, "orm", "Tortoise")
async def tortoise_instances() -> AsyncIterator[Work]:
    from bench.models import tortoise_sqlite as tortoise

    await tortoise.start(sqlite_file())

    async def run() -> object:
        return await tortoise.User.all()

    yield Work(run, all_instances(naive))
    await tortoise.stop()
