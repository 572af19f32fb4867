"""Savepoints by name."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from ferrow.abc import Status
from ferrow.errors import DatabaseError, DataError, InterfaceError, OperationalError, ProgrammingError
from tests.support import entered, maybe
from tests.support.numbered import TABLE, add, numbers


@pytest.fixture
def table(conn: Any, runner: Any) -> Any:
    runner.run(maybe(conn.script(TABLE)))
    return conn


@pytest.mark.parametrize("timeout", [0, -1])
async def test_a_refused_timeout_ends_nothing(conn: Any, timeout: float) -> None:
    await maybe(conn.script("CREATE TABLE kept (id int)"))
    tx = await maybe(conn.begin())
    await maybe(tx.execute("INSERT INTO kept VALUES (1)"))
    with pytest.raises(InterfaceError, match="timeout="):
        await maybe(tx.commit(timeout=timeout))
    assert tx.is_active()
    await maybe(tx.commit(timeout=5))
    assert (await maybe(conn.query_one("SELECT count(*) FROM kept")))[0] == 1


async def test_going_back(table: Any) -> None:
    async with entered(await maybe(table.begin())) as tx:
        await add(tx, 1)
        await maybe(tx.savepoint("first"))
        await add(tx, 2)
        await maybe(tx.savepoint("second"))
        await add(tx, 3)
        await maybe(tx.rollback_to("second"))
        assert await numbers(tx) == [1, 2]
        await maybe(tx.rollback_to("first"))
        assert await numbers(tx) == [1]
        with pytest.raises(ProgrammingError, match=r"no savepoint 'second' .* Known: first\."):
            await maybe(tx.rollback_to("second"))
        await add(tx, 4)
        await maybe(tx.release_savepoint("first"))
        with pytest.raises(ProgrammingError, match=r"no savepoint 'first' .* Known: none\."):
            await maybe(tx.release_savepoint("first"))
        assert tx.is_active()
    assert await numbers(table) == [1, 4]


async def test_going_back_heals_a_failed_transaction(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        await add(tx, 1)
        await maybe(tx.savepoint("here"))
        with pytest.raises(ProgrammingError):
            await maybe(tx.execute("SELEC 1"))
        await maybe(tx.rollback_to("here"))
        await add(tx, 2)
    assert await numbers(table) == [1, 2]


async def test_a_name_set_again_hides_the_earlier_one(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        for number in (1, 2):
            await maybe(tx.savepoint("a"))
            await add(tx, number)
        await maybe(tx.rollback_to("a"))
        assert await numbers(tx) == [1]
        await maybe(tx.release_savepoint("a"))
        await maybe(tx.rollback_to("a"))
        assert await numbers(tx) == []


@pytest.mark.parametrize("name", ["1", "A_1", "select", "x" * 63])
async def test_names(table: Any, name: str) -> None:
    async with entered(table.transaction()) as tx:
        await maybe(tx.savepoint(name))
        await add(tx, 1)
        await maybe(tx.rollback_to(name))
        await maybe(tx.release_savepoint(name))
    assert await numbers(table) == []


@pytest.mark.parametrize(
    "name", ["", "a b", 'a"; DROP TABLE t; --', "a-b", "ü", "a\n", "x" * 64, None, 5, "ferrow_1", "FERROW_batch"]
)
async def test_other_names_are_refused_unsent(table: Any, name: Any) -> None:
    async with entered(table.transaction()) as tx:
        with pytest.raises(DataError, match="is no name for a savepoint"):
            await maybe(tx.savepoint(name))
        with pytest.raises(ProgrammingError, match="no savepoint"):
            await maybe(tx.rollback_to(name))
        assert table.status is Status.TRANSACTION


async def test_names_that_differ_in_case_alone_are_refused(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        await maybe(tx.savepoint("Here"))
        with pytest.raises(ProgrammingError, match="nothing but case"):
            await maybe(tx.savepoint("here"))
        with pytest.raises(ProgrammingError, match=r"no savepoint 'here' .* Did you mean 'Here'\?"):
            await maybe(tx.rollback_to("here"))
        await maybe(tx.release_savepoint("Here"))
        await maybe(tx.savepoint("here"))


async def test_beside_nested_transactions(table: Any) -> None:
    async with entered(table.transaction()) as tx:
        await maybe(tx.savepoint("outside"))
        await add(tx, 1)
        async with entered(tx.transaction()) as inner:
            for use in (tx.savepoint, tx.rollback_to, tx.release_savepoint):
                with pytest.raises(ProgrammingError, match="a nested transaction is open"):
                    await maybe(use("outside"))
            with pytest.raises(ProgrammingError, match="no savepoint 'outside'"):
                await maybe(inner.rollback_to("outside"))
            await maybe(inner.savepoint("inside"))
            await add(inner, 2)
            await maybe(inner.rollback_to("inside"))
            await add(inner, 3)
        with pytest.raises(ProgrammingError, match="no savepoint 'inside'"):
            await maybe(tx.rollback_to("inside"))
        assert await numbers(tx) == [1, 3]
        await maybe(tx.rollback_to("outside"))
        async with entered(tx.transaction()) as inner:
            await add(inner, 4)
    assert await numbers(table) == [4]


async def test_after_the_end(table: Any) -> None:
    tx = await maybe(table.begin())
    await maybe(tx.savepoint("a"))
    await maybe(tx.commit())
    assert not tx.is_active()
    calls: list[Any] = [
        lambda: tx.savepoint("b"),
        lambda: tx.rollback_to("a"),
        lambda: tx.release_savepoint("a"),
        lambda: tx.set_isolation_level("serializable"),
        lambda: tx.set_read_only(True),
        lambda: tx.execute("SELECT 1"),
        tx.commit,
        tx.rollback,
    ]
    for call in calls:
        with pytest.raises(ProgrammingError, match="Transaction is already committed or rolled back"):
            await maybe(call())


async def test_a_transaction_that_was_not_started_says_so(table: Any, colour: str) -> None:
    kind = driver.AsyncTransaction if colour == "async" else driver.Transaction
    tx: Any = kind(table)
    assert not tx.is_active()
    with pytest.raises(ProgrammingError, match=r"get one from begin\(\)"):
        await maybe(tx.execute("SELECT 1"))
    assert table.status is Status.IDLE
    async with entered(tx):
        await add(tx, 1)
    assert await numbers(table) == [1]


async def test_a_manual_end_inside_the_block(table: Any) -> None:
    async with entered(await maybe(table.begin())) as tx:
        await add(tx, 1)
        await maybe(tx.rollback())
    async with entered(await maybe(table.begin())) as tx:
        await add(tx, 2)
        await maybe(tx.commit())
    assert await numbers(table) == [2]


def test_savepoints_that_sqlite_lost(sqlite_url: str) -> None:
    with driver.connect(sqlite_url) as conn:
        conn.script("CREATE TABLE t (n integer PRIMARY KEY)")
        tx = conn.begin()
        tx.execute("INSERT INTO t VALUES (1)")
        tx.savepoint("a")
        with pytest.raises(DatabaseError):
            tx.execute("INSERT OR ROLLBACK INTO t VALUES (1)")
        with pytest.raises(OperationalError, match="rolled back the whole transaction: savepoint 'a' went with it"):
            tx.rollback_to("a")
        tx.rollback()
        assert conn.execute("INSERT INTO t VALUES (1)") == 1
