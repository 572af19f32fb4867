"""The functions over Pydantic models on PostgreSQL, against what one writes by hand over our own driver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bench.case import Work, async_case, group, loops, sync_case
from bench.check import all_instances, one_instance, one_row
from bench.data import SELECT_ALL, SELECT_ONE, USERS, keys
from bench.floor import postgres as floor
from bench.settings import postgres_url

QUERIES = 300
ONE = "Functions on PostgreSQL: one Pydantic model by primary key"
EVERY = f"Functions on PostgreSQL: {USERS} Pydantic models"
ONE_SYNC = group("crud-pg-one-sync", ONE, ops=QUERIES)
ONE_ASYNC = loops("crud-pg-one", ONE, ops=QUERIES)
ALL_SYNC = group("crud-pg-all-sync", EVERY, ops=USERS, unit="row")
ALL_ASYNC = loops("crud-pg-all", EVERY, ops=USERS, unit="row")


@sync_case(ONE_SYNC, "ferrow-orm", "Ferrow select_one, Pydantic model")
def select_one() -> Iterator[Work]:
    from bench.models.postgresql import Checked
    from ferrow.crud.sync import ConnectionManager, select_one

    ConnectionManager.initialize(dsn=postgres_url())

    def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = select_one(Checked, id=key)
        return found

    yield Work(run, one_instance(QUERIES))
    ConnectionManager.close()


@sync_case(ONE_SYNC, "driver", "Ferrow query_one")
def query_one() -> Iterator[Work]:
    from ferrow.driver import connect

    with connect(postgres_url()) as conn:

        def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = conn.query_one(SELECT_ONE + "$1", [key])
            return row

        yield Work(run, one_row(QUERIES))


@async_case(ONE_ASYNC, "ferrow-orm", "Ferrow select_one, Pydantic model")
async def select_one_async() -> AsyncIterator[Work]:
    from bench.models.postgresql import Checked
    from ferrow.crud import ConnectionManager, select_one

    await ConnectionManager.initialize(dsn=postgres_url())

    async def run() -> object:
        found = None
        for key in keys(QUERIES):
            found = await select_one(Checked, id=key)
        return found

    yield Work(run, one_instance(QUERIES))
    await ConnectionManager.close()


@async_case(ONE_ASYNC, "driver", "Ferrow query_one")
async def query_one_async() -> AsyncIterator[Work]:
    from ferrow.driver import connect_async

    async with await connect_async(postgres_url()) as conn:

        async def run() -> object:
            row = None
            for key in keys(QUERIES):
                row = await conn.query_one(SELECT_ONE + "$1", [key])
            return row

        yield Work(run, one_row(QUERIES))


@sync_case(ALL_SYNC, "ferrow-orm", "Ferrow select_all, Pydantic models")
def select_all() -> Iterator[Work]:
    from bench.models.postgresql import Checked
    from ferrow.crud.sync import ConnectionManager, select_all

    ConnectionManager.initialize(dsn=postgres_url())
    yield Work(lambda: select_all(Checked), all_instances())
    ConnectionManager.close()


@sync_case(ALL_SYNC, "ferrow", "Ferrow dict rows and model_validate")
def by_hand() -> Iterator[Work]:
    from bench.models.postgresql import Checked
    from ferrow.driver import Shape, connect

    shape = Shape.dicts()
    with connect(postgres_url()) as conn:
        sql = SELECT_ALL + " ORDER BY id"
        yield Work(lambda: [Checked.model_validate(row) for row in conn.run(sql, None, shape).rows], all_instances())


@sync_case(ALL_SYNC, "driver", "psycopg dict rows and model_validate")
def psycopg_by_hand() -> Iterator[Work]:
    import psycopg
    from psycopg.rows import dict_row

    from bench.models.postgresql import Checked

    with psycopg.connect(postgres_url(), autocommit=True, row_factory=dict_row) as conn:
        sql = SELECT_ALL + " ORDER BY id"
        yield Work(lambda: [Checked.model_validate(row) for row in conn.execute(sql)], all_instances())


@async_case(ALL_ASYNC, "ferrow-orm", "Ferrow select_all, Pydantic models")
async def select_all_async() -> AsyncIterator[Work]:
    from bench.models.postgresql import Checked
    from ferrow.crud import ConnectionManager, select_all

    await ConnectionManager.initialize(dsn=postgres_url())
    yield Work(lambda: select_all(Checked), all_instances())
    await ConnectionManager.close()


@async_case(ALL_ASYNC, "ferrow", "Ferrow dict rows and model_validate")
async def by_hand_async() -> AsyncIterator[Work]:
    from bench.models.postgresql import Checked
    from ferrow.driver import Shape, connect_async

    shape = Shape.dicts()
    async with await connect_async(postgres_url()) as conn:

        async def run() -> object:
            rows = (await conn.run(SELECT_ALL + " ORDER BY id", None, shape)).rows
            return [Checked.model_validate(row) for row in rows]

        yield Work(run, all_instances())


@async_case(ALL_ASYNC, "driver", "psycopg dict rows and model_validate")
async def psycopg_by_hand_async() -> AsyncIterator[Work]:
    import psycopg
    from psycopg.rows import dict_row

    from bench.models.postgresql import Checked

    async with await psycopg.AsyncConnection.connect(postgres_url(), autocommit=True, row_factory=dict_row) as conn:

        async def run() -> object:
            rows = await (await conn.execute(SELECT_ALL + " ORDER BY id")).fetchall()
            return [Checked.model_validate(row) for row in rows]

        yield Work(run, all_instances())


floor.points(ONE_SYNC)
floor.points_async(ONE_ASYNC)
floor.table(ALL_SYNC)
floor.table_async(ALL_ASYNC)
