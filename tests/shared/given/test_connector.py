"""`PoolConnector`, by itself and under a `Database`."""

from __future__ import annotations

import functools
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ferrow.errors import PoolTimeout
from ferrow.repository import AsyncDatabase, Database, PoolConnector, SQLiteDialect


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "a.db")
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE things (name)")
    conn.close()
    return path


_MADE: list[PoolConnector] = []


def pool_of(path: str, **options: Any) -> PoolConnector:
    _MADE.append(PoolConnector(sqlite3.connect, path, check_same_thread=False, **options))
    return _MADE[-1]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Python 3.13 names connections that nobody has closed."""
    yield
    while _MADE:
        pool = _MADE.pop()
        for lent in [*pool._queue.used.values()]:
            lent.conn.close()
        pool.close()


def names(path: str) -> list[Any]:
    with sqlite3.connect(path) as conn:
        found = [name for (name,) in conn.execute("SELECT name FROM things ORDER BY name")]
    conn.close()
    return found


class TestArguments:
    def test_sizes_and_guards(self) -> None:
        with pytest.raises(ValueError, match="max_size must be >= 1"):
            PoolConnector(sqlite3.connect, "x", max_size=0)
        with pytest.raises(ValueError, match="transaction_guard='commit' is none of rollback, raise, ignore, discard"):
            PoolConnector(sqlite3.connect, "x", max_size=1, transaction_guard="commit")  # type: ignore[arg-type]
        assert PoolConnector(dict).max_size == 5

    @pytest.mark.parametrize(
        ("connect", "arguments", "options"),
        [
            (sqlite3.connect, ("a.db",), {}),
            (sqlite3.connect, ("a.db", 5.0, 0, None, True), {}),
            (functools.partial(sqlite3.connect, "a.db"), (), {}),
        ],
    )
    def test_connections_that_threads_may_not_share(self, connect: Any, arguments: Any, options: Any) -> None:
        with pytest.raises(ValueError, match="check_same_thread=False"):
            PoolConnector(connect, *arguments, max_size=2, **options)
        PoolConnector(connect, *arguments, max_size=1, **options)
        PoolConnector(connect, *arguments, max_size=2, enforce_sqlite_thread_check=False, **options)
        PoolConnector(sqlite3.connect, "a.db", 5.0, 0, None, False, max_size=2)
        PoolConnector(functools.partial(sqlite3.connect, check_same_thread=False), "a.db", max_size=2)

    @pytest.mark.parametrize(
        ("arguments", "options"),
        [
            ((":memory:",), {}),
            (("file::memory:",), {"uri": True}),
            (("file:x?mode=memory",), {"uri": True}),
            (("file:x?mode=memory", 5.0, 0, None, False, sqlite3.Connection, 128, True), {}),
        ],
    )
    def test_private_memory(self, arguments: Any, options: Any) -> None:
        if len(arguments) < 5:
            options = {**options, "check_same_thread": False}
        with pytest.raises(ValueError, match="a database of its own"):
            PoolConnector(sqlite3.connect, *arguments, max_size=2, **options)
        PoolConnector(sqlite3.connect, *arguments, max_size=1, **options)
        PoolConnector(sqlite3.connect, "file:x?mode=memory&cache=shared", uri=True, check_same_thread=False, max_size=2)


class TestLending:
    def test_the_last_returned_is_lent_first(self, path: str) -> None:
        pool = pool_of(path, max_size=2)
        one, other = pool.acquire(), pool.acquire()
        pool.release(one)
        pool.release(other)
        assert pool.acquire() is other
        assert pool.acquire() is one

    def test_a_deadline_and_a_queue(self, path: str) -> None:
        """Defect 44, among others: a connection was kept for good, and waited for without end."""
        pool = pool_of(path, max_size=1)
        conn = pool.acquire()
        with pytest.raises(TimeoutError, match="Timed out waiting for a pooled DB connection") as caught:
            pool.acquire(timeout=0)
        assert isinstance(caught.value, PoolTimeout)
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.append(pool.acquire()))
        thread.start()
        pool.release(conn)
        thread.join()
        assert found == [conn]

    def test_closing(self, path: str) -> None:
        pool = pool_of(path, max_size=1)
        conn = pool.acquire()
        raised: list[BaseException] = []

        def wait() -> None:
            try:
                pool.acquire()
            except BaseException as error:
                raised.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        while not pool._queue._waiters:
            pass
        pool.close()
        pool.close()
        thread.join()
        assert isinstance(raised[0], RuntimeError)
        conn.execute("SELECT 1")
        pool.release(conn)
        with pytest.raises(sqlite3.ProgrammingError):
            conn.execute("SELECT 1")
        with pytest.raises(RuntimeError, match="PoolConnector is closed"):
            pool.acquire()

    def test_what_is_not_lent(self, path: str) -> None:
        pool = pool_of(path)
        conn = pool.acquire()
        pool.release(conn)
        for stranger in (conn, object()):
            with pytest.raises(ValueError, match="not lent"):
                pool.release(stranger)

    def test_a_failed_connect_frees_its_place(self) -> None:
        attempts = []

        def connect() -> Any:
            attempts.append(1)
            if len(attempts) == 1:
                raise OSError("no")
            return sqlite3.connect(":memory:")

        pool = PoolConnector(connect, max_size=1)
        with pytest.raises(OSError, match="no"):
            pool.acquire()
        with pool.connection(timeout=1) as conn:
            assert conn.execute("SELECT 1").fetchone() == (1,)
        pool.close()


class TestGuards:
    def write(self, pool: PoolConnector) -> Any:
        conn = pool.acquire()
        conn.execute("INSERT INTO things VALUES ('a')")
        return conn

    def test_rollback(self, path: str) -> None:
        pool = pool_of(path, max_size=1)
        conn = self.write(pool)
        pool.release(conn)
        assert not conn.in_transaction
        assert pool.acquire() is conn
        assert names(path) == []

    def test_raise(self, path: str) -> None:
        pool = pool_of(path, max_size=1, transaction_guard="raise")
        with pytest.raises(RuntimeError, match="transaction open"):
            pool.release(self.write(pool))
        with pool.connection(timeout=1) as conn:
            assert conn.execute("SELECT count(*) FROM things").fetchone() == (0,)

    def test_ignore(self, path: str) -> None:
        hooked: list[Any] = []
        pool = pool_of(path, max_size=1, transaction_guard="ignore", session_reset_hook=hooked.append)
        conn = self.write(pool)
        pool.release(conn)
        assert conn.in_transaction
        assert hooked == []
        conn.rollback()

    @pytest.mark.parametrize("options", [{"transaction_guard": "discard"}, {"strict_pool": True}])
    def test_discard(self, path: str, options: Any) -> None:
        pool = pool_of(path, max_size=1, **options)
        conn = self.write(pool)
        pool.release(conn)
        assert pool.acquire(timeout=1) is not conn
        with pytest.raises(sqlite3.ProgrammingError):
            conn.execute("SELECT 1")
        assert names(path) == []

    def test_a_hook(self, path: str) -> None:
        hooked: list[Any] = []
        pool = pool_of(path, session_reset_hook=hooked.append)
        with pool.connection() as conn:
            pass
        assert hooked == [conn]

        def fail(conn: Any) -> None:
            raise LookupError

        failing = pool_of(path, max_size=1, session_reset_hook=fail)
        conn = failing.acquire()
        with pytest.raises(RuntimeError, match="Failed to clean pooled DB connection") as caught:
            failing.release(conn)
        assert isinstance(caught.value.__cause__, LookupError)
        assert failing.acquire(timeout=1) is not conn


class TestUnderADatabase:
    def test_each_call_borrows_and_gives_back(self, path: str) -> None:
        pool = pool_of(path, max_size=2)
        db, other = Database(pool, SQLiteDialect()), Database(pool, SQLiteDialect())
        assert db.conn is pool
        db.execute("INSERT INTO things VALUES ('a')")
        assert not pool._queue.used, "nothing is kept"
        with db.transaction():
            db.execute("INSERT INTO things VALUES ('b')")
            assert len(other.fetchall("SELECT * FROM things")) == 1
            assert len(pool._queue.used) == 1
        assert names(path) == ["a", "b"]
        db.execute("BEGIN")
        assert not pool._queue.used
        db.close()
        assert other.fetchone("SELECT 1 AS a") == {"a": 1}, "the pool is still open"
        db.close(close_pool=True)
        assert pool.closed

    def test_a_call_that_finds_none(self, path: str) -> None:
        pool = pool_of(path, max_size=1)
        db = Database(pool, SQLiteDialect(), acquire_timeout=0.02)
        with pool.connection():
            with pytest.raises(PoolTimeout):
                db.execute("SELECT 1")
        assert db.fetchone("SELECT 1 AS a") == {"a": 1}

    async def test_in_an_event_loop(self, path: str) -> None:
        import asyncio

        pool = pool_of(path, max_size=3)
        db = AsyncDatabase(pool, SQLiteDialect())

        async def one(name: int) -> None:
            async with db.transaction():
                await db.execute("INSERT INTO things VALUES (?)", [name])

        await asyncio.gather(*[one(name) for name in range(8)])
        assert names(path) == list(range(8))
        await db.aclose(close_pool=True)
        assert pool.closed
