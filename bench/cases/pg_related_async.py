"""The same with asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bench.case import Work, async_case, loops
from bench.cases.pg_related_sync import related
from bench.data import POSTS, authors
from bench.floor import postgres as floor
from bench.settings import postgres_url

GROUPS = loops(
    "pg-related", "PostgreSQL: 1,000 instances with 10 related ones each", ops=len(authors()), unit="instance"
)


@async_case(GROUPS, "ferrow-orm", "Ferrow session, selectinload")
async def ferrow() -> AsyncIterator[Work]:
    from bench.models.postgresql import Author
    from ferrow import AsyncSession, create_engine, selectinload

    engine = await create_engine(postgres_url())
    session = AsyncSession(engine)
    yield Work(lambda: session.query(Author).options(selectinload("posts")).all(), related())
    await engine.close()


@async_case(GROUPS, "orm", "SQLAlchemy selectinload, asyncpg")
async def sqlalchemy() -> AsyncIterator[Work]:
    from sqlalchemy import select
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
    from sqlalchemy.orm import selectinload

    from bench.models.alchemy import Author

    engine = create_async_engine(postgres_url("postgresql+asyncpg"), isolation_level="AUTOCOMMIT")

    async def run() -> object:
        async with AsyncSession(engine) as session:
            return (await session.scalars(select(Author).options(selectinload(Author.posts)))).all()

    yield Work(run, related())
    await engine.dispose()


@async_case(GROUPS, "orm", "Tortoise prefetch_related, asyncpg")
async def tortoise() -> AsyncIterator[Work]:
    from bench.models import tortoise_orm

    await tortoise_orm.start()

    async def run() -> object:
        return await tortoise_orm.Author.all().prefetch_related("posts")

    yield Work(run, related())
    await tortoise_orm.stop()


# The posts alone, which are most of it.
floor.table_async(GROUPS, f"SELECT * FROM {POSTS}")
