"""Short reads keep the GIL; what turns out not to be short gives it up, and is none the worse for it."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ferrow._core import SqliteConnection
from ferrow.errors import QueryCancelled
from tests.pure.sqlite.ask import TUPLES, rows, value

COUNT = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ?) SELECT count(*) FROM c"
LIST = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ?) SELECT x FROM c"


@contextmanager
def computing() -> Iterator[list[int]]:
    """Another thread that computes; how far it has come."""
    over, turns = threading.Event(), [0]

    def compute() -> None:
        while not over.is_set():
            turns[0] += 1

    thread = threading.Thread(target=compute)
    thread.start()
    try:
        yield turns
    finally:
        over.set()
        thread.join()


def quick(db: SqliteConnection, sql: str) -> None:
    for _ in range(3):
        rows(db, sql, [3])


@pytest.mark.alone
def test_a_computing_thread_does_not_slow_short_reads_down(db: SqliteConnection) -> None:
    """Given up at each of them, the GIL would come back after 5 milliseconds each time: the other thread gets on meanwhile."""
    quick(db, COUNT)
    with computing() as turns:
        given_up = 0
        for _ in range(400):
            before = turns[0]
            assert value(db, COUNT, [3]) == 3
            given_up += turns[0] != before
    assert given_up < 200


def test_a_read_that_gets_long_gives_the_gil_up(db: SqliteConnection) -> None:
    quick(db, COUNT)
    with computing() as turns:
        before = turns[0]
        assert value(db, COUNT, [2_000_000]) == 2_000_000
        assert turns[0] - before > 100_000
    assert value(db, COUNT, [3]) == 3


def test_more_rows_than_are_read_at_once(db: SqliteConnection) -> None:
    quick(db, LIST)
    for count in (2047, 2048, 2049, 5000, 3):
        assert rows(db, LIST, [count]) == [(number,) for number in range(1, count + 1)]


def test_a_lock_is_waited_for(path: str) -> None:
    db, other = [SqliteConnection(path, journal_mode="delete") for _ in range(2)]
    db.script("CREATE TABLE t (x); INSERT INTO t VALUES (1)")
    for _ in range(3):
        assert value(db, "SELECT x FROM t") == 1
    other.script("BEGIN EXCLUSIVE; UPDATE t SET x = 2")

    def commit() -> None:
        time.sleep(0.2)
        other.script("COMMIT")

    thread = threading.Thread(target=commit)
    thread.start()
    assert value(db, "SELECT x FROM t") == 2
    thread.join()
    other.close()
    db.close()


def test_it_is_interrupted_like_any_other(db: SqliteConnection) -> None:
    quick(db, COUNT)
    timer = threading.Timer(0.2, db.interrupt_handle().interrupt)
    timer.start()
    with pytest.raises(QueryCancelled):
        value(db, COUNT, [1_000_000_000])
    timer.join()
    assert value(db, COUNT, [3]) == 3


def test_a_schema_that_changed(path: str, file_db: SqliteConnection) -> None:
    file_db.script("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    for _ in range(3):
        assert rows(file_db, "SELECT * FROM t") == [(1,)]
    other = SqliteConnection(path)
    other.script("ALTER TABLE t ADD COLUMN b DEFAULT 2")
    other.close()
    assert rows(file_db, "SELECT * FROM t") == [(1, 2)]


def test_a_text_that_was_bound_is_not_kept(db: SqliteConnection) -> None:
    for _ in range(3):
        assert value(db, "SELECT ?", ["text"]) == "text"
        assert value(db, "SELECT ?", [1]) == 1
        assert value(db, "SELECT ?", [None]) is None


def test_what_reads_make_room_for_is_there_after_a_crash(path: str, tmp_path: Path) -> None:
    """A page that a read needs takes the place of one that has changed, which then goes to the write-ahead log in its turn."""
    db = SqliteConnection(path, journal_mode="wal", cache_size=20)
    db.script("PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a INTEGER PRIMARY KEY, b); CREATE TABLE new (a, b)")
    db.run_many("INSERT INTO t VALUES (?, ?)", [(n, "." * 3000) for n in range(300)], TUPLES)
    read = "SELECT b FROM t WHERE a = ?"
    for number in range(20):
        rows(db, read, [number])
    db.script("BEGIN")
    for number in range(300):
        db.run("INSERT INTO new VALUES (?, ?)", [number, "." * 1000], TUPLES)
        assert value(db, read, [number * 7 % 300]) == "." * 3000
    db.script("COMMIT")
    copy = str(tmp_path / "copy.db")
    for suffix in ("", "-wal"):
        shutil.copy(path + suffix, copy + suffix)
    db.close()
    recovered = SqliteConnection(copy)
    assert value(recovered, "SELECT count(*) FROM new") == 300
    assert value(recovered, "PRAGMA integrity_check") == "ok"
    recovered.close()
