"""Several connections to one SQLite file: snapshots, one writer at a time, transactions that refuse to write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import OperationalError, QueryCancelled, SerializationFailure
from tests.support import entered, maybe
from tests.support.colours import Runner


@pytest.fixture
def open_(sqlite_url: str, colour: str, runner: Runner) -> Iterator[Any]:
    """Opens connections to one file, with options."""
    opened: list[Any] = []

    async def connect(**options: Any) -> Any:
        conn = (
            await driver.connect_async(sqlite_url, **options)
            if colour == "async"
            else driver.connect(sqlite_url, **options)
        )
        opened.append(conn)
        return conn

    yield connect
    for conn in opened:
        runner.run(maybe(conn.close()))


@pytest.fixture
def conn(open_: Any, runner: Runner) -> Any:
    async def prepared() -> Any:
        conn = await open_()
        await maybe(conn.script("CREATE TABLE t (n INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)"))
        return conn

    return runner.run(prepared())


async def count(conn: Any) -> int:
    return (await maybe(conn.query_one("SELECT count(*) FROM t")))[0]


@asynccontextmanager
async def writing(conn: Any) -> AsyncIterator[None]:
    async with entered(conn.transaction()):
        await maybe(conn.execute("INSERT INTO t SELECT max(n) + 1 FROM t"))
        yield


async def test_readers_keep_their_snapshot_while_a_writer_commits(conn: Any, open_: Any) -> None:
    readers = [await open_(), await open_(readonly=True)]
    for reader in readers:
        async with entered(reader.transaction(readonly=True)):
            assert await count(reader) == 1
            async with writing(conn):
                assert await count(reader) == 1
            assert await count(reader) == 1
        assert await count(reader) == 2
        await maybe(conn.execute("DELETE FROM t WHERE n > 1"))


async def test_a_second_writer_waits_no_longer_than_busy_timeout(conn: Any, open_: Any) -> None:
    other = await open_(busy_timeout=0.05)
    async with writing(conn):
        with pytest.raises(OperationalError, match="database is locked: another connection held the lock for longer"):
            async with writing(other):
                pass
        with pytest.raises(OperationalError, match="database is locked"):
            await maybe(other.execute("DELETE FROM t"))
        assert await count(other) == 1
    async with writing(other):
        pass
    assert await count(conn) == 3


@pytest.mark.parametrize("way", ["begin", "transaction"])
async def test_what_a_transaction_has_read_nobody_else_changes_before_it_writes(
    conn: Any, open_: Any, way: str
) -> None:
    """It has the lock from its beginning: where it took it later, it could only be run again."""
    other = await open_(busy_timeout=0)
    begun = await maybe(conn.begin()) if way == "begin" else conn.transaction()
    async with entered(begun) as tx:
        assert await count(tx) == 1
        with pytest.raises(OperationalError, match="database is locked"):
            await maybe(other.execute("INSERT INTO t VALUES (2)"))
        await maybe(tx.execute("INSERT INTO t VALUES (2)"))
    assert await count(other) == 2


async def test_a_snapshot_that_is_behind_says_so(conn: Any, open_: Any) -> None:
    other = await open_()
    await maybe(other.script("BEGIN DEFERRED"))
    assert await count(other) == 1
    await maybe(conn.execute("INSERT INTO t VALUES (2)"))
    with pytest.raises(
        SerializationFailure, match="has written since this transaction first read; run the transaction again"
    ):
        await maybe(other.execute("INSERT INTO t VALUES (3)"))
    await maybe(other.script("ROLLBACK"))
    assert await maybe(other.execute("INSERT INTO t VALUES (3)")) == 1


@pytest.mark.only(colour="async")
async def test_a_second_writer_goes_on_when_the_first_has_committed(conn: Any, open_: Any, colour: str) -> None:
    other = await open_(busy_timeout=3600)
    async with conn.transaction():
        await conn.execute("INSERT INTO t VALUES (2)")
        second = asyncio.create_task(other.execute("INSERT INTO t SELECT max(n) + 1 FROM t"))
        await asyncio.sleep(0)
        assert await count(conn) == 2
    assert await second == 1
    assert await count(conn) == 3


async def test_a_readonly_transaction_refuses_to_write_and_says_why(conn: Any) -> None:
    with pytest.raises(
        OperationalError, match=r"begun with readonly=True and refuses to write; write in one without it"
    ):
        async with entered(conn.transaction(readonly=True)):
            assert await count(conn) == 1
            await maybe(conn.execute("INSERT INTO t VALUES (2)"))
    assert await maybe(conn.execute("INSERT INTO t VALUES (3)")) == 1
    assert await count(conn) == 2


@pytest.mark.parametrize(
    "write", ["INSERT INTO t VALUES (2)", "CREATE TABLE u (a)", "PRAGMA user_version = 5", "DELETE FROM t RETURNING n"]
)
async def test_nothing_is_written_in_whatever_way(conn: Any, write: str) -> None:
    async with entered(conn.transaction(readonly=True)) as tx:
        for call in (conn.query, conn.script, tx.execute):
            with pytest.raises(OperationalError, match="readonly"):
                await maybe(call(write))
        async with entered(conn.transaction()):
            with pytest.raises(OperationalError, match="readonly"):
                await maybe(conn.run_many("INSERT INTO t VALUES (?)", [(8,), (9,)], driver.Shape.tuples()))
    await maybe(conn.execute("INSERT INTO t VALUES (2)"))
    assert await count(conn) == 2


@pytest.mark.parametrize("end", ["commit", "rollback", "sql", "raise"])
async def test_the_connection_writes_again_however_it_ends(conn: Any, end: str) -> None:
    try:
        async with entered(conn.transaction(readonly=True)) as tx:
            if end == "raise":
                raise ZeroDivisionError
            await maybe(conn.script("ROLLBACK") if end == "sql" else getattr(tx, end)())
    except (ZeroDivisionError, OperationalError, driver.ProgrammingError):
        pass
    assert (await maybe(conn.query_one("PRAGMA query_only")))[0] == 0
    await maybe(conn.execute("INSERT INTO t VALUES (2)"))


@pytest.mark.only(colour="async")
async def test_the_connection_writes_again_after_a_cancellation(conn: Any, colour: str) -> None:
    inside = asyncio.Event()

    async def reading() -> None:
        async with conn.transaction(readonly=True):
            inside.set()
            await conn.query("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")

    task = asyncio.create_task(reading())
    await inside.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await conn.execute("INSERT INTO t VALUES (2)") == 1


async def test_query_only_that_was_set_by_hand_stays(conn: Any) -> None:
    await maybe(conn.execute("PRAGMA query_only = ON"))
    async with entered(conn.transaction(readonly=True)):
        assert await count(conn) == 1
    with pytest.raises(OperationalError, match="readonly"):
        await maybe(conn.execute("INSERT INTO t VALUES (2)"))


@pytest.mark.only(colour="async")
async def test_a_savepoint_whose_transaction_ends_before_it_begins_is_a_clear_error(conn: Any, colour: str) -> None:
    outer = await conn.begin()
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    running = asyncio.create_task(conn.query(endless))
    await asyncio.sleep(0)
    inner = asyncio.create_task(conn.transaction().start())
    await asyncio.sleep(0)
    await outer.rollback()
    results = await asyncio.gather(running, inner, return_exceptions=True)
    assert [type(result) for result in results] == [QueryCancelled, QueryCancelled]
    assert await conn.execute("INSERT INTO t VALUES (2)") == 1


async def by_begin(conn: Any) -> None:
    async with entered(await maybe(conn.begin())) as tx:
        await maybe(tx.query("SELECT others_write()"))


async def by_transaction(conn: Any) -> None:
    async with entered(conn.transaction()) as tx:
        await maybe(tx.query("SELECT others_write()"))


async def by_batch(conn: Any) -> None:
    await maybe(conn.execute_batch(["SELECT others_write()", "INSERT INTO t VALUES (8)"]))


async def by_run_many(conn: Any) -> None:
    await maybe(conn.run_many("INSERT INTO t SELECT ? WHERE others_write() IS NULL", [[8], [9]], driver.Shape.tuples()))


async def by_pipeline(conn: Any) -> None:
    async with entered(conn.pipeline()) as pipe, entered(pipe.transaction()):
        pipe.query("SELECT others_write()")
        pipe.execute("INSERT INTO t VALUES (8)")


async def by_cursor(conn: Any) -> None:
    async with entered(conn.cursor()) as cursor:
        await maybe(cursor.execute("INSERT INTO t SELECT 8 WHERE others_write() IS NULL"))
        await maybe(cursor.execute("SELECT others_write()"))
    await maybe(conn.commit())


@pytest.mark.parametrize(
    "way", [by_begin, by_transaction, by_batch, by_run_many, by_pipeline, by_cursor], ids=lambda way: way.__name__
)
async def test_what_may_write_has_the_lock_before_its_first_statement(conn: Any, sqlite_url: str, way: Any) -> None:
    """BEGIN IMMEDIATE: else what is read first could be out of date by the time of the first write, which would fail."""
    found: list[str] = []
    with driver.connect(sqlite_url, busy_timeout=0) as other:

        def others_write() -> None:
            try:
                other.execute("INSERT INTO t VALUES (99)")
            except OperationalError as error:
                found.append(str(error))
            else:
                found.append("written")

        await maybe(conn.sqlite.create_function("others_write", others_write, arguments=0))
        await way(conn)
        assert found
        assert [error for error in found if "database is locked" not in error] == []
        await maybe(conn.query("SELECT others_write()"))
        assert found[-1] == "written", "a lock that stays"
