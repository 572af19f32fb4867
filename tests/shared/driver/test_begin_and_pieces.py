"""BEGIN in front of more than plain executions: many rows in pieces, stale statements, deadlines."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow import driver
from ferrow.abc import Status
from ferrow.errors import DatabaseError, OperationalError, QueryTimeout, UniqueViolation
from tests.support import entered, maybe
from tests.support.colours import Runner

pytestmark = pytest.mark.postgresql

ROWS = 5000
INSERT = "INSERT INTO many VALUES ($1, $2)"


@pytest.fixture
def table(pg: Any, runner: Runner) -> str:
    runner.run(maybe(pg.script("CREATE TABLE many (a int PRIMARY KEY, b text)")))
    return "many"


def rows(count: int = ROWS, first: int = 0) -> list[tuple[int, str]]:
    return [(number, f"the name of number {number}") for number in range(first, first + count)]


async def seen(url: str) -> int:
    with driver.connect(url) as other:
        found: int = other.query_one("SELECT count(*) FROM many")[0]
    return found


@pytest.mark.parametrize("count", [1, 250, ROWS])
async def test_many_rows_begin_a_transaction(pg: Any, table: str, postgresql_url: str, count: int) -> None:
    await maybe(pg.prepare(INSERT))
    async with entered(pg.transaction()) as tx:
        await maybe(tx.run_many(INSERT, rows(count)))
        assert await seen(postgresql_url) == 0
        assert await maybe(tx.query_one("SELECT count(*) FROM many")) == (count,)
    assert await seen(postgresql_url) == count
    async with entered(pg.transaction()) as tx:
        await maybe(tx.run_many(INSERT, rows(count, first=ROWS)))
        await maybe(tx.rollback())
    assert await seen(postgresql_url) == count
    assert pg.status is Status.IDLE


async def test_many_rows_that_fail_end_the_transaction_they_begin(pg: Any, table: str, postgresql_url: str) -> None:
    await maybe(pg.prepare(INSERT))
    with pytest.raises(UniqueViolation):
        async with entered(pg.transaction()) as tx:
            await maybe(tx.run_many(INSERT, [*rows(300), *rows()]))
    assert await seen(postgresql_url) == 0
    async with entered(pg.transaction()) as tx:
        await maybe(tx.run_many(INSERT, rows()))
    assert await seen(postgresql_url) == ROWS


@pytest.mark.only(colour="async")
async def test_statements_queued_behind_the_many_rows_that_begin(pg: Any, table: str) -> None:
    """Whoever asks next must not begin once more."""
    await maybe(pg.prepare(INSERT))
    async with pg.transaction() as tx:
        first = asyncio.gather(
            tx.query_one("SELECT 'not prepared yet'"),
            tx.run_many(INSERT, rows(250)),
            tx.query_one("SELECT count(*) FROM many"),
            tx.run_many(INSERT, rows(ROWS, first=250)),
            tx.query_one("SELECT count(*) FROM many"),
        )
        answers = await first
    assert [answers[2][0], answers[4][0]] == [250, ROWS + 250]
    assert await pg.query_one("SELECT count(*) FROM many") == (ROWS + 250,)


async def test_a_pipeline_of_many_rows(pg: Any, table: str, postgresql_url: str) -> None:
    await maybe(pg.prepare(INSERT))
    notices: list[Any] = []
    pg.on_notice(notices.append)
    async with entered(pg.pipeline()) as pipe:
        before = pipe.query_one("SELECT count(*) FROM many")
        async with entered(pipe.transaction()):
            pipe.run_many(INSERT, rows(250))
            pipe.run_many(INSERT, rows(ROWS, first=250))
            inside = [pipe.query_one("SELECT count(*) FROM many") for _ in range(3)]
        after = pipe.query_one("SELECT count(*) FROM many")
        assert await maybe(after.result()) == (ROWS + 250,)
    assert await maybe(before.result()) == (0,)
    assert [await maybe(one.result()) for one in inside] == [(ROWS + 250,)] * 3
    assert await seen(postgresql_url) == ROWS + 250
    assert notices == []  # "there is already a transaction in progress", for one


async def test_a_stale_statement_is_never_run_outside_of_the_transaction_it_begins(
    pg: Any, table: str, postgresql_url: str
) -> None:
    """Its table has changed meanwhile. Whether the server minds depends on whether statements have names; nobody notices either way."""
    await maybe(pg.query("SELECT * FROM many"))
    await maybe(pg.run(INSERT, [1, "one"]))
    with driver.connect(postgresql_url) as other:
        other.script("ALTER TABLE many ADD COLUMN c int DEFAULT 7")
    async with entered(pg.transaction()) as tx:
        assert await maybe(tx.query("SELECT * FROM many")) == [(1, "one", 7)]
        assert pg.status is Status.TRANSACTION
    assert pg.status is Status.IDLE
    async with entered(pg.transaction()) as tx:
        assert await maybe(tx.query("SELECT * FROM many")) == [(1, "one", 7)]
        assert pg.status is Status.TRANSACTION
        await maybe(tx.execute("DELETE FROM many"))
        await maybe(tx.rollback())
    assert await seen(postgresql_url) == 1


async def test_an_error_of_begin_makes_no_statement_stale(pg: Any) -> None:
    """Its code is one of those that a stale statement has: it must not be tried again, outside of the transaction."""
    await maybe(pg.query("SELECT 1"))
    begin = "BEGIN; SELECT 1"  # refused as two statements in one, with 42601
    await maybe(pg.wire.begin(begin))
    with pytest.raises(DatabaseError) as caught:
        await maybe(pg.query("SELECT 1"))
    assert caught.value.sqlstate == "42601"
    assert pg.status is Status.FAILED
    with pytest.raises(DatabaseError, match="not run"):
        await maybe(pg.query("SELECT 1"))
    await maybe(pg.wire.script("ROLLBACK"))
    assert await maybe(pg.query("SELECT 1")) == [(1,)]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("call", ["query", "script", "batch", "many"])
async def test_a_first_statement_that_is_late_takes_its_begin_along(pg: Any, call: str, known: bool) -> None:
    slow = "SELECT pg_sleep(60 * $1::int)" if call in ("query", "many") else "SELECT pg_sleep(60)"
    if known:
        await maybe(pg.prepare(slow))
    calls = {
        "query": lambda tx: tx.query(slow, [1], timeout=0.2),
        "script": lambda tx: tx.script(slow, timeout=0.2),
        "batch": lambda tx: tx.execute_batch([slow], timeout=0.2),
        "many": lambda tx: tx.run_many(slow, [[1]], timeout=0.2),
    }
    with pytest.raises(QueryTimeout):
        async with entered(pg.transaction()) as tx:
            await maybe(calls[call](tx))
    assert pg.status is Status.IDLE
    assert await maybe(pg.query("SELECT 1")) == [(1,)]
    with pytest.raises(OperationalError, match="not committed"):
        async with entered(pg.transaction()) as tx:
            with pytest.raises(QueryTimeout):
                await maybe(calls[call](tx))
            with pytest.raises(DatabaseError):
                await maybe(tx.query("SELECT 1"))
    async with entered(pg.transaction()) as tx:
        assert await maybe(tx.query("SELECT 2")) == [(2,)]
    assert pg.status is Status.IDLE


async def test_waiting_for_a_pipeline_within_a_deadline(pg: Any, postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as holder:
        holder.query("SELECT pg_advisory_lock(1)")
        async with entered(pg.pipeline()) as pipe:
            slow = pipe.query_one("SELECT 1 FROM pg_advisory_lock(1)")
            behind = pipe.query_one("SELECT 2")
            for wait in (slow.result, behind.result, pipe.sync):
                with pytest.raises(QueryTimeout, match="nothing is cancelled"):
                    await maybe(wait(timeout=0.01))
            assert not behind.done()
            holder.query("SELECT pg_advisory_unlock(1)")
            assert await maybe(behind.result(timeout=60)) == (2,)
            assert await maybe(slow.result(timeout=0.01)) == (1,)
            await maybe(pipe.sync(timeout=60))


async def test_the_default_deadline_leaves_pipelines_alone(
    colour: str, postgresql_url: str, statements: dict[str, Any]
) -> None:
    options = {"command_timeout": 0.2, **statements}
    conn = await maybe(
        driver.connect_async(postgresql_url, **options)
        if colour == "async"
        else driver.connect(postgresql_url, **options)
    )
    async with entered(conn) as conn:
        async with entered(conn.pipeline()) as pipe:
            slow = pipe.query_one("SELECT 1 FROM pg_sleep(0.6)")
            assert await maybe(slow.result()) == (1,)
            async with entered(pipe.transaction()):
                slow = pipe.query_one("SELECT 2 FROM pg_sleep(0.6)")
        assert await maybe(slow.result()) == (2,)
        with pytest.raises(QueryTimeout):
            await maybe(conn.query("SELECT pg_sleep(60)"))
        assert await maybe(conn.query("SELECT 1", timeout=60)) == [(1,)]


async def test_a_statement_beside_a_pipeline_that_is_late(pg: Any) -> None:
    async with entered(pg.pipeline()) as pipe:
        first = pipe.query_one("SELECT 1")
        with pytest.raises(QueryTimeout):
            await maybe(pg.query("SELECT pg_sleep(60)", timeout=0.2))
        second = pipe.query_one("SELECT 2")
        async with entered(pipe.transaction()):
            third = pipe.query_one("SELECT 3")
    assert [await maybe(one.result()) for one in (first, second, third)] == [(1,), (2,), (3,)]
    assert pg.status is Status.IDLE


@pytest.mark.only(colour="async")
async def test_a_pipeline_left_while_it_is_held_back(pg: Any) -> None:
    """What was queued while another statement was being cancelled is not sent, its BEGIN included."""
    queued = asyncio.Event()

    async def work() -> None:
        async with pg.pipeline() as pipe:
            with pytest.raises(QueryTimeout):
                await pg.query("SELECT pg_sleep(60)", timeout=0.2)
            async with pipe.transaction():
                pipe.execute("CREATE TABLE never (a int)")
                queued.set()
                await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await queued.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await pg.query("SELECT to_regclass('never') IS NULL") == [(True,)]
    assert pg.status is Status.IDLE
