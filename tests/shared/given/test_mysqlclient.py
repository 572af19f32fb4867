"""What is peculiar to mysqlclient: its charset, its errors, several results, and that it says little of its state."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from ferrow.errors import InterfaceError, NotSupportedError, ProgrammingError, UniqueViolation
from ferrow.repository import AsyncDatabase, Database, PoolConnector
from tests.support.given import _mysql
from tests.support.packages import mysqlclient, require

pytestmark = pytest.mark.mariadb


@pytest.fixture
def options(mariadb_url: str) -> dict[str, Any]:
    require(mysqlclient)
    return {**_mysql(mariadb_url), "database": urlsplit(mariadb_url).path[1:]}


def connect(**options: Any) -> Any:
    import MySQLdb

    return MySQLdb.connect(**options)


@pytest.fixture
def conn(options: dict[str, Any]) -> Iterator[Any]:
    conn = connect(**options)
    yield conn
    if conn.open:
        conn.close()


def test_a_charset_in_which_values_would_be_others_is_refused(options: dict[str, Any]) -> None:
    conn = connect(**options | {"charset": "latin1"})
    with Database(conn) as db, pytest.raises(InterfaceError, match="charset is latin1: connect with charset='utf8mb4'"):
        db.fetchone("SELECT 'ä' AS a")


def test_a_mode_in_which_values_would_be_statements_is_refused(conn: Any) -> None:
    db = Database(conn)
    assert db.fetchone("SELECT %s AS a", ["\\' OR 1 -- "]) == {"a": "\\' OR 1 -- "}
    conn.query("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'")
    with pytest.raises(ProgrammingError, match="NO_BACKSLASH_ESCAPES"):
        db.fetchone("SELECT %s AS a", ["\\' OR 1 -- "])


def test_several_results_are_refused_and_never_taken_for_another_ones(conn: Any) -> None:
    db = Database(conn)
    db.execute("CREATE PROCEDURE both_of_them() BEGIN SELECT 1; SELECT 2; END")
    with pytest.raises(NotSupportedError, match="several results"):
        db.execute("CALL both_of_them()")
    assert not conn.open


def test_what_the_program_reads_is_converted_as_ever(conn: Any) -> None:
    db = Database(conn)
    assert db.fetchone("SELECT 1 AS a, 'ä' AS b, x'ff' AS c, 1.50 AS d")["b"] == "ä"  # type: ignore[index]
    with conn.cursor() as cursor:
        cursor.execute("SELECT 1, 'ä', x'ff', DATE '2020-01-02'")
        (row,) = cursor.fetchall()
    assert (row[0], row[1], row[2], row[3].isoformat()) == (1, "ä", b"\xff", "2020-01-02")


def test_errors_are_ours_with_its_own_as_their_cause(conn: Any) -> None:
    import MySQLdb

    db = Database(conn)
    db.execute("CREATE TABLE things (id INT PRIMARY KEY, name VARCHAR(9) UNIQUE)")
    db.execute("INSERT INTO things VALUES (%s, %s)", [1, "a"])
    with pytest.raises(UniqueViolation) as caught:
        db.execute("INSERT INTO things VALUES (%s, %s)", [2, "a"])
    assert isinstance(caught.value.__cause__, MySQLdb.IntegrityError)
    with pytest.raises(ProgrammingError):
        db.execute("SELECT * FROM nothings")
    assert db.execute("UPDATE things SET name = %s WHERE id = 1", ["a"]).rowcount == 1, "it was found"


@pytest.mark.parametrize("autocommit", [False, True])
def test_a_transaction_of_the_program_is_seen(conn: Any, autocommit: bool) -> None:
    conn.autocommit(autocommit)
    db = Database(conn)
    db.execute("CREATE TABLE things (name VARCHAR(9))")
    db.execute("INSERT INTO things VALUES ('kept')")
    if autocommit:
        conn.query("BEGIN")
    conn.query("INSERT INTO things VALUES ('theirs')")
    db.execute("INSERT INTO things VALUES ('joined')")
    with db.transaction():
        db.execute("INSERT INTO things VALUES ('inside')")
    conn.rollback()
    assert db.fetchall("SELECT name FROM things") == [{"name": "kept"}]
    assert bool(conn.get_autocommit()) is autocommit


def test_a_pool_rolls_back_what_was_left_open(options: dict[str, Any]) -> None:
    pool = PoolConnector(connect, max_size=1, **options)
    with pool.connection() as conn:
        conn.query("CREATE TABLE things (name VARCHAR(9))")
        conn.query("INSERT INTO things VALUES ('lost')")
    with pool.connection() as again:
        assert again is conn
        with conn.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM things")
            assert cursor.fetchone() == (0,)
    pool.close()


async def test_closing_waits_for_what_cannot_be_stopped(conn: Any) -> None:
    """To close one that is being read from another thread would be the end of the process."""
    db = AsyncDatabase(conn)
    task = asyncio.create_task(db.execute("SELECT SLEEP(0.3)"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await db.aclose()


def test_it_needs_no_other_driver() -> None:
    """A program that uses mysqlclient need not have PyMySQL."""
    text = """
import sys, types
sys.modules["pymysql"] = None
fake = types.ModuleType("MySQLdb")
fake.Error = type("Error", (Exception,), {})
sys.modules["MySQLdb"] = fake
import ferrow.wire.dbapi.drivers.mysqlclient
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
