"""BEGIN goes out with the first statement of its transaction, and what that changes for nobody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow import driver
from ferrow.abc import Status
from ferrow.driver import Trace
from ferrow.errors import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from tests.support import entered, items, maybe


async def state(url: str, conn: Any) -> str:
    with driver.connect(url) as other:
        row = other.query_one("SELECT state FROM pg_stat_activity WHERE pid = $1", [conn.backend_pid])
    return str(row[0])


async def test_nothing_is_sent_before_the_first_statement(pg: Any, postgresql_url: str) -> None:
    before = pg.wire.requests
    async with entered(pg.transaction()) as tx:
        assert pg.status is Status.TRANSACTION
        assert pg.is_in_transaction if hasattr(pg, "is_in_transaction") else True
        assert await state(postgresql_url, pg) == "idle"
        await maybe(tx.query("SELECT 1"))
        assert await state(postgresql_url, pg) == "idle in transaction"
    assert pg.status is Status.IDLE
    assert pg.wire.requests == before + 2  # the statement and COMMIT


@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_a_transaction_without_statements(pg: Any, end: str) -> None:
    seen: list[Trace] = []
    pg.trace(seen.append)
    tx = await maybe(pg.begin())
    await maybe(getattr(tx, end)())
    assert pg.status is Status.IDLE
    assert seen == []
    await maybe(pg.query("SELECT 1"))
    assert [trace.sql for trace in seen] == ["SELECT 1"]


async def test_every_kind_of_request_begins_it(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a int)"))
    await maybe(pg.query("SELECT * FROM t"))

    async def streamed(tx: Any) -> None:
        await items(tx.stream("SELECT 1"))

    async def copied(tx: Any) -> None:
        await items(tx.copy_out("t"))

    kinds = {
        "known": lambda tx: tx.query("SELECT * FROM t"),
        "new": lambda tx: tx.query("SELECT 2 AS new"),
        "many": lambda tx: tx.run_many("INSERT INTO t VALUES ($1)", [[1], [2]]),
        "none": lambda tx: tx.run_many("INSERT INTO t VALUES ($1)", []),
        "batch": lambda tx: tx.execute_batch(["INSERT INTO t VALUES (3)", "SELECT 1"]),
        "script": lambda tx: tx.script("INSERT INTO t VALUES (4); SELECT 2"),
        "savepoint": lambda tx: tx.savepoint("s"),
        "isolation": lambda tx: tx.set_isolation_level("serializable"),
        "prepare": lambda tx: tx.connection.prepare("SELECT 3 AS newer"),
        "copy in": lambda tx: tx.copy_in("t", [(5,)]),
        "copy out": copied,
        "stream": streamed,
    }
    for name, work in kinds.items():
        async with entered(pg.transaction(isolation="repeatable read")) as tx:
            await maybe(work(tx))
            assert pg.status is Status.TRANSACTION, name
            level = "serializable" if name == "isolation" else "repeatable read"
            assert await maybe(tx.query("SHOW transaction_isolation")) == [(level,)], name
            assert await maybe(tx.query("SELECT count(*) FROM pg_locks WHERE virtualtransaction = 'x'")) == [(0,)]
            await maybe(tx.rollback())
        assert pg.status is Status.IDLE, name
    assert await maybe(pg.query("SELECT * FROM t")) == []


@pytest.mark.parametrize("sql", ["SELECT nonsense", "SELECT 1 / 0", "VACUUM"])
async def test_a_first_statement_that_fails_ends_the_transaction(pg: Any, sql: str) -> None:
    with pytest.raises(OperationalError, match="was not committed"):
        async with entered(pg.transaction()) as tx:
            with pytest.raises(DatabaseError):
                await maybe(tx.query(sql))
            assert pg.status is Status.FAILED
            with pytest.raises(DatabaseError) as caught:
                await maybe(tx.query("SELECT 1"))
            assert caught.value.sqlstate == "25P02"
    assert pg.status is Status.IDLE


async def test_a_value_that_is_refused_here_leaves_the_transaction_as_it_was(pg: Any, postgresql_url: str) -> None:
    await maybe(pg.query("SELECT $1::int", [1]))
    async with entered(pg.transaction()) as tx:
        with pytest.raises(DatabaseError):
            await maybe(tx.query("SELECT $1::int", ["no"]))
        assert pg.status is Status.TRANSACTION
        assert await maybe(tx.query("SELECT $1::int", [2])) == [(2,)]
        assert await state(postgresql_url, pg) == "idle in transaction"


async def test_a_connection_lost_before(pg: Any, postgresql_url: str) -> None:
    with pytest.raises((OperationalError, InterfaceError)):
        async with entered(pg.transaction()) as tx:
            with driver.connect(postgresql_url) as other:
                other.query("SELECT pg_terminate_backend($1)", [pg.backend_pid])
            await maybe(tx.query("SELECT 1"))
    assert pg.is_closed()


async def test_settings_before_the_first_statement(pg: Any) -> None:
    async with entered(pg.transaction()) as tx:
        await maybe(tx.set_isolation_level("serializable"))
        await maybe(tx.set_read_only(True))
        await maybe(tx.set_read_only(False))
        assert await maybe(tx.query_one("SHOW transaction_isolation")) == ("serializable",)
        with pytest.raises(ProgrammingError, match="before the first statement"):
            await maybe(tx.set_isolation_level("read committed"))


async def test_begin_that_fails_lets_nothing_run(pg: Any) -> None:
    """As a cancel request that hits BEGIN: what follows must not be committed one by one."""
    await maybe(pg.script("CREATE TABLE t (a int)"))
    for first in ("query", "script", "run_many"):
        with pytest.raises(OperationalError, match="was not committed"):
            async with entered(pg.transaction()) as tx:
                # Nobody else can make BEGIN fail at will.
                await maybe(pg.wire.script("COMMIT"))
                await maybe(pg.wire.begin("BEGIN nonsense"))
                assert pg.status is Status.TRANSACTION
                with pytest.raises(ProgrammingError, match="syntax"):
                    if first == "run_many":
                        await maybe(tx.run_many("INSERT INTO t VALUES ($1)", [[1]]))
                    else:
                        await maybe(getattr(tx, first)("INSERT INTO t VALUES (1)"))
                assert pg.status is Status.FAILED
                for _ in range(2):
                    with pytest.raises(DatabaseError, match="not run, because"):
                        await maybe(tx.query("INSERT INTO t VALUES (2) RETURNING a"))
                    with pytest.raises(DatabaseError, match="not run, because"):
                        await maybe(tx.script("INSERT INTO t VALUES (3)"))
        assert pg.status is Status.IDLE
    assert await maybe(pg.query("SELECT * FROM t")) == []


async def test_begin_that_fails_in_a_pipeline(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a int)"))
    known = "INSERT INTO t VALUES (1)"
    await maybe(pg.execute("INSERT INTO t VALUES (0)"))
    await maybe(pg.wire.prepare(known))
    with pytest.raises(ProgrammingError, match="syntax"):
        async with entered(pg.pipeline()) as pipe:
            pg.wire if hasattr(pg, "_core") else None
            wires = (pg._core if hasattr(pg, "_core") else pg)._pipeline._wires
            wires.begin("BEGIN nonsense")
            pending = [pipe.execute(known), pipe.execute(known), pipe.execute("INSERT INTO t VALUES (2)")]
            pending.append(pipe.script("INSERT INTO t VALUES (3)"))
            pending.append(pipe.script("COMMIT"))
            after = pipe.execute("INSERT INTO t VALUES (4)")
    for one in pending:
        with pytest.raises(DatabaseError):
            await maybe(one.result())
    assert await maybe(after.result()) == 1
    assert await maybe(pg.query("SELECT a FROM t ORDER BY a")) == [(0,), (4,)]
    assert pg.status is Status.IDLE


@pytest.mark.parametrize("colour", ["async"])
async def test_what_was_asked_before_is_no_part_of_it(pg: Any) -> None:
    await pg.script("CREATE TABLE t (a int)")
    for _ in range(20):
        before = [asyncio.ensure_future(pg.execute("INSERT INTO t VALUES (1)")) for _ in range(3)]
        new = asyncio.ensure_future(pg.query(f"INSERT INTO t VALUES ({_ + 100})"))
        await asyncio.sleep(0)
        async with pg.transaction() as tx:
            await asyncio.gather(*[tx.execute("INSERT INTO t VALUES (2)") for _ in range(3)])
            await tx.rollback()
        await asyncio.gather(*before, new)
    assert await pg.query_one(
        "SELECT count(*) FILTER (WHERE a = 1), count(*) FILTER (WHERE a = 2), count(*) FROM t"
    ) == (
        60,
        0,
        80,
    )


@pytest.mark.parametrize("colour", ["async"])
async def test_a_first_statement_that_is_cancelled(pg: Any) -> None:
    await pg.script("CREATE TABLE t (a int)")
    for moment in range(30):
        with pytest.raises((OperationalError, DatabaseError, asyncio.CancelledError)):
            async with pg.transaction() as tx:
                task = asyncio.ensure_future(tx.query("INSERT INTO t SELECT 1 FROM pg_sleep(5)"))
                await asyncio.sleep(moment / 10_000)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await tx.execute("INSERT INTO t VALUES (2)")
                raise asyncio.CancelledError
        assert pg.status is Status.IDLE
    assert await pg.query("SELECT * FROM t") == []
