"""Queries that go the short way over one given connection of PyMySQL: while it commits by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.errors import InterfaceError, ProgrammingError
from ferrow.repository import Database, MySQLDialect
from tests.support.given import WAYS

pytestmark = pytest.mark.mariadb


@pytest.fixture
def conn(mariadb_url: str) -> Iterator[Any]:
    conn = next(way for way in WAYS if way.name == "pymysql-autocommit").open(mariadb_url)
    conn.query("CREATE TEMPORARY TABLE things (name VARCHAR(40)) ENGINE=InnoDB")
    yield conn
    if conn.open:
        conn.close()


@pytest.fixture
def db(conn: Any) -> Database:
    db = Database(conn, MySQLDialect())
    db.fetchall("SELECT 1")  # opens the only slot, the long way
    return db


@pytest.fixture
def short(db: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that went the short way."""
    driver = db.engine._core._direct._driver  # type: ignore[union-attr]
    read, found = driver.read, []

    def counted(_: Any, sql: str, *arguments: Any) -> Any:
        found.append(sql)
        return read(sql, *arguments)

    monkeypatch.setattr(type(driver), "read", counted)
    return found


def names(db: Database) -> list[str]:
    return [row["name"] for row in db.fetchall("SELECT name FROM things")]


def test_a_transaction_of_the_program_is_seen_and_left_open(db: Database, short: list[str], conn: Any) -> None:
    assert names(db) == []
    conn.begin()
    conn.query("INSERT INTO things VALUES ('mine')")
    assert names(db) == ["mine"]
    assert len(short) == 2
    conn.rollback()
    assert names(db) == []


def test_a_read_that_would_begin_one_goes_the_long_way_which_ends_it(db: Database, short: list[str], conn: Any) -> None:
    conn.autocommit(False)
    assert names(db) == []
    assert not db.engine._core._direct._driver.in_transaction()  # type: ignore[union-attr]
    assert short == []
    conn.autocommit(True)
    assert names(db) == []
    assert len(short) == 1


def test_values_and_errors_are_those_of_the_long_way(db: Database, short: list[str], conn: Any) -> None:
    decoders = conn.decoders
    with pytest.raises(ProgrammingError, match="nowhere"):
        db.fetchall("SELECT nothing FROM nowhere")
    with pytest.raises(ProgrammingError, match="parameter"):
        db.fetchall("SELECT ?, ?", [1])
    assert conn.decoders is decoders, "how the program reads"
    assert db.fetchall("SELECT ? AS a, ? AS b", ["x'\\", None]) == [{"a": "x'\\", "b": None}]
    assert len(short) == 3


def test_a_connection_that_the_program_has_closed(db: Database, short: list[str], conn: Any) -> None:
    conn.close()
    for _ in range(2):
        with pytest.raises(InterfaceError, match="Connection is closed"):
            names(db)
    assert short == []
