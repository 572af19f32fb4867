"""sqlite3 with `autocommit=False` (Python 3.12): a transaction is always open, and whether the program has one nothing says."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ferrow.errors import DatabaseError, InterfaceError, OperationalError
from ferrow.repository import Database, PoolConnector
from tests.support.given import always


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "always.db")


@pytest.fixture
def other(path: str) -> Iterator[sqlite3.Connection]:
    """Another connection, which waits for nobody."""
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    yield other
    other.close()


@pytest.fixture
def conn(path: str) -> Iterator[Any]:
    conn = always(path)
    yield conn
    conn.close()


@pytest.fixture
def db(conn: Any, other: sqlite3.Connection) -> Database:
    other.execute("CREATE TABLE things (name)")
    return Database(conn)


def names(conn: Any) -> list[str]:
    return [name for (name,) in conn.execute("SELECT name FROM things ORDER BY rowid")]


def test_our_tables_are_committed_and_our_reads_lock_nothing(db: Database, other: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE more (name)")
    assert other.execute("SELECT count(*) FROM more").fetchone() == (0,)
    assert db.fetchall("SELECT * FROM things") == []
    other.execute("INSERT INTO things VALUES ('theirs')")  # a read that was left open would not let it commit
    assert db.fetchall("SELECT * FROM things") == [{"name": "theirs"}], "nor is there an old picture of the database"


def test_what_the_program_has_committed_is_no_transaction_of_its(
    db: Database, conn: Any, other: sqlite3.Connection
) -> None:
    conn.execute("INSERT INTO things VALUES ('a')")
    conn.commit()
    conn.execute("SELECT * FROM things").fetchall()
    db.execute("INSERT INTO things VALUES ('b')")
    assert names(other) == ["a", "b"]
    conn.execute("INSERT INTO things VALUES ('c')")
    conn.rollback()
    db.execute("INSERT INTO things VALUES ('d')")
    assert names(other) == ["a", "b", "d"]
    assert conn.autocommit is False
    assert conn.in_transaction


def test_a_table_of_the_programs_transaction_is_part_of_it(db: Database, conn: Any, other: sqlite3.Connection) -> None:
    conn.execute("CREATE TABLE mine (name)")
    db.execute("INSERT INTO mine VALUES ('a')")
    with db.transaction():
        db.execute("INSERT INTO mine VALUES ('b')")
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("things",)]
    conn.rollback()
    assert db.fetchall("SELECT name FROM sqlite_master") == [{"name": "things"}]


def test_options_of_transactions(db: Database, conn: Any, other: sqlite3.Connection) -> None:
    with db.engine.transaction(readonly=True):
        with pytest.raises(DatabaseError, match="readonly"):
            db.execute("INSERT INTO things VALUES ('a')")
    with db.transaction():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO things VALUES ('x')")
        db.execute("INSERT INTO things VALUES ('b')")
    assert names(other) == ["b"]


def test_a_lock_of_another_one_is_no_transaction_of_the_program(path: str, other: sqlite3.Connection) -> None:
    other.execute("CREATE TABLE things (name)")
    conn = always(path, timeout=0)
    db = Database(conn)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OperationalError, match="locked"):
        db.execute("INSERT INTO things VALUES ('a')")
    other.execute("COMMIT")
    db.execute("INSERT INTO things VALUES ('b')")
    assert names(other) == ["b"]
    conn.close()


def test_nor_is_one_that_was_let_go_meanwhile(
    db: Database, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ferrow.wire.dbapi.drivers import sqlite_pending

    step, busy = sqlite_pending._step, iter([5])
    monkeypatch.setattr(sqlite_pending, "_step", lambda conn: next(busy, None) or step(conn))
    db.execute("INSERT INTO things VALUES ('a')")
    assert names(other) == ["a"]


@pytest.mark.parametrize("guard", ["rollback", "raise"])
def test_a_pool_knows_who_has_not_committed(path: str, other: sqlite3.Connection, guard: Any) -> None:
    other.execute("CREATE TABLE things (name)")
    pool = PoolConnector(always, path, max_size=1, transaction_guard=guard)
    with pool.connection() as conn:
        conn.execute("INSERT INTO things VALUES ('kept')")
        conn.commit()
    conn = pool.acquire()
    conn.execute("INSERT INTO things VALUES ('left')")
    if guard == "raise":
        with pytest.raises(RuntimeError, match="transaction open"):
            pool.release(conn)
    else:
        pool.release(conn)
    assert names(other) == ["kept"]
    with pool.connection() as conn:
        conn.execute("INSERT INTO things VALUES ('more')")
        conn.commit()
    pool.close()


def test_threads(path: str, other: sqlite3.Connection) -> None:
    other.execute("CREATE TABLE things (name)")
    with Database(always(path, check_same_thread=False)) as db:

        def work(name: str) -> None:
            for place in range(10):
                db.execute("INSERT INTO things VALUES (?)", [f"{name}{place}"])
                assert len(db.fetchall("SELECT * FROM things")) > place

        threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(names(other)) == 30


def test_a_connection_that_was_closed(db: Database, conn: Any) -> None:
    assert db.fetchall("SELECT * FROM things") == []
    conn.close()
    for sql in ("SELECT * FROM things", "INSERT INTO things VALUES ('a')"):
        with pytest.raises(InterfaceError, match="Connection is closed"):
            db.execute(sql)


def test_a_connection_of_another_thread(db: Database, conn: Any) -> None:
    assert db.fetchall("SELECT * FROM things") == []
    with ThreadPoolExecutor(1) as thread, pytest.raises(DatabaseError, match="same thread"):
        thread.submit(db.fetchall, "SELECT * FROM things").result()
    assert db.fetchall("SELECT * FROM things") == []
