"""Transactions inside of others that end in the wrong order: nothing of a block is committed that has not ended well itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from ferrow import driver
from ferrow.abc import Status
from ferrow.errors import ProgrammingError
from tests.support import entered, maybe
from tests.support.numbered import numbers

INSIDE = "rolled back: a nested one was still open inside"
AROUND = "the transaction around this one has ended before it"


@pytest.fixture
def table(conn: Any, runner: Any) -> Any:
    runner.run(maybe(conn.script("CREATE TABLE t (n integer)")))
    return conn


async def test_a_block_with_another_open_inside_is_rolled_back(table: Any) -> None:
    with pytest.raises(ProgrammingError, match=INSIDE):
        async with entered(table.transaction()) as tx:
            inner = await maybe(table.begin())
            await maybe(inner.execute("INSERT INTO t VALUES (1)"))
    assert (tx.is_active(), inner.is_active(), table.status) == (False, False, Status.IDLE)
    with pytest.raises(ProgrammingError, match="already committed or rolled back"):
        await maybe(inner.commit())
    await maybe(table.execute("INSERT INTO t VALUES (2)"))
    assert await numbers(table) == [2]


async def test_a_commit_by_hand_waits_for_what_is_inside(table: Any) -> None:
    tx = await maybe(table.begin())
    inner = await maybe(table.begin())
    await maybe(inner.execute("INSERT INTO t VALUES (1)"))
    with pytest.raises(ProgrammingError, match="a nested transaction is open inside this one"):
        await maybe(tx.commit())
    assert tx.is_active()
    await maybe(inner.commit())
    await maybe(tx.commit())
    assert await numbers(table) == [1]


async def test_a_rollback_by_hand_ends_what_is_inside(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        async with entered(tx.transaction()) as inner:
            await maybe(inner.execute("INSERT INTO t VALUES (1)"))
            await maybe(tx.rollback())
        assert not inner.is_active()
    assert await numbers(table) == []


@pytest.mark.only(colour="async")
async def test_an_async_generator_that_is_left_early_has_to_be_closed(table: Any) -> None:
    """asyncio closes it later, in a task of its own."""

    async def rows() -> AsyncIterator[int]:
        async with table.transaction():
            await table.execute("INSERT INTO t VALUES (1)")
            yield 1

    with pytest.raises(ProgrammingError, match=f"{INSIDE}.*aclosing"):
        async with table.transaction():
            async for _ in rows():
                break
    async with table.transaction():
        async with aclosing(rows()) as found:
            async for _ in found:
                break
        await table.execute("INSERT INTO t VALUES (2)")
    assert await numbers(table) == [2]


async def test_who_ends_well_inside_of_what_was_rolled_back_is_told(table: Any) -> None:
    inner = table.transaction()
    with pytest.raises(ZeroDivisionError):
        async with entered(table.transaction()):
            await maybe(inner.start())
            await maybe(inner.execute("INSERT INTO t VALUES (1)"))
            raise ZeroDivisionError
    with pytest.raises(ProgrammingError, match=AROUND):
        await maybe(
            inner.__exit__(None, None, None) if hasattr(inner, "__exit__") else inner.__aexit__(None, None, None)
        )
    assert await numbers(table) == []


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("colour", ["async"])
async def test_blocks_of_two_tasks_on_one_connection(table: Any, fails: bool) -> None:
    """The second is inside of the first, which ends before it."""
    begun, over = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with table.transaction() as tx:
            await tx.execute("INSERT INTO t VALUES (1)")
            await begun.wait()

    async def second() -> None:
        async with table.transaction() as tx:
            await tx.execute("INSERT INTO t VALUES (2)")
            begun.set()
            await over.wait()
            if fails:
                raise ZeroDivisionError

    tasks = [asyncio.create_task(first()), asyncio.create_task(second())]
    with pytest.raises(ProgrammingError, match=f"{INSIDE}.*connections of their own"):
        await tasks[0]
    over.set()
    with pytest.raises(ZeroDivisionError if fails else ProgrammingError, match=None if fails else AROUND):
        await tasks[1]
    assert await numbers(table) == []
    assert table.status is Status.IDLE


def test_blocks_of_two_threads_on_one_connection(url: str) -> None:
    with driver.connect(url) as conn:
        conn.script("CREATE TABLE t (n integer)")
        begun, over = threading.Event(), threading.Event()
        raised: list[BaseException] = []

        def second() -> None:
            try:
                with conn.transaction() as tx:
                    tx.execute("INSERT INTO t VALUES (2)")
                    begun.set()
                    over.wait()
            except ProgrammingError as error:
                raised.append(error)

        thread = threading.Thread(target=second)
        with pytest.raises(ProgrammingError, match=INSIDE), conn.transaction() as tx:
            tx.execute("INSERT INTO t VALUES (1)")
            thread.start()
            begun.wait()
        over.set()
        thread.join()
        assert [str(error).startswith(AROUND) for error in raised] == [True]
        assert conn.query("SELECT n FROM t") == []
