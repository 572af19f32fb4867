"""Opening: the settings every connection starts with."""

import sqlite3
from itertools import count
from pathlib import Path

import pytest

from ferrow._core import Shape, SqliteConnection
from ferrow.errors import DatabaseError, OperationalError, ProgrammingError
from tests.pure.sqlite.ask import rows, value

NUMBERS = count(1)


def memdb() -> str:
    return f"file:/ferrow-test-{next(NUMBERS)}?vfs=memdb"


def test_a_file_has_a_write_ahead_log(file_db: SqliteConnection) -> None:
    assert value(file_db, "PRAGMA journal_mode") == "wal"
    assert value(file_db, "PRAGMA synchronous") == 1
    assert value(file_db, "PRAGMA foreign_keys") == 1
    assert value(file_db, "PRAGMA trusted_schema") == 0


def test_memory_has_none(db: SqliteConnection) -> None:
    assert value(db, "PRAGMA journal_mode") == "memory"
    assert value(db, "PRAGMA foreign_keys") == 1


def test_two_memory_connections_are_two_databases() -> None:
    one, other = SqliteConnection(":memory:"), SqliteConnection(":memory:")
    one.script("CREATE TABLE t (a)")
    with pytest.raises(ProgrammingError, match="no such table"):
        rows(other, "SELECT * FROM t")
    one.close()
    other.close()


def test_a_named_memory_database_is_shared() -> None:
    uri = memdb()
    one, other = SqliteConnection(uri, uri=True), SqliteConnection(uri, uri=True)
    one.script("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    assert rows(other, "SELECT a FROM t") == [(1,)]
    other.script("BEGIN IMMEDIATE; INSERT INTO t VALUES (2)")
    other.script("COMMIT")
    assert rows(one, "SELECT a FROM t") == [(1,), (2,)]
    one.close()
    assert len(rows(other, "SELECT a FROM t")) == 2
    other.close()
    again = SqliteConnection(uri, uri=True)
    assert rows(again, "SELECT name FROM sqlite_schema") == []
    again.close()


def test_readonly(path: str) -> None:
    with pytest.raises(OperationalError, match=r"test\.db"):
        SqliteConnection(path, readonly=True)
    writer = SqliteConnection(path)
    writer.script("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    reader = SqliteConnection(path, readonly=True)
    assert rows(reader, "SELECT a FROM t") == [(1,)]
    with pytest.raises(OperationalError, match="readonly"):
        rows(reader, "INSERT INTO t VALUES (2)")
    reader.close()
    writer.close()


def test_without_create_the_file_must_exist(path: str) -> None:
    with pytest.raises(OperationalError, match="unable to open"):
        SqliteConnection(path, create=False)
    assert not Path(path).exists()


def test_what_is_no_database_is_refused(path: str) -> None:
    Path(path).write_bytes(b"this is no database" * 100)
    with pytest.raises(DatabaseError, match=r"cannot open .*test\.db.*not a database"):
        SqliteConnection(path)


def test_a_path_is_not_a_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    connection = SqliteConnection("file:plain.db?mode=memory")
    connection.script("CREATE TABLE t (a)")
    connection.close()
    assert (tmp_path / "file:plain.db?mode=memory").exists()


def test_a_file_in_utf16_is_read(path: str) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA encoding = 'UTF-16'")
    other.execute("CREATE TABLE t (a TEXT)")
    other.execute("INSERT INTO t VALUES ('Grüße')")
    other.commit()
    other.close()
    connection = SqliteConnection(path)
    assert value(connection, "SELECT a FROM t WHERE a = ?", ["Grüße"]) == "Grüße"
    connection.close()


def test_a_column_name_that_is_not_utf8_is_no_crash(path: str) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE t (quaint TEXT)")
    other.commit()
    other.execute("VACUUM")
    other.close()
    data = Path(path).read_bytes()
    assert data.count(b"quaint") == 1
    Path(path).write_bytes(data.replace(b"quaint", b"qu\xff\xfent"))
    connection = SqliteConnection(path)
    assert connection.run("SELECT * FROM t", None, Shape.dicts()).columns == ("qu\ufffd\ufffdnt",)
    connection.close()


@pytest.mark.parametrize("timeout", [-1.0, float("nan"), float("inf")])
def test_a_busy_timeout_is_a_duration(timeout: float) -> None:
    with pytest.raises(ValueError, match="busy_timeout"):
        SqliteConnection(":memory:", busy_timeout=timeout)


@pytest.mark.parametrize("interrupted", [False, True])
def test_closing_leaves_one_file(path: str, interrupted: bool) -> None:
    connection = SqliteConnection(path)
    connection.script("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    assert Path(f"{path}-wal").exists()
    if interrupted:
        connection.interrupt_handle().interrupt()
    connection.close()
    assert [file.name for file in Path(path).parent.iterdir()] == ["test.db"]
