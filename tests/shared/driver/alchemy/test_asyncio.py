"""SQLAlchemy's asyncio engines, by what only they have: awaited calls, tasks that are cancelled, connections that nobody waits for."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from ferrow import driver, errors
from tests.support.alchemy import Author, Base, Book
from tests.support.deadlines import eventually
from tests.support.loops import Run, run

__all__ = ["run"]
pytestmark = pytest.mark.postgresql

SLEEP = sa.text("SELECT pg_sleep(600)")
PID = sa.text("SELECT pg_backend_pid()")


@pytest.fixture
def engines(postgresql_url: str) -> Callable[..., Any]:
    @asynccontextmanager
    async def engines(**options: Any) -> AsyncIterator[AsyncEngine]:
        engine = create_async_engine(postgresql_url.replace("postgresql://", "postgresql+ferrow://"), **options)
        async with engine.begin() as conn:
            await conn.run_sync(Base.metadata.create_all)
        try:
            yield engine
        finally:
            await engine.dispose()

    return engines


async def _asleep(conn: driver.Connection, pids: list[int]) -> None:
    asked = (
        "SELECT count(*) = $2 FROM pg_stat_activity WHERE pid = ANY($1) AND state = 'active' AND wait_event = 'PgSleep'"
    )
    await eventually("async", lambda: conn.query(asked, [pids, len(pids)])[0][0])


async def _gone(conn: driver.Connection, pid: Any) -> None:
    await eventually("async", lambda: not conn.query("SELECT FROM pg_stat_activity WHERE pid = $1", [pid]))


def test_the_adapters(run: Run, engines: Any) -> None:
    async def main() -> None:
        async with engines() as engine:
            assert (engine.dialect.driver, engine.dialect.is_async) == ("ferrow", True)
            assert isinstance(engine.pool, sa.AsyncAdaptedQueuePool)
            async with engine.connect() as conn:
                raw = await conn.get_raw_connection()
                assert isinstance(raw.driver_connection, driver.AsyncConnection)
                assert [*(await raw.driver_connection.query("SELECT 5"))[0]] == [5]

    run(main())


def test_sessions(run: Run, engines: Any) -> None:
    async def main() -> None:
        async with engines() as engine, AsyncSession(engine, expire_on_commit=False) as session:
            session.add_all([Author(name=f"{n}", books=[Book(title=f"{n}.{m}") for m in range(3)]) for n in range(10)])
            await session.commit()
            asked = sa.select(Author).order_by(Author.id).options(orm.selectinload(Author.books))
            authors = (await session.scalars(asked)).all()
            assert [[book.title for book in author.books] for author in authors] == [
                [f"{n}.{m}" for m in range(3)] for n in range(10)
            ]
            authors[0].name = "renamed"
            await session.rollback()
            authors = (await session.scalars(asked)).all()
            assert authors[0].name == "0"
            async with session.begin_nested() as nested:
                await session.delete(authors[0].books[0])
                await session.flush()
                await nested.rollback()
            with pytest.raises(sa.exc.IntegrityError) as caught:
                async with session.begin_nested():
                    session.add(Author(name="1"))
            assert isinstance(caught.value.orig, errors.UniqueViolation)
            assert caught.value.orig.sqlstate == "23505"
            assert await session.scalar(sa.select(sa.func.count()).select_from(Book)) == 30
            streamed = await session.stream_scalars(asked.execution_options(yield_per=4))
            assert [[author.name for author in part] async for part in streamed.partitions()] == [
                ["0", "1", "2", "3"], ["4", "5", "6", "7"], ["8", "9"],
            ]  # fmt: skip

    run(main())


def test_streams(run: Run, engines: Any) -> None:
    async def main() -> None:
        async with engines() as engine, engine.connect() as conn:
            numbers = sa.text("SELECT generate_series(1, 2500)")
            async with conn.stream_scalars(numbers) as found:
                assert await anext(aiter(found)) == 1
                assert await conn.scalar(sa.text("SELECT 'between'")) == "between"
                assert await found.fetchmany(2) == [2, 3]
            assert len(await (await conn.stream(numbers)).all()) == 2500
            assert [row async for row in await conn.stream(numbers)] == [(n,) for n in range(1, 2501)]

    run(main())


def test_a_stream_that_is_left_in_the_middle(run: Run, engines: Any) -> None:
    async def main() -> None:
        async with engines(pool_size=1, max_overflow=0) as engine:
            async with engine.connect() as conn:
                await conn.execution_options(isolation_level="AUTOCOMMIT")
                async for row in await conn.stream(sa.text("SELECT generate_series(1, 100000)")):
                    if row[0] == 5:
                        break
            async with engine.connect() as conn:
                assert await conn.scalar(sa.text("SELECT 1")) == 1

    run(main())


def test_reflection(run: Run, engines: Any) -> None:
    async def main() -> None:
        async with engines() as engine, engine.connect() as conn:
            assert await conn.run_sync(lambda sync: sorted(sa.inspect(sync).get_table_names())) == [
                "authors",
                "books",
                "kinds",
            ]
            found = sa.MetaData()
            await conn.run_sync(found.reflect)
            assert [key.target_fullname for key in found.tables["books"].foreign_keys] == ["authors.id"]

    run(main())


def test_tasks_have_connections_of_their_own(run: Run, engines: Any) -> None:
    async def main() -> None:
        async with engines(pool_size=3, max_overflow=0) as engine:

            async def work(number: int) -> list[int]:
                async with engine.begin() as conn:
                    await conn.execute(sa.insert(Author).values(name=str(number)))
                    result = await conn.stream_scalars(sa.text(f"SELECT {number} FROM generate_series(1, 300)"))
                    return [*await result.all()]

            assert await asyncio.gather(*map(work, range(20))) == [[number] * 300 for number in range(20)]
            async with engine.connect() as conn:
                assert await conn.scalar(sa.select(sa.func.count()).select_from(Author)) == 20

    run(main())


@pytest.mark.parametrize("streaming", [False, True])
def test_a_task_that_is_cancelled_in_a_statement(run: Run, engines: Any, postgresql_url: str, streaming: bool) -> None:
    """Its connection is not used again, and the server does not go on with what nobody waits for."""

    async def main() -> None:
        async with engines(pool_size=1, max_overflow=0) as engine:
            pids: list[int] = []

            async def work(conn: AsyncConnection) -> None:
                pids.append(await conn.scalar(PID))
                await (conn.stream(SLEEP) if streaming else conn.execute(SLEEP))

            async def waiting() -> None:
                async with engine.connect() as conn:
                    await work(conn)

            with driver.connect(postgresql_url) as watch:
                task = asyncio.ensure_future(waiting())
                await eventually("async", lambda: pids)
                await _asleep(watch, pids)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                async with engine.connect() as conn:
                    assert await conn.scalar(PID) != pids[0]
                    assert (await conn.execute(sa.text("SELECT 'mine'"))).all() == [("mine",)]
                await _gone(watch, pids[0])

    run(main())


def test_many_cancelled_tasks_leave_nothing_mixed_up(run: Run, engines: Any, postgresql_url: str) -> None:
    async def main() -> None:
        async with engines(pool_size=2, max_overflow=0) as engine:

            async def ask(number: int) -> Any:
                async with engine.connect() as conn:
                    return await conn.scalar(sa.text("SELECT CAST(:n AS int) FROM pg_sleep(0.001)"), {"n": number})

            for turn in range(10):
                tasks = [asyncio.ensure_future(ask(turn * 100 + number)) for number in range(6)]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks[::2]:
                    task.cancel()
                found = await asyncio.gather(*tasks, return_exceptions=True)
                for number, value in enumerate(found):
                    assert value == turn * 100 + number or isinstance(value, asyncio.CancelledError)
            assert await ask(5) == 5
            assert engine.pool.checkedout() == 0

    run(main())


@pytest.mark.parametrize("careful", [False, True])
def test_connections_that_the_server_has_ended(run: Run, engines: Any, postgresql_url: str, careful: bool) -> None:
    """The first to meet one is told, unless the pool asks before; then the pool replaces all."""

    async def main() -> None:
        async with engines(pool_size=2, pool_pre_ping=careful) as engine:
            async with engine.connect() as one, engine.connect() as other:
                pids = [await one.scalar(PID), await other.scalar(PID)]
            with driver.connect(postgresql_url) as watch:
                watch.query("SELECT pg_terminate_backend(pid, 15000) FROM unnest($1::int[]) AS pid", [pids])
            if not careful:
                async with engine.connect() as conn:
                    with pytest.raises(sa.exc.DBAPIError) as caught:
                        await conn.scalar(sa.text("SELECT 1"))
                    assert caught.value.connection_invalidated
                    assert isinstance(caught.value.orig, errors.ConnectionLost)
            async with engine.connect() as one, engine.connect() as other:
                assert not {await one.scalar(PID), await other.scalar(PID)} & {*pids}

    run(main())


def test_invalidated_and_dropped_connections_are_ended(run: Run, engines: Any, postgresql_url: str) -> None:
    async def main() -> None:
        with driver.connect(postgresql_url) as watch:
            async with engines() as engine:
                async with engine.connect() as conn:
                    pid = await conn.scalar(PID)
                    await conn.invalidate()
                    await _gone(watch, pid)
                    await conn.rollback()
                    assert await conn.scalar(PID) != pid
                conn = await engine.connect()
                pid = await conn.scalar(PID)
                with warnings.catch_warnings(record=True) as told:
                    warnings.simplefilter("always")
                    del conn
                    gc.collect()
                assert [warning.category for warning in told] == [sa.exc.SAWarning]
                await _gone(watch, pid)

    run(main())


def test_connections_are_dropped_after_the_end_of_their_loop(run: Run, engines: Any, postgresql_url: str) -> None:
    left: list[Any] = []

    async def main() -> None:
        engine = create_async_engine(postgresql_url.replace("postgresql://", "postgresql+ferrow://"))
        conn = await engine.connect()
        left.extend([conn, await conn.scalar(PID)])

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")  # a loop of uvloop's never ends where its own, of the open socket, is an error
        run(main())
        del left[0]
        gc.collect()
    assert [str(warning.message)[:24] for warning in told if not str(warning.message).startswith("unclosed ")] == [
        "The garbage collector is"
    ]
    assert not [warning for warning in told if str(warning.message).startswith("unclosed connection")]
    with driver.connect(postgresql_url) as watch:
        run(_gone(watch, left[0]))


def test_a_creator_of_ones_own(run: Run, postgresql_url: str) -> None:
    async def connect() -> driver.AsyncConnection:
        return await driver.connect_async(postgresql_url, options="-c application_name=mine")

    async def main() -> None:
        engine = create_async_engine("postgresql+ferrow://", async_creator=connect)
        async with engine.connect() as conn:
            assert await conn.scalar(sa.text("SHOW application_name")) == "mine"
        await engine.dispose()

    run(main())


def test_a_connection_is_ended_in_another_thread(run: Run, engines: Any, postgresql_url: str) -> None:
    """Where the garbage collector may come."""

    async def main() -> None:
        with driver.connect(postgresql_url) as watch:
            async with engines() as engine, engine.connect() as conn:
                pid = await conn.scalar(PID)
                raw = await conn.get_raw_connection()
                await asyncio.to_thread(engine.dialect.do_terminate, raw.dbapi_connection)
                await conn.invalidate()
                await _gone(watch, pid)

    run(main())
