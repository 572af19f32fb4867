"""Queries that go the short way over one given connection of sqlite3 are told from none that go the long way."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from ferrow.errors import DatabaseError, InterfaceError, ProgrammingError, QueryTimeout
from ferrow.repository import AsyncDatabase, Database


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "direct.db")


@pytest.fixture
def conn(path: str) -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(path, check_same_thread=False)
    conn.execute("CREATE TABLE things (name)")
    yield conn
    conn.close()


class Ways:
    """Which of the two each query went."""

    def __init__(self, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        direct: Any = db.engine._core._direct
        driver = direct._driver
        self.short = self.long = 0
        read, run = driver.read, driver.run

        def counted(*arguments: Any) -> Any:
            self.short += 1
            return read(*arguments)

        async def other(*arguments: Any) -> Any:
            self.long += 1
            return await run(*arguments)

        monkeypatch.setattr(type(driver), "read", lambda _, *arguments: counted(*arguments))
        monkeypatch.setattr(type(driver), "run", lambda _, *arguments: other(*arguments))

    def gone(self) -> tuple[int, int]:
        found, self.short, self.long = (self.short, self.long), 0, 0
        return found


@pytest.fixture
def db(conn: sqlite3.Connection) -> Database:
    db = Database(conn)
    db.fetchall("SELECT 1")  # opens the only slot, the long way
    return db


@pytest.fixture
def ways(db: Database, monkeypatch: pytest.MonkeyPatch) -> Ways:
    return Ways(db, monkeypatch)


def names(db: Database) -> list[str]:
    return [row["name"] for row in db.fetchall("SELECT name FROM things ORDER BY rowid")]


def test_reads_go_the_short_way_and_all_else_does_not(db: Database, ways: Ways, conn: sqlite3.Connection) -> None:
    assert names(db) == []
    assert ways.gone() == (1, 0)
    db.execute("INSERT INTO things VALUES ('a')")
    assert not conn.in_transaction
    db.fetchall("  SELECT name FROM things")
    db.fetchall("WITH n AS (SELECT 1) SELECT * FROM n")
    assert ways.gone() == (0, 3)
    conn.text_factory = bytes
    assert names(db) == ["a"]
    assert ways.gone() == (0, 2), "the program reads texts as something else: `run` calls itself without that"


def test_a_transaction_of_the_program_is_seen_and_left_open(db: Database, ways: Ways, conn: sqlite3.Connection) -> None:
    conn.execute("INSERT INTO things VALUES ('mine')")
    assert names(db) == ["mine"]
    assert ways.gone() == (1, 0)
    assert conn.in_transaction
    conn.rollback()
    assert names(db) == []


def test_a_transaction_of_ours_takes_its_own_way(db: Database, ways: Ways) -> None:
    with pytest.raises(LookupError), db.transaction():
        db.execute("INSERT INTO things VALUES ('a')")
        assert names(db) == ["a"]
        assert ways.gone() == (0, 2)
        raise LookupError
    assert names(db) == []
    assert ways.gone() == (1, 0)


def test_another_thread_waits_for_a_transaction_and_sees_nothing_of_it(db: Database, ways: Ways) -> None:
    begun, seen = threading.Event(), []

    def reading() -> None:
        begun.wait(60)
        seen.append(names(db))

    reader = threading.Thread(target=reading)
    reader.start()
    with pytest.raises(LookupError), db.transaction():
        db.execute("INSERT INTO things VALUES ('undone')")
        begun.set()
        reader.join(0.05)
        assert reader.is_alive(), "the connection is taken"
        raise LookupError
    reader.join()
    assert seen == [[]]


def test_who_waits_meanwhile_is_woken(db: Database, conn: sqlite3.Connection) -> None:
    inside, go = threading.Event(), threading.Event()
    found: list[Future[Any]] = []

    def slow() -> int:
        inside.set()
        go.wait(60)
        return 1

    conn.create_function("slow", 0, slow)
    with ThreadPoolExecutor(3) as threads:
        found = [threads.submit(db.fetchone, "SELECT slow() AS n")]
        assert inside.wait(60)
        found += [
            threads.submit(db.execute, "INSERT INTO things VALUES ('a')"),
            threads.submit(db.fetchone, "SELECT 2 AS n"),
        ]
        assert not wait(found, timeout=0.1).done
        go.set()
    assert [found[0].result(), found[1].result().rowcount, found[2].result()] == [{"n": 1}, 1, {"n": 2}]
    assert names(db) == ["a"]


def test_threads(db: Database, ways: Ways) -> None:
    def work(name: str) -> None:
        for place in range(30):
            assert db.fetchone("SELECT ? AS a, ? AS b", [name, place]) == {"a": name, "b": place}
            if place % 10 == 0:
                db.execute("INSERT INTO things VALUES (?)", [f"{name}{place}"])

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    short, long = ways.gone()
    assert short + long == 4 * 33
    assert len(names(db)) == 12


def test_an_error_gives_the_connection_back(db: Database, ways: Ways) -> None:
    for _ in range(3):
        with pytest.raises(ProgrammingError, match="nothing"):
            db.fetchall("SELECT nothing FROM nowhere")
        with pytest.raises(DatabaseError):
            db.fetchall("SELECT ?, ?", [1])
    assert ways.gone() == (6, 0)
    assert names(db) == []


def test_a_deadline_takes_the_long_way(db: Database, ways: Ways) -> None:
    with pytest.raises(QueryTimeout):
        db.engine.run(
            "SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 300000000) SELECT x FROM n)",
            timeout=0.05,
        )
    assert ways.gone() == (0, 1)
    assert names(db) == []


def test_a_connection_that_the_program_has_closed(db: Database, conn: sqlite3.Connection) -> None:
    conn.close()
    for _ in range(2):
        with pytest.raises(InterfaceError, match="Connection is closed"):
            names(db)


async def test_the_other_colour_is_in_a_transaction(db: Database, ways: Ways) -> None:
    """Both are over one connection: what one has begun, the other does not read in, and does not end."""
    aio = db.engine.aio
    async with aio.transaction():
        await aio.run("INSERT INTO things VALUES ('theirs')")
        ways.gone()
        with pytest.raises(ProgrammingError, match="a sync call inside an `async with` transaction"):
            names(db)
        with pytest.raises(ProgrammingError, match="another thread, event loop or colour"):
            await asyncio.get_running_loop().run_in_executor(None, names, db)
        assert ways.gone() == (0, 0)
    assert names(db) == ["theirs"]
    await aio.close()


async def test_an_event_loop_has_no_short_way(conn: sqlite3.Connection) -> None:
    """There all is done in the connection's thread."""
    db = AsyncDatabase(conn)
    assert db.engine._direct is None
    conn.create_function("here", 0, threading.get_ident)
    found = await asyncio.gather(*[db.fetchone("SELECT here() AS n") for _ in range(5)])
    (ident,) = {row["n"] for row in found if row}
    assert ident != threading.get_ident()
    await db.engine.close()
