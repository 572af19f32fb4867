"""Ten thousand model instances of nine attributes from PostgreSQL: numeric, a decoded document and a list among them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from bench.case import AsyncCase, SyncCase, Work, async_case, group, loops, sync_case
from bench.check import all_order_instances
from bench.data import ORDER_COLUMNS, SELECT_ORDERS, USERS
from bench.floor import postgres as floor
from bench.settings import postgres_url

TITLE = "PostgreSQL: 10,000 model instances of 9 attributes with numeric, jsonb and text[]"
SYNC = group("pg-wide-instances-sync", TITLE, ops=USERS, unit="instance")
ASYNC = loops("pg-wide-instances", TITLE, ops=USERS, unit="instance")


def _session(style: str) -> SyncCase:
    def body() -> Iterator[Work]:
        from bench.models import postgresql as models
        from ferrow import Session, create_engine

        model: type[Any] = getattr(models, style)
        engine = create_engine(postgres_url())
        yield Work(lambda: Session(engine).query(model).all(), all_order_instances())
        engine.close()

    return body


def _session_async(style: str) -> AsyncCase:
    async def body() -> AsyncIterator[Work]:
        from bench.models import postgresql as models
        from ferrow import AsyncSession, create_engine

        model: type[Any] = getattr(models, style)
        engine = await create_engine(postgres_url())
        yield Work(lambda: AsyncSession(engine).query(model).all(), all_order_instances())
        await engine.close()

    return body


for _style, _shown in (
    ("TypedOrder", "typed class"),
    ("SlottedOrder", "dataclass with slots"),
    ("CheckedOrder", "Pydantic model"),
):
    sync_case(SYNC, "ferrow-orm", f"Ferrow session, {_shown}")(_session(_style))
    async_case(ASYNC, "ferrow-orm", f"Ferrow session, {_shown}")(_session_async(_style))


@sync_case(SYNC, "driver", "psycopg binary and dataclass with slots by hand")
def psycopg_by_hand() -> Iterator[Work]:
    import psycopg

    from bench.models.postgresql import SlottedOrder

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor(binary=True)

        def run() -> list[SlottedOrder]:
            return [SlottedOrder(*row) for row in cursor.execute(SELECT_ORDERS, prepare=True).fetchall()]

        yield Work(run, all_order_instances())


@sync_case(SYNC, "driver", "psycopg binary and Pydantic model by hand")
def psycopg_pydantic() -> Iterator[Work]:
    import psycopg

    from bench.models.postgresql import CheckedOrder

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor(binary=True)

        def run() -> list[CheckedOrder]:
            rows = cursor.execute(SELECT_ORDERS, prepare=True).fetchall()
            return [CheckedOrder(**dict(zip(ORDER_COLUMNS, row, strict=True))) for row in rows]

        yield Work(run, all_order_instances())


def _asyncpg(style: str) -> AsyncCase:
    async def body() -> AsyncIterator[Work]:
        import asyncpg

        from bench.models import postgresql as models

        model: type[Any] = getattr(models, style)
        conn = await asyncpg.connect(postgres_url())
        await conn.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
        statement = await conn.prepare(SELECT_ORDERS)

        async def run() -> list[Any]:
            if style == "CheckedOrder":
                return [model(**record) for record in await statement.fetch()]
            return [model(*record) for record in await statement.fetch()]

        yield Work(run, all_order_instances())
        await conn.close()

    return body


for _style, _shown in (("SlottedOrder", "dataclass with slots"), ("CheckedOrder", "Pydantic model")):
    async_case(ASYNC, "driver", f"asyncpg with a JSON codec and {_shown} by hand")(_asyncpg(_style))


floor.table(SYNC, SELECT_ORDERS)
floor.table_async(ASYNC, SELECT_ORDERS)
