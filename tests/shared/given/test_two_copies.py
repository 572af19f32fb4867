"""sqlite3 and Ferrow with one file open in one process: refused, or allowed and said."""

from __future__ import annotations

import gc
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ferrow
import ferrow.driver
from ferrow.errors import InterfaceError
from ferrow.repository import AsyncDatabase, Database, PoolConnector
from tests.support import maybe


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path.resolve() / "both.db")


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "ferrow.sqlite"]


@pytest.mark.parametrize("colour", ["sync", "async"])
@pytest.mark.parametrize("first", ["engine", "connection", "pool"])
async def test_allowed_whoever_comes_second_says_so_once(
    path: str, colour: str, first: str, caplog: pytest.LogCaptureFixture
) -> None:
    cls: Any = AsyncDatabase if colour == "async" else Database
    made = ferrow.create_engine(f"sqlite:///{path}", allow_sqlite3=True)
    engine: Any = made.aio if colour == "async" else made
    pool = PoolConnector(sqlite3.connect, path, check_same_thread=False)
    conn = sqlite3.connect(Path(path).parent / "." / "both.db", check_same_thread=False)
    conn.row_factory, conn.text_factory = sqlite3.Row, bytes
    db = cls(pool if first == "pool" else conn)
    users = [engine.query, db.fetchall]
    for use in users if first == "engine" else reversed(users):
        assert said(caplog) == []
        await maybe(use("SELECT 1"))
    (text,) = said(caplog)
    assert text.startswith(f"{path} is open in this process by Python's sqlite3 and by an engine of Ferrow")
    for use in users:
        await maybe(use("SELECT 1"))
    again = sqlite3.connect(path)
    with Database(again) as other:
        other.fetchall("SELECT 1")
    assert len(said(caplog)) == 1
    await maybe(engine.close())
    await maybe(db.engine.close())
    conn.close()
    pool.close()


REFUSED = (
    "is open in this process by Python's sqlite3 and by Ferrow, which are two copies of SQLite.*allow_sqlite3=True"
)


def test_two_copies_do_not_see_each_others_locks(path: str) -> None:
    """Why it is refused. Should this fail one day, nothing needs to be."""
    with ferrow.driver.connect(f"sqlite:///{path}") as mine:
        mine.execute("CREATE TABLE t (x)")
        theirs = sqlite3.connect(path, isolation_level=None, timeout=0)
        mine.execute("BEGIN IMMEDIATE")
        theirs.execute("BEGIN IMMEDIATE")
        mine.execute("INSERT INTO t VALUES (1)")
        theirs.execute("INSERT INTO t VALUES (2)")
        mine.execute("COMMIT")
        theirs.execute("COMMIT")
        assert len(mine.query("SELECT x FROM t")) == 1
        theirs.close()


@pytest.mark.parametrize("colour", ["sync", "async"])
@pytest.mark.parametrize("first", ["engine", "connection", "pool"])
async def test_whoever_comes_second_is_refused(path: str, colour: str, first: str) -> None:
    cls: Any = AsyncDatabase if colour == "async" else Database
    made = ferrow.create_engine(f"sqlite:///{path}")
    engine: Any = made.aio if colour == "async" else made
    pool = PoolConnector(sqlite3.connect, path, check_same_thread=False)
    os.symlink(path, f"{path}.link")
    conn = sqlite3.connect(f"{path}.link", check_same_thread=False)
    conn.execute("CREATE TABLE t (x)")
    db = cls(pool if first == "pool" else conn)
    one, other = [engine.query, db.fetchall] if first == "engine" else [db.fetchall, engine.query]
    await maybe(one("SELECT x FROM t"))
    for _ in range(2):
        with pytest.raises(InterfaceError, match=REFUSED):
            await maybe(other("SELECT x FROM t"))
    await maybe(one("SELECT x FROM t"))  # and goes on
    assert conn.execute("SELECT count(*) FROM t").fetchone() == (0,)
    await maybe(engine.close())
    await maybe(db.engine.close())
    conn.close()
    pool.close()


LOCKED = """
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""


def asked_elsewhere(path: str) -> str:
    """What another process is told that wants to write."""
    done = subprocess.run([sys.executable, "-c", LOCKED, path], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("colour", ["sync", "async"])
@pytest.mark.parametrize("how", ["path", "Path", "uri", "keyword"])
async def test_a_pool_looks_before_it_opens_the_file(path: str, colour: str, how: str) -> None:
    """To close it again would take away the locks of the engine, and let another process write."""
    arguments: dict[str, tuple[list[Any], dict[str, Any]]] = {
        "path": ([path], {}),
        "Path": ([Path(path)], {}),
        "uri": ([f"file:{path.replace('both', '%62oth')}?mode=rwc"], {"uri": True}),
        "keyword": ([], {"database": path}),
    }
    given, options = arguments[how]
    if colour == "async" and how != "Path":
        connect: Any = pytest.importorskip("aiosqlite").connect
    else:
        connect, options = sqlite3.connect, options | {"check_same_thread": False}
    pool = PoolConnector(connect, *given, **options)
    cls: Any = AsyncDatabase if colour == "async" else Database
    db = cls(pool)
    with ferrow.driver.connect(f"sqlite:///{path}", journal_mode="delete") as mine:
        mine.execute("CREATE TABLE t (x)")
        mine.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            with pytest.raises(InterfaceError, match=REFUSED):
                await maybe(db.fetchall("SELECT 1"))
        gc.collect()
        assert asked_elsewhere(path) == "database is locked"
        mine.execute("ROLLBACK")
    assert await maybe(db.fetchall("SELECT x FROM t")) == []
    await maybe(db.engine.close())
    await maybe(pool.aclose() if colour == "async" else pool.close())


def test_every_way_to_open_the_file_is_refused(path: str, tmp_path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE t (x)")
    with Database(conn) as db:
        db.fetchall("SELECT 1")
        for options in ({}, {"mode": "ro"}, {"immutable": True}, {"journal_mode": "delete"}):
            with pytest.raises(InterfaceError, match=REFUSED):
                ferrow.driver.connect(f"sqlite:///{path}", **options)
        with ferrow.driver.connect("sqlite::memory:") as memory:
            with pytest.raises(InterfaceError, match=REFUSED):
                memory.sqlite.backup(path)
            with pytest.raises(InterfaceError, match=REFUSED):
                memory.sqlite.restore(path)
        conn.execute("INSERT INTO t VALUES (1)")
        conn.commit()
    with ferrow.driver.connect(f"sqlite:///{path}") as mine:
        assert mine.query("SELECT x FROM t") == [(1,)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_opens_it_its_own_way(path: str) -> None:
    with Database(sqlite3.connect(path)) as db:
        db.fetchall("SELECT 1")
        child = os.fork()
        if child == 0:
            try:
                ferrow.driver.connect(f"sqlite:///{path}").query("SELECT 1")
            except BaseException:
                os._exit(1)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0


def test_one_after_the_other_is_no_trouble(path: str, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        with ferrow.create_engine(f"sqlite:///{path}") as engine:
            engine.query("SELECT 1")
        with Database(sqlite3.connect(path)) as db:
            db.fetchall("SELECT 1")
    left = ferrow.create_engine(f"sqlite:///{path}")
    left.query("SELECT 1")
    left.close()
    del left
    gc.collect()
    memory = Database(sqlite3.connect(":memory:"))
    with ferrow.create_engine("sqlite:///:memory:") as engine:
        engine.query("SELECT 1")
        memory.fetchall("SELECT 1")
    memory.close()
    assert said(caplog) == []


def test_other_files_are_no_trouble(path: str, caplog: pytest.LogCaptureFixture) -> None:
    with ferrow.create_engine(f"sqlite:///{path}") as engine, Database(sqlite3.connect(f"{path}.other")) as db:
        engine.query("SELECT 1")
        db.fetchall("SELECT 1")
    assert said(caplog) == []
