"""A transaction happens as a whole or not at all: on every backend, in both colours, nested or not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError, InterfaceError, OperationalError, ProgrammingError, UniqueViolation
from tests.support import entered, maybe
from tests.support.transactions import Stop, add, engine, idle, numbers

__all__ = ["engine"]


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
