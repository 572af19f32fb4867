"""Queries that go the short way over one given connection of psycopg, which begins a transaction for everything unless it is told not to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.errors import DatabaseError, DataError, InterfaceError, ProgrammingError
from ferrow.repository import Database

pytestmark = pytest.mark.postgresql
psycopg = pytest.importorskip("psycopg")


@pytest.fixture(params=[False, True], ids=["implicit", "autocommit"])
def conn(request: pytest.FixtureRequest, postgresql_url: str) -> Iterator[Any]:
    conn = psycopg.connect(postgresql_url, autocommit=request.param)
    conn.execute("CREATE TEMP TABLE things (name text)")
    conn.commit()
    yield conn
    conn.close()


class Counted:
    """How many queries went the short way."""

    def __init__(self, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        driver = db.engine._core._direct._driver  # type: ignore[union-attr]
        self.count = 0
        read = driver.read

        def counted(_: Any, *arguments: Any) -> Any:
            self.count += 1
            return read(*arguments)

        monkeypatch.setattr(type(driver), "read", counted)


@pytest.fixture
def db(conn: Any) -> Database:
    db = Database(conn)
    db.fetchall("SELECT 1")  # opens the only slot, the long way
    return db


@pytest.fixture
def short(db: Database, monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(db, monkeypatch)


def names(db: Database) -> list[str]:
    return [row["name"] for row in db.fetchall("SELECT name FROM things ORDER BY name")]


def is_idle(conn: Any) -> bool:
    return bool(conn.info.transaction_status == psycopg.pq.TransactionStatus.IDLE)


def test_a_read_leaves_no_transaction_and_the_connection_as_it_was(db: Database, short: Counted, conn: Any) -> None:
    before = conn.autocommit
    for _ in range(3):
        assert names(db) == []
        assert is_idle(conn)
        assert conn.autocommit is before
    assert short.count == 3


def test_so_does_one_that_fails(db: Database, short: Counted, conn: Any) -> None:
    before = conn.autocommit
    with pytest.raises(ProgrammingError, match="nowhere"):
        db.fetchall("SELECT nothing FROM nowhere")
    with pytest.raises(DatabaseError, match="division by zero"):
        db.fetchall("SELECT 1 / $1::int", [0])
    assert short.count == 2
    assert is_idle(conn)
    assert conn.autocommit is before
    assert names(db) == []


def test_a_transaction_of_the_program_is_seen_and_left_open(db: Database, short: Counted, conn: Any) -> None:
    with conn.transaction(force_rollback=True):
        conn.execute("INSERT INTO things VALUES ('mine')")
        assert names(db) == ["mine"]
        assert short.count == 1
        assert not is_idle(conn)
    conn.rollback()
    assert names(db) == []


def test_in_one_that_has_failed_nothing_is_undone(db: Database, conn: Any) -> None:
    conn.execute("BEGIN") if conn.autocommit else conn.execute("INSERT INTO things VALUES ('a')")
    with pytest.raises(ProgrammingError):
        db.fetchall("SELECT nothing FROM nowhere")
    assert conn.info.transaction_status == psycopg.pq.TransactionStatus.INERROR
    with pytest.raises(DatabaseError, match="aborted"):
        names(db)
    conn.rollback()
    assert names(db) == []


def test_what_is_broken_off_is_undone(db: Database, conn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = conn.autocommit
    execute = psycopg.RawCursor.execute

    def interrupted(self: Any, *_: Any) -> None:
        execute(self, "BEGIN")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.RawCursor, "execute", interrupted)
        with pytest.raises(KeyboardInterrupt):
            names(db)
    assert not is_idle(conn)
    assert names(db) == []
    assert is_idle(conn)
    assert conn.autocommit is before


def test_parameters_are_those_of_the_long_way(db: Database, short: Counted) -> None:
    for wrong in ({"a": 1}, {}, "ab", b"ab"):
        with pytest.raises(ProgrammingError, match="parameters are a list or tuple of values"):
            db.engine.run("SELECT $1::text", wrong)
    assert db.fetchall("SELECT $1::text AS a, $2::int AS b", ["x", None]) == [{"a": "x", "b": None}]
    with pytest.raises(DataError, match="parameter 1: a text with a NUL"):
        db.fetchall("SELECT $1::text", ["\0"])
    assert short.count == 6


def test_a_select_without_rows(db: Database, short: Counted) -> None:
    """SELECT INTO, which makes a table."""
    assert db.engine.run("SELECT 1 AS n INTO TEMP made").columns == ()
    assert db.fetchall("SELECT n FROM made") == [{"n": 1}]
    assert short.count == 2


def test_columns_of_a_text_that_does_not_name_them_are_looked_at_each_time(db: Database, conn: Any) -> None:
    assert db.fetchall("SELECT * FROM things") == []
    conn.execute("INSERT INTO things VALUES ('a')")
    conn.execute("ALTER TABLE things ADD COLUMN age int")
    conn.commit()
    assert db.fetchall("SELECT * FROM things") == [{"name": "a", "age": None}]


def test_a_connection_that_the_program_has_closed(db: Database, conn: Any) -> None:
    conn.close()
    for _ in range(2):
        with pytest.raises(InterfaceError, match="Connection is closed"):
            names(db)
