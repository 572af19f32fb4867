"""Ten thousand model instances of five attributes from PostgreSQL, awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from bench.case import AsyncCase, Work, async_case, loops
from bench.check import all_instances
from bench.data import SELECT_ALL, USERS
from bench.floor import postgres as floor
from bench.settings import postgres_url

GROUPS = loops("pg-instances", "PostgreSQL: 10,000 model instances of 5 attributes", ops=USERS, unit="instance")


def _through_driver(style: str) -> AsyncCase:
    async def body() -> AsyncIterator[Work]:
        from bench.models import postgresql as models
        from ferrow.driver import AsyncConnection
        from ferrow.model import shape_of

        shape = shape_of(getattr(models, style))
        async with AsyncConnection(postgres_url()) as conn:

            async def run() -> list[object]:
                return (await conn.run(SELECT_ALL, None, shape)).rows

            yield Work(run, all_instances())

    return body


def _through_session(style: str) -> AsyncCase:
    async def body() -> AsyncIterator[Work]:
        from bench.models import postgresql as models
        from ferrow import AsyncSession, create_engine

        model: type[Any] = getattr(models, style)
        engine = await create_engine(postgres_url())
        yield Work(lambda: AsyncSession(engine).query(model).all(), all_instances())
        await engine.close()

    return body


for _style, _shown in (("Typed", "typed class"), ("Slotted", "dataclass with slots"), ("Checked", "Pydantic model")):
    async_case(GROUPS, "ferrow", f"Ferrow run, {_shown}")(_through_driver(_style))
    async_case(GROUPS, "ferrow-orm", f"Ferrow session, {_shown}")(_through_session(_style))


@async_case(GROUPS, "driver", "asyncpg and dataclass with slots by hand")
async def asyncpg_by_hand() -> AsyncIterator[Work]:
    import asyncpg

    from bench.models.postgresql import Slotted

    conn = await asyncpg.connect(postgres_url())
    statement = await conn.prepare(SELECT_ALL)

    async def run() -> list[Slotted]:
        return [Slotted(*record) for record in await statement.fetch()]

    yield Work(run, all_instances())
    await conn.close()


@async_case(GROUPS, "driver", "asyncpg and Pydantic model by hand")
async def asyncpg_pydantic() -> AsyncIterator[Work]:
    import asyncpg

    from bench.models.postgresql import Checked

    conn = await asyncpg.connect(postgres_url())
    statement = await conn.prepare(SELECT_ALL)

    async def run() -> list[Checked]:
        return [Checked(**record) for record in await statement.fetch()]

    yield Work(run, all_instances())
    await conn.close()


floor.table_async(GROUPS)
