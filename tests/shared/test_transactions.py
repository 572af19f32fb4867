"""A transaction happens as a whole or not at all: on every backend, in both colours, nested or not."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any

import pytest

from ferrow.errors import (
    DatabaseError,
    DataError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    UniqueViolation,
)
from tests.support import entered, maybe


class Stop(Exception):
    """What leaves a block in these tests."""


@pytest.fixture
def engine(engine: Any, runner: Any) -> Any:
    async def table() -> None:
        await maybe(engine.script("CREATE TABLE t (n INTEGER PRIMARY KEY)"))

    runner.run(table())
    return engine


async def add(target: Any, number: int) -> None:
    # The number is checked to be one: it is written into the SQL because placeholders differ between the backends.
    await maybe(target.execute(f"INSERT INTO t (n) VALUES ({int(number)})"))


async def numbers(engine: Any) -> list[int]:
    return [row[0] for row in await maybe(engine.query("SELECT n FROM t ORDER BY n"))]


async def idle(engine: Any) -> None:
    """Every connection is back and clean."""
    for _ in range(200):
        stats = engine.pool.stats()
        if stats.used == stats.recovering == stats.opening == 0:
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"something was not given back: {engine.pool!r}")


async def test_what_ends_well_is_kept(engine: Any) -> None:
    async with entered(engine.transaction()) as tx:
        await add(tx, 1)
    assert await numbers(engine) == [1]
    assert not tx.is_active()


@pytest.mark.parametrize("error", [Stop, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit])
async def test_whatever_leaves_the_block_undoes_it(engine: Any, error: type[BaseException]) -> None:
    with pytest.raises(error):
        async with entered(engine.transaction()) as tx:
            await add(tx, 1)
            await add(engine, 2)
            raise error
    assert await numbers(engine) == []
    await idle(engine)


async def test_the_error_of_a_statement_undoes_what_came_before_it(engine: Any) -> None:
    with pytest.raises(UniqueViolation):
        async with entered(engine.transaction()):
            await add(engine, 1)
            await add(engine, 1)
    assert await numbers(engine) == []


async def test_calls_through_the_engine_join(engine: Any) -> None:
    async def elsewhere() -> None:
        await add(engine, 1)
        async with entered(engine.connection()) as connection:
            await add(connection, 2)

    with pytest.raises(Stop):
        async with entered(engine.transaction()):
            await elsewhere()
            assert await numbers(engine) == [1, 2], "it sees its own changes"
            assert engine.pool.stats().used == 1
            raise Stop
    assert await numbers(engine) == []


async def test_a_nested_block_undoes_only_itself(engine: Any) -> None:
    async with entered(engine.transaction()):
        await add(engine, 1)
        with pytest.raises(Stop):
            async with entered(engine.transaction()):
                await add(engine, 2)
                raise Stop
        await add(engine, 3)
    assert await numbers(engine) == [1, 3]


async def test_a_nested_block_that_ends_well_goes_with_its_outer_one(engine: Any) -> None:
    with pytest.raises(Stop):
        async with entered(engine.transaction()):
            async with entered(engine.transaction()):
                await add(engine, 1)
            raise Stop
    assert await numbers(engine) == []


async def test_an_error_through_three_levels_undoes_all(engine: Any) -> None:
    with pytest.raises(Stop):
        async with entered(engine.transaction()):
            await add(engine, 1)
            async with entered(engine.transaction()):
                await add(engine, 2)
                async with entered(engine.transaction()):
                    await add(engine, 3)
                    raise Stop
    assert await numbers(engine) == []
    await idle(engine)


async def test_the_middle_of_three_levels_can_be_undone(engine: Any) -> None:
    async with entered(engine.transaction()):
        await add(engine, 1)
        with pytest.raises(Stop):
            async with entered(engine.transaction()):
                async with entered(engine.transaction()):
                    await add(engine, 2)
                raise Stop
        async with entered(engine.transaction()):
            await add(engine, 3)
    assert await numbers(engine) == [1, 3]


async def test_a_failed_statement_in_a_nested_block_does_not_spoil_the_outer_one(engine: Any) -> None:
    async with entered(engine.transaction()):
        await add(engine, 1)
        with pytest.raises(UniqueViolation):
            async with entered(engine.transaction()):
                await add(engine, 1)
        await add(engine, 2)
    assert await numbers(engine) == [1, 2]


async def test_after_the_block_calls_commit_by_themselves_again(engine: Any) -> None:
    with pytest.raises(Stop):
        async with entered(engine.transaction()):
            raise Stop
    await add(engine, 1)
    with pytest.raises(Stop):
        async with entered(engine.transaction()):
            raise Stop
    assert await numbers(engine) == [1]


async def test_a_transaction_ended_by_hand_is_not_joined(engine: Any) -> None:
    async with entered(engine.transaction()) as tx:
        await add(engine, 1)
        await maybe(tx.rollback())
        await add(engine, 2)
        with pytest.raises(ProgrammingError):
            await add(tx, 3)
    assert await numbers(engine) == [2]


async def test_what_was_borrowed_is_of_no_use_after_its_block(engine: Any) -> None:
    async with entered(engine.connection()) as connection:
        await add(connection, 1)
    with pytest.raises(InterfaceError, match="closed"):
        await add(connection, 2)
    async with entered(engine.transaction()) as tx:
        pass
    with pytest.raises(DatabaseError):
        await add(tx, 3)
    assert await numbers(engine) == [1]


async def test_a_transaction_left_open_by_sql_does_not_reach_the_next_borrower(engine: Any) -> None:
    async with entered(engine.connection()) as connection:
        await maybe(connection.script("BEGIN"))
        await add(connection, 1)
    await idle(engine)
    assert await numbers(engine) == []
    await add(engine, 2)
    assert await numbers(engine) == [2]


async def test_an_unknown_isolation_level_is_refused_before_anything_is_sent(engine: Any) -> None:
    with pytest.raises(DataError, match="isolation"):
        async with entered(engine.transaction(isolation="serializable; DROP TABLE t")):
            pass
    await add(engine, 1)
    await idle(engine)


@pytest.mark.parametrize("isolation", ["read committed", "SERIALIZABLE"])
async def test_isolation_levels_are_accepted(engine: Any, isolation: str) -> None:
    async with entered(engine.transaction(isolation=isolation)):
        await add(engine, 1)
    assert await numbers(engine) == [1]


async def test_options_belong_to_the_outermost_block(engine: Any) -> None:
    async with entered(engine.transaction()):
        with pytest.raises(ProgrammingError, match="outermost"):
            async with entered(engine.transaction(isolation="serializable")):
                pass
        async with entered(engine.transaction()):
            await add(engine, 1)
    assert await numbers(engine) == [1]


async def test_a_block_object_is_used_once_at_a_time(engine: Any) -> None:
    block = engine.transaction()
    async with entered(block):
        with pytest.raises(InterfaceError, match="open already"):
            async with entered(block):
                pass
        await add(engine, 1)
    async with entered(block):
        await add(engine, 2)
    assert await numbers(engine) == [1, 2]


async def test_another_engine_does_not_join(engine: Any, url: str) -> None:
    from ferrow.engine import create_engine

    with create_engine(url) as other:
        async with entered(engine.transaction(readonly=True)):
            other.execute("INSERT INTO t (n) VALUES (7)")
    assert await numbers(engine) == [7]


@pytest.mark.only(colour="async")  # threads do the same in tests/isolated/test_pool.py
async def test_a_second_write_transaction_waits_for_the_first(engine: Any) -> None:
    """Read, then write, in two contexts at once: on SQLite this needs BEGIN IMMEDIATE."""

    async def increment() -> None:
        async with entered(engine.transaction(isolation="repeatable read")):
            current = await numbers(engine)
            await asyncio.sleep(0.02)
            await add(engine, len(current) + 1)

    results = await asyncio.gather(*(increment() for _ in range(2)), return_exceptions=True)
    if engine.dialect.name == "sqlite":
        assert results == [None, None]
        assert await numbers(engine) == [1, 2]
    else:
        assert sum(isinstance(result, DatabaseError) for result in results) == 1
        assert await numbers(engine) == [1]


@pytest.mark.only(backend="postgresql")  # elsewhere a failed statement does not spoil its transaction
async def test_committing_after_an_error_was_swallowed_is_an_error(engine: Any, backend: str) -> None:
    with pytest.raises(OperationalError, match="not committed"):
        async with entered(engine.transaction()):
            await add(engine, 1)
            with pytest.raises(UniqueViolation):
                await add(engine, 1)
    assert await numbers(engine) == []
    await idle(engine)


async def test_readonly_refuses_writes(engine: Any) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)read[- ]?only"):
        async with entered(engine.transaction(readonly=True)):
            await add(engine, 1)
    await add(engine, 2)
    assert await numbers(engine) == [2]


@pytest.mark.only(colour="async")
async def test_tasks_started_in_the_block_join_it(engine: Any) -> None:
    with pytest.raises(Stop):
        async with engine.transaction():
            await asyncio.gather(*(add(engine, number) for number in range(5)))
            assert await numbers(engine) == [0, 1, 2, 3, 4]
            raise Stop
    assert await numbers(engine) == []


@pytest.mark.only(colour="async")
async def test_a_task_that_outlives_the_block_uses_the_pool(engine: Any) -> None:
    go = asyncio.Event()

    async def later() -> None:
        await go.wait()
        await add(engine, 1)

    with pytest.raises(Stop):
        async with engine.transaction():
            task = asyncio.create_task(later())
            raise Stop
    go.set()
    await task
    assert await numbers(engine) == [1]


@pytest.mark.only(colour="async")
async def test_other_tasks_do_not_see_the_transaction(engine: Any) -> None:
    context = contextvars.copy_context()
    async with engine.transaction():
        await add(engine, 1)
        if engine.dialect.name == "postgresql":  # SQLite would wait for the writer
            outside = asyncio.create_task(numbers(engine), context=context)
            assert await outside == []
    assert await numbers(engine) == [1]


@pytest.mark.only(colour="async")
async def test_nested_blocks_of_concurrent_tasks_do_not_mix(engine: Any) -> None:

    async def part(number: int) -> None:
        async with engine.transaction():
            await add(engine, number)
            await asyncio.sleep(0)
            if number % 2:
                raise Stop

    async with engine.transaction():
        results = await asyncio.gather(*(part(number) for number in range(10)), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), Stop] * 5
    assert await numbers(engine) == [0, 2, 4, 6, 8]


SLOW = {
    "postgresql": "SELECT pg_sleep(10)",
    "mariadb": "SELECT SLEEP(10)",
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000000) SELECT max(n) FROM c",
}


@pytest.mark.only(colour="async")
async def test_a_task_that_outlives_a_cancelled_block_uses_the_pool(engine: Any, backend: str) -> None:
    go, inside = asyncio.Event(), asyncio.Event()
    children: list[asyncio.Task[None]] = []

    async def later() -> None:
        await go.wait()
        await add(engine, 1)

    async def block() -> None:
        async with engine.transaction():
            await add(engine, 2)
            children.append(asyncio.create_task(later()))
            inside.set()
            await engine.query(SLOW[backend])

    task = asyncio.create_task(block())
    await inside.wait()
    await asyncio.sleep(0.02)  # the slow statement is running
    task.cancel()
    await asyncio.wait([task])
    go.set()
    await asyncio.gather(*children)
    assert await numbers(engine) == [1]


@pytest.mark.only(colour="async")
async def test_a_timeout_in_a_nested_block_leaves_the_outer_one_usable(engine: Any, backend: str) -> None:
    if backend == "mariadb":
        pytest.skip("a cancelled statement ends its connection, and the transaction with it")
    async with engine.transaction():
        await add(engine, 1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                async with engine.transaction():
                    await add(engine, 2)
                    await engine.query(SLOW[backend])
        await add(engine, 3)
    assert await numbers(engine) == [1, 3]
    await idle(engine)


async def test_the_other_colour_cannot_join_and_says_so(engine: Any, colour: str) -> None:
    other = engine.sync if colour == "async" else engine.aio
    async with entered(engine.transaction()):
        with pytest.raises(ProgrammingError, match="same engine would not be part of it"):
            if colour == "async":
                other.query("SELECT 1")
            else:
                await other.query("SELECT 1")
        assert (await maybe(engine.query_one("SELECT 1")))[0] == 1
