"""`timeout=` on SQLite: what runs is interrupted, a wait for a lock ends, and the connection goes on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.errors import DatabaseError, OperationalError, QueryCancelled, QueryTimeout
from tests.support import entered, items, maybe
from tests.support.deadlines import connected, in_time

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
LIMIT = 0.2


def endless(number: int) -> str:
    return f"INSERT INTO t {ENDLESS.replace('count(*)', 'x')} LIMIT {number}"


CALLS: dict[str, Any] = {
    "query": lambda conn: conn.query(ENDLESS, timeout=LIMIT),
    "execute": lambda conn: conn.execute(endless(10**12), timeout=LIMIT),
    "run_many": lambda conn: conn.run_many("INSERT INTO t VALUES (?)", ((n,) for n in range(10**7)), timeout=LIMIT),
    "executemany": lambda conn: conn.run_many(
        endless(10**6) + " OFFSET ?", [(n,) for n in range(10**4)], timeout=LIMIT
    ),
    "script": lambda conn: conn.script(f"SELECT 1; {ENDLESS}", timeout=LIMIT),
    "execute_batch": lambda conn: conn.execute_batch(["INSERT INTO t VALUES (1)", endless(10**12)], timeout=LIMIT),
    "stream": lambda conn: items(conn.stream(ENDLESS, timeout=LIMIT)),
}


@pytest.mark.parametrize("call", [name for name in CALLS if name != "run_many"])
async def test_what_runs_is_interrupted_and_leaves_nothing(colour: str, sqlite_url: str, call: str) -> None:
    async with connected(colour, sqlite_url) as conn:
        await maybe(conn.script("CREATE TABLE t (n)"))
        with pytest.raises(QueryTimeout, match=r"within 0\.2 s") as caught, in_time(LIMIT):
            await maybe(CALLS[call](conn))
        assert caught.value.query
        assert (await maybe(conn.query_one("SELECT count(*) FROM t")))[0] == 0
        assert conn.status == "idle"


async def test_inside_a_transaction_sqlite_says_what_is_left(colour: str, sqlite_url: str) -> None:
    """Reads leave the transaction as it was; an interrupted write may roll all of it back, and then nothing is kept."""
    async with connected(colour, sqlite_url) as conn:
        await maybe(conn.script("CREATE TABLE t (n)"))
        async with entered(conn.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO t VALUES (1)"))
            with pytest.raises(QueryTimeout), in_time(LIMIT):
                await maybe(tx.query(ENDLESS, timeout=LIMIT))
            await maybe(tx.execute("INSERT INTO t VALUES (2)"))
        assert [row[0] for row in await maybe(conn.query("SELECT n FROM t ORDER BY n"))] == [1, 2]
        with pytest.raises(DatabaseError):
            async with entered(conn.transaction()) as tx:
                await maybe(tx.execute("INSERT INTO t VALUES (3)"))
                with pytest.raises(QueryTimeout), in_time(LIMIT):
                    await maybe(tx.execute(endless(10**12), timeout=LIMIT))
                await maybe(tx.execute("INSERT INTO t VALUES (4)"))
        assert [row[0] for row in await maybe(conn.query("SELECT n FROM t ORDER BY n"))] == [1, 2]


async def test_a_wait_for_a_lock_ends_at_the_deadline(colour: str, sqlite_url: str) -> None:
    async with connected(colour, sqlite_url) as conn, connected(colour, sqlite_url) as other:
        await maybe(conn.script("CREATE TABLE t (n)"))
        async with entered(other.transaction()):
            with pytest.raises(QueryTimeout), in_time(LIMIT):
                await maybe(conn.execute("INSERT INTO t VALUES (1)", timeout=LIMIT))
            with pytest.raises(QueryTimeout), in_time(LIMIT):
                await maybe(conn.begin(timeout=LIMIT))
            assert conn.status == "idle"
        await maybe(conn.execute("INSERT INTO t VALUES (2)", timeout=30))
        assert [row[0] for row in await maybe(conn.query("SELECT n FROM t"))] == [2]


async def test_a_lock_that_is_given_up_before_the_deadline_is_no_timeout(colour: str, sqlite_url: str) -> None:
    async with connected(colour, f"{sqlite_url}?busy_timeout=0.05") as conn, connected(colour, sqlite_url) as other:
        await maybe(conn.script("CREATE TABLE t (n)"))
        async with entered(other.transaction()):
            with pytest.raises(OperationalError, match="locked") as caught:
                await maybe(conn.execute("INSERT INTO t VALUES (1)", timeout=30))
            assert not isinstance(caught.value, QueryTimeout)


async def test_the_option_is_for_all_calls(colour: str, sqlite_url: str) -> None:
    async with connected(colour, f"{sqlite_url}?command_timeout=0.2") as conn:
        with pytest.raises(QueryTimeout), in_time(LIMIT):
            await maybe(conn.query(ENDLESS))
        cursor = conn.cursor()
        with pytest.raises(QueryTimeout), in_time(LIMIT):
            await maybe(cursor.execute(ENDLESS))
        assert (await maybe(conn.query_one("SELECT 7")))[0] == 7
    engine = create_engine(sqlite_url, command_timeout=LIMIT)
    async with entered(await engine if colour == "async" else engine) as opened:
        for _ in range(3):
            with pytest.raises(QueryTimeout), in_time(LIMIT):
                await maybe(opened.query(ENDLESS))
        assert (await maybe(opened.query_one("SELECT 7")))[0] == 7


def test_a_thread_that_waits_for_another_leaves_in_time(sqlite_url: str) -> None:
    with driver.connect(sqlite_url) as conn, ThreadPoolExecutor(1) as threads:
        begun = threading.Event()
        conn.sqlite.create_function("begun", lambda: begun.set() or 1, arguments=0)
        running = threads.submit(conn.query, ENDLESS.replace("SELECT 1", "SELECT begun()", 1))
        begun.wait()
        with pytest.raises(QueryTimeout):
            conn.query("SELECT 1", timeout=LIMIT)
        assert not running.done()
        conn.sqlite.interrupt()
        with pytest.raises(QueryCancelled):
            running.result()
        assert conn.query_one("SELECT 7")[0] == 7


@pytest.mark.parametrize(
    ("way", "pragma"),
    [
        ("query", "PRAGMA busy_timeout = 60000"),
        ("script", "SELECT 1; /* ms */ pragma main.Busy_Timeout(60000);"),
        ("query", ";PRAGMA busy_timeout = 60000"),
        ("query", "-- ; ms\nPRAGMA busy_timeout = 60000"),
        ("query", '\ufeffPRAGMA "busy_timeout" = 60000'),
    ],
)
async def test_a_wait_that_the_pragma_asks_for_ends_too(colour: str, sqlite_url: str, way: str, pragma: str) -> None:
    async with connected(colour, sqlite_url) as conn, connected(colour, sqlite_url, busy_timeout=0) as other:
        await maybe(conn.execute("CREATE TABLE t (n)"))
        assert await maybe(other.query("PRAGMA busy_timeout")) == [(0,)]
        await maybe(getattr(other, way)(pragma))
        assert await maybe(other.query("PRAGMA busy_timeout")) == [(60000,)]
        async with entered(conn.transaction()):
            with pytest.raises(QueryTimeout):
                await maybe(other.execute("INSERT INTO t VALUES (1)", timeout=LIMIT))
            over = threading.Event()

            def interrupt() -> None:
                while not over.wait(LIMIT):  # one that comes before the statement is lost
                    other.sqlite.interrupt()

            interrupting = threading.Thread(target=interrupt)
            interrupting.start()
            with pytest.raises(QueryCancelled):
                await maybe(other.execute("INSERT INTO t VALUES (1)"))
            over.set()
            interrupting.join()
            await maybe(other.query("PRAGMA busy_timeout = 0"))
            with pytest.raises(OperationalError, match="database is locked"):
                await maybe(other.execute("INSERT INTO t VALUES (1)"))
        assert await maybe(other.execute("INSERT INTO t VALUES (1)")) == 1


async def test_the_time_to_wait_for_locks_can_be_asked_for(colour: str, sqlite_url: str) -> None:
    async with connected(colour, sqlite_url, busy_timeout=1.5) as conn:
        assert await maybe(conn.query("PRAGMA busy_timeout")) == [(1500,)]
