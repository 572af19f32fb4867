"""A transaction that SQLite has ended by itself must not turn into single statements."""

import pytest

from ferrow._core import Shape, SqliteConnection
from ferrow.errors import IntegrityError, ProgrammingError
from tests.pure.sqlite.ask import rows, value


def test_status_follows_the_transaction(db: SqliteConnection) -> None:
    assert (db.status, db.in_transaction) == ("idle", False)
    db.script("BEGIN")
    assert (db.status, db.in_transaction) == ("transaction", True)
    db.script("SAVEPOINT a; RELEASE a")
    assert db.status == "transaction"
    db.script("ROLLBACK")
    assert db.status == "idle"


@pytest.fixture
def failed(db: SqliteConnection) -> SqliteConnection:
    db.script("CREATE TABLE t (a INTEGER UNIQUE); BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s")
    with pytest.raises(IntegrityError):
        rows(db, "INSERT OR ROLLBACK INTO t VALUES (1)")
    return db


def test_statements_are_refused_until_rollback(failed: SqliteConnection) -> None:
    assert (failed.status, failed.in_transaction) == ("failed", True)
    for call in (
        lambda: rows(failed, "INSERT INTO t VALUES (2)"),
        lambda: failed.script("INSERT INTO t VALUES (2)"),
        lambda: failed.run_many("INSERT INTO t VALUES (?)", [[2]], Shape.tuples()),
        lambda: failed.script("COMMIT"),
        lambda: failed.script("RELEASE s"),
    ):
        with pytest.raises(ProgrammingError, match="until ROLLBACK") as caught:
            call()
        assert caught.value.sqlstate == "25P02"
    failed.script("ROLLBACK TO SAVEPOINT s; RELEASE SAVEPOINT s")
    assert failed.status == "failed"
    failed.script("ROLLBACK")
    assert failed.status == "idle"
    assert value(failed, "SELECT count(*) FROM t") == 0


def test_nothing_is_kept_by_releasing_what_was_rolled_back(db: SqliteConnection) -> None:
    """RELEASE of the outermost savepoint is what COMMIT is elsewhere."""
    db.script("CREATE TABLE t (a INTEGER UNIQUE); SAVEPOINT whole; INSERT INTO t VALUES (1); SAVEPOINT part")
    with pytest.raises(IntegrityError):
        rows(db, "INSERT OR ROLLBACK INTO t VALUES (1)")
    db.script("ROLLBACK TO part; RELEASE part")
    with pytest.raises(ProgrammingError, match="until ROLLBACK"):
        db.script("RELEASE whole")
    db.script("ROLLBACK; SAVEPOINT whole; INSERT INTO t VALUES (2); RELEASE whole")
    assert rows(db, "SELECT a FROM t") == [(2,)]


def test_an_ordinary_error_leaves_the_transaction_open(db: SqliteConnection) -> None:
    db.script("CREATE TABLE t (a INTEGER UNIQUE); BEGIN; INSERT INTO t VALUES (1)")
    with pytest.raises(IntegrityError):
        rows(db, "INSERT INTO t VALUES (1)")
    assert db.status == "transaction"
    db.script("COMMIT")
    assert value(db, "SELECT count(*) FROM t") == 1


def test_going_back_counts_for_the_transaction_in_which_it_happens(failed: SqliteConnection) -> None:
    failed.script("ROLLBACK TO SAVEPOINT s")
    failed.script("ROLLBACK")
    failed.script("BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s")
    with pytest.raises(IntegrityError):
        rows(failed, "INSERT OR ROLLBACK INTO t VALUES (1)")
    with pytest.raises(ProgrammingError, match="until ROLLBACK"):
        failed.script("RELEASE s")
    failed.script("ROLLBACK")
    assert rows(failed, "SELECT a FROM t") == []
