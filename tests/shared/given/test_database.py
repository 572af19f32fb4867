"""What a `Database` is, over whatever it was given."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ferrow import create_engine
from ferrow.errors import DatabaseError, InterfaceError, ProgrammingError
from ferrow.repository import (
    AsyncDatabase,
    Database,
    Dialect,
    MySQLDialect,
    PoolConnector,
    PostgresDialect,
    SQLiteDialect,
)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "a.db")


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as conn:
        yield conn


def test_placeholders_of_every_style() -> None:
    with Database(sqlite3.connect(":memory:"), SQLiteDialect()) as db:
        assert db.fetchone("SELECT :a AS a, :b AS b", {"a": 1, "b": "x"}) == {"a": 1, "b": "x"}
        assert db.fetchone("SELECT ? AS a, ? AS b", (1, "x")) == {"a": 1, "b": "x"}
        assert db.fetchone("SELECT %s AS a, %s AS b", [1, "x"]) == {"a": 1, "b": "x"}
        assert db.fetchall("SELECT %(a)s AS a, '100%%' AS b", {"a": 1}) == [{"a": 1, "b": "100%"}]
        with pytest.raises(ProgrammingError, match="no value for 'a'"):
            db.execute("SELECT :a", {"b": 1})


def test_execute_gives_what_a_cursor_has() -> None:
    with Database(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        made = db.execute("INSERT INTO t (name) VALUES (?), (?)", ["a", "b"])
        assert (made.rowcount, made.lastrowid, made.description) == (2, 2, None)
        with pytest.raises(ProgrammingError, match="no rows"):
            made.fetchone()

        found = db.execute("SELECT id, name FROM t ORDER BY id")
        assert [column[0] for column in found.description or ()] == ["id", "name"]
        assert (found.fetchone(), found.fetchall(), found.fetchone()) == ((1, "a"), [(2, "b")], None)
        assert list(db.execute("SELECT name FROM t")) == [("a",), ("b",)]


def test_sqlite3_gets_the_functions_that_our_sql_calls() -> None:
    with Database(sqlite3.connect(":memory:")) as db:
        sql = "SELECT concat('a', 1) AS a, unhex('41') AS b, ferrow_ilike('ÄB', 'äb') AS c, decimal_add('0.1', '0.2') AS d"
        assert db.fetchone(sql) == {"a": "a1", "b": b"A", "c": 1, "d": "0.3"}
        sql = "SELECT decimal_sum(column1) AS a FROM (VALUES ('0.1'), ('0.2'), (NULL)) ORDER BY 1 COLLATE decimal"
        assert db.fetchone(sql) == {"a": "0.3"}
        db.execute("CREATE TABLE t (a)")
        assert db.execute("INSERT INTO t VALUES (1), (2)").rowcount == 2
        assert db.execute("WITH x AS (SELECT 1 AS b) UPDATE t SET a = 3 WHERE a IN (SELECT b FROM x)").rowcount == 1


def test_closing_closes_the_connection_and_says_so(path: str) -> None:
    conn = sqlite3.connect(path)
    db = Database(conn, SQLiteDialect())
    assert db.conn is conn
    db.close()
    db.close()
    assert db.closed
    with pytest.raises(sqlite3.ProgrammingError):
        conn.execute("SELECT 1")
    for call in (db.execute, db.fetchone, db.fetchall):
        with pytest.raises(RuntimeError, match="connection is closed"):
            call("SELECT 1")
    with pytest.raises(RuntimeError, match="connection is closed"):
        db.transaction()


def test_an_engine_is_left_open_and_a_url_is_not(path: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with Database(engine) as db:
        assert db.conn is None
        assert type(db.dialect) is SQLiteDialect
        assert db.fetchone("SELECT 1 AS a") == {"a": 1}
    assert engine.query_one("SELECT 1")[0] == 1
    Database(engine).close(close_pool=True)
    with pytest.raises(InterfaceError):
        engine.query("SELECT 1")

    with Database(f"sqlite:///{path}") as db:
        own = db.engine
    with pytest.raises(InterfaceError):
        own.query("SELECT 1")


async def test_close_and_aclose(path: str) -> None:
    import aiosqlite

    conn = await aiosqlite.connect(path)
    db = AsyncDatabase(conn, SQLiteDialect())
    with pytest.raises(RuntimeError, match=r"Connection.*Use await aclose\(\)"):
        db.close()
    assert await db.fetchone("SELECT 1 AS a") == {"a": 1}, "it is still usable"
    await db.aclose()
    await db.aclose()
    with pytest.raises(RuntimeError, match="connection is closed"):
        await db.execute("SELECT 1")

    blocking = AsyncDatabase(sqlite3.connect(path), SQLiteDialect())
    assert await blocking.fetchone("SELECT 1 AS a") == {"a": 1}
    blocking.close()
    async with AsyncDatabase(sqlite3.connect(path, check_same_thread=False)) as third:
        assert await third.fetchone("SELECT 1 AS a") == {"a": 1}
    with pytest.raises(RuntimeError):
        await third.execute("SELECT 1")


def test_what_is_no_source(conn: sqlite3.Connection) -> None:
    with pytest.raises(InterfaceError, match="neither an engine"):
        Database(object())
    with pytest.raises(InterfaceError, match="connection to sqlite, but the dialect given is that of postgresql"):
        Database(conn, PostgresDialect())
    with pytest.raises(InterfaceError, match="is no dialect"):
        Database(conn, "sqlite")  # type: ignore[arg-type]

    async def awaited() -> None:
        pass

    with pytest.raises(InterfaceError, match="write await"):
        Database(awaited())


def test_a_blocking_database_refuses_what_is_awaited(path: str) -> None:
    import aiosqlite

    conn = asyncio.run(_opened(aiosqlite, path))
    with pytest.raises(InterfaceError, match="use AsyncDatabase"):
        Database(conn).execute("SELECT 1")
    asyncio.run(conn.close())


async def _opened(module: Any, path: str) -> Any:
    return await module.connect(path)


class TestDialects:
    def test_names(self) -> None:
        assert SQLiteDialect().q('a"b') == '"a""b"'
        assert MySQLDialect().q("a`b") == "`a``b`"
        with pytest.raises(ValueError, match="no name"):
            SQLiteDialect().q("")

    def test_placeholders(self) -> None:
        assert [one.placeholder("a") for one in (SQLiteDialect(), PostgresDialect(), MySQLDialect())] == [
            ":a",
            "%s",
            "%s",
        ]

        class Qmark(Dialect):
            paramstyle = "qmark"

        class Wrong(Dialect):
            paramstyle = "dollar"

        assert Qmark().placeholder("a") == "?"
        with pytest.raises(ValueError, match="'dollar'"):
            Wrong().placeholder("a")

    def test_keys(self) -> None:
        assert SQLiteDialect().auto_pk_sql("id") == '"id" INTEGER PRIMARY KEY'
        assert "BIGINT" in PostgresDialect().auto_pk_sql("id")
        assert SQLiteDialect().returning_clause("id") == ' RETURNING "id"'
        assert MySQLDialect().returning_clause("id") == ""

    def test_one_of_ones_own(self) -> None:
        class Mine(SQLiteDialect):
            paramstyle = "qmark"

        with Database(sqlite3.connect(":memory:"), Mine()) as db:
            assert db.dialect.placeholder("a") == "?"
            assert db.engine.dialect.name == "sqlite"


class Unknown:
    """A driver that nobody has heard of, over sqlite3."""

    def __init__(self) -> None:
        self.conn = sqlite3.connect(":memory:")
        self.cursors: list[Any] = []
        self.closed_cursors = 0
        self.commits = 0

    def cursor(self) -> Any:
        outer = self

        class Cursor:
            def __init__(self) -> None:
                self.inner = outer.conn.cursor()
                outer.cursors.append(self)

            def __getattr__(self, name: str) -> Any:
                return getattr(self.inner, name)

            def close(self) -> None:
                outer.closed_cursors += 1
                self.inner.close()

        return Cursor()

    def commit(self) -> None:
        self.commits += 1
        self.conn.commit()

    def rollback(self) -> None:
        self.conn.rollback()

    def close(self) -> None:
        self.conn.close()


class TestAnyDriver:
    class Told(SQLiteDialect):
        driver_paramstyle = "named"

    def test_it_works_and_cursors_are_closed(self) -> None:
        """Defect 46, among others."""
        conn = Unknown()
        with Database(conn, self.Told()) as db:
            db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, flag BOOLEAN)")
            db.execute("INSERT INTO t (flag) VALUES (?)", [True])
            with pytest.raises(LookupError):
                with db.transaction():
                    db.execute("INSERT INTO t (flag) VALUES (?)", [False])
                    raise LookupError
            with db.transaction():
                db.execute("INSERT INTO t (flag) VALUES (?)", [True])
                with pytest.raises(DatabaseError) as caught:
                    db.execute("INSERT INTO t (id) VALUES (1)")
                assert caught.value.sqlstate == "23505"
                assert isinstance(caught.value.__cause__, sqlite3.IntegrityError)
            assert db.fetchall("SELECT * FROM t") == [{"id": 1, "flag": 1}, {"id": 2, "flag": 1}]
            assert not conn.conn.in_transaction
        assert len(conn.cursors) == conn.closed_cursors > 0

    def test_its_style_has_to_be_known(self) -> None:
        conn = Unknown()
        with pytest.raises(InterfaceError, match="set driver_paramstyle"):
            Database(conn, SQLiteDialect())
        with pytest.raises(InterfaceError, match="say what it is to"):
            Database(conn)
        conn.close()


async def test_a_pool_of_awaited_connections(path: str) -> None:
    import aiosqlite

    pool = PoolConnector(aiosqlite.connect, path, max_size=3)
    async with AsyncDatabase(pool, SQLiteDialect()) as db:
        await db.execute("CREATE TABLE things (name)")
        await asyncio.gather(*[db.execute("INSERT INTO things VALUES (?)", [n]) for n in range(10)])
        assert len(await db.fetchall("SELECT * FROM things")) == 10
    async with pool.connection_async() as conn:
        assert await (await conn.execute("SELECT count(*) FROM things")).fetchone() == (10,)
    await pool.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await pool.acquire_async()
