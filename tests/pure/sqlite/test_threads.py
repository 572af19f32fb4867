"""Several threads, several connections, interrupts."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as end_of

import pytest

from ferrow._core import SqliteConnection, SqliteTools
from ferrow.errors import ConnectionLost, InterfaceError, OperationalError, QueryCancelled
from tests.pure.sqlite.ask import TUPLES, rows, value

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
BEGUN = ENDLESS.replace("SELECT 1", "SELECT begun()", 1)
LONG = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000000) SELECT count(*) FROM n"


def begins(db: SqliteConnection) -> threading.Event:
    """Set as soon as a statement with `begun()` runs."""
    begun = threading.Event()

    def begin() -> int:
        begun.set()
        return 1

    SqliteTools(db).register("function", "begun", begin, 0, False, True)
    return begun


def soon(call: Callable[[], object], seconds: float = 0.1) -> threading.Timer:
    timer = threading.Timer(seconds, call)
    timer.start()
    return timer


def test_other_threads_run_while_a_statement_does(db: SqliteConnection) -> None:
    begun = begins(db)
    with ThreadPoolExecutor(1) as pool:
        scan = pool.submit(rows, db, BEGUN)
        begun.wait()
        for _ in range(20):
            time.sleep(0.001)
        assert not scan.done()
        db.interrupt_handle().interrupt()
        with pytest.raises(QueryCancelled):
            scan.result()


def test_an_interrupt_ends_a_statement(db: SqliteConnection) -> None:
    soon(db.interrupt_handle().interrupt)
    with pytest.raises(QueryCancelled):
        rows(db, ENDLESS)
    assert value(db, "SELECT 1") == 1


def test_an_interrupt_before_the_statement_is_not_lost_unless_cleared(db: SqliteConnection) -> None:
    handle = db.interrupt_handle()
    handle.interrupt()
    with pytest.raises(QueryCancelled):
        rows(db, "SELECT 1")
    assert value(db, "SELECT 2") == 2
    handle.interrupt()
    handle.clear()
    assert value(db, "SELECT 3") == 3


def test_an_interrupt_ends_batches_and_scripts(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a)")
    soon(db.interrupt_handle().interrupt)
    with pytest.raises(QueryCancelled):
        db.run_many("INSERT INTO t VALUES (?)", ([i] for i in iter(int, 1)), TUPLES)
    assert value(db, "SELECT count(*) FROM t") == 0
    soon(db.interrupt_handle().interrupt)
    with pytest.raises(QueryCancelled):
        db.script(f"{LONG};" * 200)
    assert db.status == "idle"


def test_an_interrupted_write_fails_its_transaction(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1)")
    begun = begins(db)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: begun.wait() and db.interrupt_handle().interrupt())
        with pytest.raises(QueryCancelled):
            rows(db, f"INSERT INTO t {BEGUN}")
    assert db.status == "failed"
    db.script("ROLLBACK")
    assert value(db, "SELECT count(*) FROM t") == 0


def test_an_interrupt_ends_a_wait_for_a_lock(path: str) -> None:
    holder, waiter = SqliteConnection(path), SqliteConnection(path, busy_timeout=3600)
    holder.script("CREATE TABLE t (a); BEGIN IMMEDIATE")
    soon(waiter.interrupt_handle().interrupt)
    with pytest.raises(QueryCancelled):
        rows(waiter, "INSERT INTO t VALUES (1)")
    holder.close()
    waiter.close()


def test_the_busy_timeout_is_kept(path: str) -> None:
    holder, waiter = SqliteConnection(path), SqliteConnection(path, busy_timeout=0.3)
    holder.script("CREATE TABLE t (a); BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        rows(waiter, "INSERT INTO t VALUES (1)")
    assert time.monotonic() - started > 0.25
    patient = SqliteConnection(path, busy_timeout=3600)
    soon(lambda: holder.script("COMMIT"), 0.1)
    rows(patient, "INSERT INTO t VALUES (1)")
    for connection in (holder, waiter, patient):
        connection.close()


def test_readers_see_the_old_state_while_one_writes(path: str) -> None:
    writer, reader = SqliteConnection(path), SqliteConnection(path, busy_timeout=0)
    writer.script("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    writer.script("BEGIN IMMEDIATE; INSERT INTO t VALUES (2)")
    assert value(reader, "SELECT count(*) FROM t") == 1
    writer.script("COMMIT")
    assert value(reader, "SELECT count(*) FROM t") == 2
    reader.close()
    writer.close()


def test_many_writers_lose_nothing(path: str) -> None:
    SqliteConnection(path).script("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (0)")

    def work() -> None:
        connection = SqliteConnection(path, busy_timeout=3600)
        for _ in range(50):
            connection.script("BEGIN IMMEDIATE")
            rows(connection, "UPDATE t SET a = ?", [value(connection, "SELECT a FROM t") + 1])
            connection.script("COMMIT")
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work) for _ in range(8)]:
            done.result()
    connection = SqliteConnection(path)
    assert value(connection, "SELECT a FROM t") == 400
    connection.close()


def test_connections_can_be_opened_at_once(path: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        for connection in [done.result() for done in [pool.submit(SqliteConnection, path) for _ in range(16)]]:
            assert value(connection, "PRAGMA journal_mode") == "wal"
            connection.close()


def test_a_second_thread_waits_for_its_turn(db: SqliteConnection) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(rows, db, LONG)
        assert value(db, "SELECT 1") == 1
        assert running.result() == [(3000000,)]


def test_threads_that_share_a_connection_lose_nothing(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a INTEGER)")

    def work(number: int) -> None:
        for step in range(200):
            rows(db, "INSERT INTO t VALUES (?)", [number * 1000 + step])

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work, number) for number in range(8)]:
            done.result()
    assert rows(db, "SELECT count(*), count(DISTINCT a) FROM t") == [(1600, 1600)]


def test_a_busy_thread_starves_nobody(db: SqliteConnection) -> None:
    over = threading.Event()
    turns = [0, 0, 0]

    def work(number: int) -> None:
        while not over.is_set():
            assert value(db, "SELECT ?", [number]) == number
            turns[number] += 1

    with ThreadPoolExecutor(2) as pool:
        busy = [pool.submit(work, number) for number in (1, 2)]
        try:
            while min(turns) < 100:
                assert value(db, "SELECT 0") == 0
                turns[0] += 1
        finally:
            over.set()
        for done in busy:
            done.result()


def test_close_does_not_wait_and_the_waiting_learn_of_it(db: SqliteConnection) -> None:
    begun = begins(db)
    with ThreadPoolExecutor(2) as pool:
        running = pool.submit(rows, db, BEGUN)
        begun.wait()
        waiting = pool.submit(rows, db, "SELECT 1")
        assert end_of([waiting], timeout=0.05).not_done, "it has its turn when the other one has ended"
        db.close()
        with pytest.raises(ConnectionLost, match=r"^Connection is closed$"):
            running.result()
        with pytest.raises(InterfaceError, match="closed"):
            waiting.result()
    assert db.closed


def test_finish_ends_what_runs_and_waits_for_the_file_to_be_closed(db: SqliteConnection) -> None:
    before = db.requests
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(rows, db, ENDLESS)
        while db.requests == before:
            pass
        db.finish(60)
        assert db.closed
        assert not db.holds_file
        with pytest.raises(ConnectionLost, match=r"^Connection is closed$"):
            running.result()
    db.finish(60)


def test_nothing_interrupts_the_end(path: str) -> None:
    """Nor waits for it with the GIL, which a function needs to go."""
    for _ in range(5):
        db = SqliteConnection(path)
        SqliteTools(db).register("function", "same", lambda value: value, 1, False, True)
        handle = db.interrupt_handle()
        db.script("PRAGMA wal_autocheckpoint = 0; CREATE TABLE IF NOT EXISTS t (a); DELETE FROM t")
        db.script(f"INSERT INTO t SELECT randomblob(400) FROM ({ENDLESS.replace('count(*)', 'x')} LIMIT 30000)")
        with ThreadPoolExecutor(1) as pool:
            closing = pool.submit(db.finish, 60)
            while not db.closed:
                pass
            while db.holds_file:
                db.close()
                handle.interrupt()
            closing.result()
        # The last one to leave has copied the write-ahead log into the file.
        assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]
