"""How long a `PoolConnector` keeps its connections, and how it finds out that one is dead."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from ferrow.repository import AsyncDatabase, Database, PoolConnector, SQLiteDialect


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def pool_of(path: Path, **options: Any) -> tuple[PoolConnector, Clock]:
    pool = PoolConnector(sqlite3.connect, str(path / "a.db"), check_same_thread=False, **options)
    clock = pool._life.now = Clock()
    return pool, clock


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"min_size": 6}, ValueError, "min_size=6 is no number of connections from 0 to max_size=5"),
        ({"min_size": -1}, ValueError, "min_size=-1 is no number"),
        ({"min_size": True}, ValueError, "min_size=True is no number"),
        ({"max_age": 0}, ValueError, "max_age=0: give seconds, more than 0"),
        ({"check_after": -1}, ValueError, "check_after=-1: give seconds, 0 to check each time"),
        ({"check_after": 0, "ping": "SELECT 1"}, TypeError, "ping is called with a connection"),
        ({"ping": bool}, ValueError, "check_after, which says when, is missing"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        PoolConnector(dict, **options)


def test_as_many_as_asked_for_are_opened_with_the_first(tmp_path: Path) -> None:
    pool, _ = pool_of(tmp_path, min_size=3)
    assert repr(pool) == "<PoolConnector: 0 of 5 in use, 0 idle>"
    with pool.connection():
        assert repr(pool) == "<PoolConnector: 1 of 5 in use, 2 idle>"
    assert repr(pool) == "<PoolConnector: 0 of 5 in use, 3 idle>"
    pool.close()


def test_what_is_missing_is_opened_again(tmp_path: Path) -> None:
    pool, _ = pool_of(tmp_path, min_size=2)
    with pool.connection() as conn:
        conn.close()
    with pool.connection():
        assert repr(pool) == "<PoolConnector: 1 of 5 in use, 1 idle>"
    pool.close()


class Few:
    """A server that gives as many connections as it is told to."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size, self.asked = path, size, 0

    def __call__(self) -> sqlite3.Connection:
        self.asked += 1
        if self.size == 0:
            raise sqlite3.OperationalError("no more")
        self.size -= 1
        return sqlite3.connect(self.path, check_same_thread=False)


@pytest.mark.parametrize("colour", ["sync", "async"])
async def test_one_that_cannot_be_opened_besides_is_logged(
    tmp_path: Path, colour: str, caplog: pytest.LogCaptureFixture
) -> None:
    server = Few(tmp_path / "a.db", 1)
    pool = PoolConnector(server, max_size=3, min_size=2)
    clock = pool._life.now = Clock()

    async def used(seen: str) -> None:
        conn = pool.acquire() if colour == "sync" else await pool.acquire_async()
        assert repr(pool) == seen
        pool.release(conn) if colour == "sync" else await pool.release_async(conn)

    few = "<PoolConnector: 1 of 3 in use, 0 idle>"
    await used(few)
    assert [(one.name, one.levelname) for one in caplog.records] == [("ferrow.pool", "WARNING")]
    assert caplog.records[0].getMessage() == f"{few} has fewer connections than min_size=2: OperationalError: no more"
    for _ in range(3):
        await used(few)
    assert server.asked == 2, "who has a connection does not wait for what has just failed"
    clock.time += 5
    await used(few)
    assert (server.asked, len(caplog.records)) == (3, 1), "it is tried again, and told once"

    clock.time += 5
    server.size = 1
    await used("<PoolConnector: 1 of 3 in use, 1 idle>")
    assert server.asked == 4
    pool.close()


def test_one_that_was_asked_for_and_cannot_be_opened_is_the_callers_error(tmp_path: Path) -> None:
    pool = PoolConnector(Few(tmp_path / "a.db", 1), max_size=2, min_size=2)
    with pool.connection():
        for _ in range(3):  # the place is free still
            with pytest.raises(sqlite3.OperationalError, match="no more"):
                pool.acquire()
    pool.close()


@pytest.mark.parametrize("colour", ["sync", "async"])
async def test_who_is_interrupted_while_others_are_opened_loses_nothing(tmp_path: Path, colour: str) -> None:
    opened = []

    def connect() -> sqlite3.Connection:
        if len(opened) == 1:
            raise KeyboardInterrupt if colour == "sync" else asyncio.CancelledError
        opened.append(sqlite3.connect(tmp_path / "a.db", check_same_thread=False))
        return opened[-1]

    pool = PoolConnector(connect, max_size=2, min_size=2)
    if colour == "sync":
        with pytest.raises(KeyboardInterrupt):
            pool.acquire()
    else:
        with pytest.raises(asyncio.CancelledError):
            await pool.acquire_async()
    assert repr(pool) == "<PoolConnector: 0 of 2 in use, 1 idle>"
    pool.close()


def test_an_old_one_is_closed_when_asked_for_and_when_given_back(tmp_path: Path) -> None:
    pool, clock = pool_of(tmp_path, max_age=60)
    with pool.connection() as first:
        pass
    clock.time += 59
    with pool.connection() as again:
        assert again is first
    clock.time += 1
    with pool.connection() as second:
        assert second is not first
        clock.time += 60
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first.execute("SELECT 1")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        second.execute("SELECT 1")
    assert repr(pool) == "<PoolConnector: 0 of 5 in use, 0 idle>"
    pool.close()


def test_only_one_that_was_not_used_for_long_is_tried_out(tmp_path: Path) -> None:
    asked: list[Any] = []
    pool, clock = pool_of(tmp_path, check_after=10, ping=asked.append)
    for seconds in (0, 9, 9, 10):
        clock.time += seconds
        with pool.connection() as conn:
            pass
    assert asked == [conn]
    pool.close()


@pytest.mark.parametrize("dead", [False, RuntimeError("gone")])
def test_a_dead_one_is_replaced(tmp_path: Path, dead: Any) -> None:
    def ping(_: Any) -> Any:
        if isinstance(dead, Exception):
            raise dead
        return dead

    pool, _ = pool_of(tmp_path, check_after=0, ping=ping, max_size=1)
    with pool.connection() as first:
        pass
    with pool.connection() as second:
        assert second is not first
        assert second.execute("SELECT 1").fetchone() == (1,)
    pool.close()


class Severed(sqlite3.Connection):
    """What looks open, and answers nothing once its server is gone."""

    gone = False

    def cursor(self, *args: Any) -> Any:
        if self.gone:
            raise sqlite3.OperationalError("the server is gone")
        return super().cursor(*args)


@pytest.mark.parametrize("level", ["", None])
def test_without_a_ping_it_is_asked_for_1_and_left_in_no_transaction(tmp_path: Path, level: Any) -> None:
    pool, _ = pool_of(tmp_path, check_after=0, max_size=1, factory=Severed, isolation_level=level)
    with pool.connection() as first:
        pass
    with pool.connection() as again:
        assert again is first
        assert not again.in_transaction
    first.gone = True
    with pool.connection() as second:
        assert second is not first
    pool.close()


def test_a_database_never_meets_the_dead_one(tmp_path: Path) -> None:
    pool, _ = pool_of(tmp_path, check_after=0, max_size=1, factory=Severed)
    with Database(pool, SQLiteDialect()) as db:
        db.execute("CREATE TABLE things (name)")
        with pool.connection() as conn:
            conn.gone = True
        assert db.fetchall("SELECT * FROM things") == []
    pool.close()


async def test_blocking_ones_are_tried_out_in_a_thread(tmp_path: Path) -> None:
    threads: list[int] = []
    pool, _ = pool_of(tmp_path, check_after=0, ping=lambda conn: threads.append(threading.get_ident()))
    db = AsyncDatabase(pool, SQLiteDialect())
    await pool.release_async(await pool.acquire_async())
    await db.execute("CREATE TABLE things (name)")
    assert await db.fetchall("SELECT * FROM things") == []
    assert threads
    assert threading.get_ident() not in threads
    await db.aclose(close_pool=True)


async def test_awaited_ones_are_too(tmp_path: Path) -> None:
    aiosqlite = pytest.importorskip("aiosqlite")
    pool = PoolConnector(aiosqlite.connect, str(tmp_path / "a.db"), check_after=0, min_size=2, max_size=2)
    try:
        async with pool.connection_async() as first:
            assert repr(pool) == "<PoolConnector: 1 of 2 in use, 1 idle>"
        async with pool.connection_async() as again:
            assert again is first
        await first.close()
        async with pool.connection_async() as other:
            assert other is not first
    finally:  # their threads would outlive the tests
        await pool.aclose()


async def test_who_is_cancelled_meanwhile_leaves_the_place_free(tmp_path: Path) -> None:
    begun, go = threading.Event(), threading.Event()

    def ping(_: Any) -> None:
        begun.set()
        go.wait(10)

    pool, _ = pool_of(tmp_path, check_after=0, ping=ping, max_size=1)
    await pool.release_async(await pool.acquire_async())
    task = asyncio.ensure_future(pool.acquire_async())
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go.set()
    other = await asyncio.wait_for(pool.acquire_async(), 10)
    await pool.release_async(other)
    pool.close()
