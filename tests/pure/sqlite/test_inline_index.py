"""Short reads in the thread of whoever asks, and the index of a write-ahead log: memory that others share, which is a file."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest

from ferrow._core import SqliteConnection, SqliteTools
from tests.pure.sqlite.ask import TUPLES, rows, value
from tests.pure.sqlite.attempts import TRIES, inline, never

B = "SELECT b FROM t WHERE a = ?"
MARKS = slice(100, 120)
"""Of the index: how far each reader reads of the log (https://sqlite.org/walformat.html#the_wal_index_file_format)."""


def marks(path: str) -> bytes:
    # Not closed: with it all locks of this process on the file would be gone.
    return os.pread(os.open(f"{path}-shm", os.O_RDONLY), 136, 0)[MARKS]


@pytest.fixture
def reader(path: str) -> Iterator[SqliteConnection]:
    connection = SqliteConnection(path, inline_reads=True, journal_mode="wal")
    connection.script("CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 0)")
    inline(connection, B, [1])
    yield connection
    connection.close()


@pytest.fixture
def writer(path: str, reader: SqliteConnection) -> Iterator[SqliteConnection]:
    connection = SqliteConnection(path)
    yield connection
    connection.close()


def test_the_first_read_behind_a_write_is_left_to_the_thread(
    path: str, reader: SqliteConnection, writer: SqliteConnection
) -> None:
    """It writes down how far it reads. To write there can wait for the file system; the next ones find it."""
    inlined = 0
    for number in range(1, TRIES):
        writer.run("UPDATE t SET b = ?", [number], TUPLES)
        before = marks(path)
        never(reader, B, [1])
        assert marks(path) == before
        assert value(reader, B, [1]) == number
        assert marks(path) != before
        found = reader.attempt(B, [1], TUPLES)
        assert found is None or found.rows == [(number,)]
        # Twice in a row: had it been the statement's fault, it would have to be quick in the thread many times in between.
        inlined = inlined + 1 if found is not None else 0
        if inlined == 2:
            return
    raise AssertionError("the reads that found the mark did not run inline")


def test_so_is_that_of_a_transaction(reader: SqliteConnection, writer: SqliteConnection) -> None:
    writer.run("UPDATE t SET b = 1", None, TUPLES)
    reader.script("BEGIN")
    never(reader, B, [1])
    assert reader.status == "transaction"
    assert value(reader, B, [1]) == 1
    writer.run("UPDATE t SET b = 2", None, TUPLES)
    assert inline(reader, B, [1]).rows == [(1,)]
    reader.script("COMMIT")
    assert value(reader, B, [1]) == 2


@pytest.mark.parametrize("transaction", [False, True])
def test_behind_a_write_of_such_a_connection_others_find_the_mark(
    path: str, reader: SqliteConnection, transaction: bool
) -> None:
    """It makes one itself, in the thread that wrote."""
    writer = SqliteConnection(path, inline_reads=True)
    for number in range(1, 20):
        before = marks(path)
        if transaction:
            writer.script("BEGIN IMMEDIATE")
        writer.run("UPDATE t SET b = ?", [number], TUPLES)
        if transaction:
            assert marks(path) == before
            writer.script("COMMIT")
        assert marks(path) != before
        after = marks(path)
        for db in (reader, writer):
            assert inline(db, B, [1]).rows == [(number,)]
        assert marks(path) == after
    writer.close()


UNKEPT = textwrap.dedent("""
    import ctypes, resource, sys
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
    # A superuser may all the same, by a capability that is given up here: version 3 of its structures, for this process.
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    assert ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)()) == 0
    from ferrow._core import SqliteConnection
    from tests.pure.sqlite.ask import TUPLES, value
    from tests.pure.sqlite.attempts import TRIES, inline, never
    path, sql = sys.argv[1], "SELECT b FROM t WHERE a = ?"
    db = SqliteConnection(path, inline_reads=True, journal_mode="delete")
    db.script("CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 'one')")
    inline(db, sql, [1])
    value(db, "PRAGMA journal_mode = wal")
    for _ in range(50):
        assert value(db, sql, [1]) == "one"
        assert db.attempt(sql, [1], TUPLES) is None
    db.script("BEGIN")
    for _ in range(50):
        assert value(db, sql, [1]) == "one"
        assert db.attempt(sql, [1], TUPLES) is None
    db.script("COMMIT")
    value(db, "PRAGMA journal_mode = delete")
    inline(db, sql, [1])
""")


def test_what_was_written_by_dropping_something_is_not_marked_in_the_loop(path: str, reader: SqliteConnection) -> None:
    reader.run("UPDATE t SET b = zeroblob(9)", None, TUPLES)
    inline(reader, "SELECT a FROM t WHERE a = ?", [1])
    blob = SqliteTools(reader).open_blob("main", "t", "b", 1, False)
    blob.write(0, b"new")
    del blob
    before = marks(path)
    never(reader, "SELECT a FROM t WHERE a = ?", [1])
    assert marks(path) == before
    assert value(reader, B, [1]) == b"new" + bytes(6)
    assert marks(path) != before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no file is read so")
def test_an_index_that_may_leave_memory_is_left_to_the_thread(path: str) -> None:
    """The system keeps no more in memory for a process than RLIMIT_MEMLOCK."""
    ran = subprocess.run([sys.executable, "-c", UNKEPT, path], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_an_index_that_has_grown_is_left_to_the_thread(reader: SqliteConnection, writer: SqliteConnection) -> None:
    """It is mapped piece by piece, each for about 4,000 pages."""
    rows(writer, "PRAGMA wal_autocheckpoint = 0")
    writer.run_many("INSERT INTO t VALUES (?, zeroblob(3500))", [(n,) for n in range(2, 5000)], TUPLES)
    assert reader.attempt(B, [4999], TUPLES) is None
    assert len(value(reader, B, [4999])) == 3500
    assert len(inline(reader, B, [4999]).rows[0][0]) == 3500


def test_a_recovery_is_left_to_the_thread(path: str, reader: SqliteConnection) -> None:
    """As after a crash: the index says nothing, and whoever reads first makes a new one."""
    index = os.open(f"{path}-shm", os.O_RDWR)
    os.pwrite(index, bytes(96), 0)
    never(reader, B, [1])
    assert os.pread(index, 96, 0) == bytes(96)
    assert value(reader, B, [1]) == 0
    assert os.pread(index, 96, 0) != bytes(96)
    reader.close()
    os.close(index)


def test_the_mark_of_a_log_for_itself_alone_is_left_to_the_thread(path: str) -> None:
    """With `locking_mode = exclusive` SQLite asks for no lock of the index, and notes there all the same how far it reads."""
    db = SqliteConnection(path, inline_reads=True, journal_mode="wal")
    db.script("CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 0)")
    inline(db, B, [1])
    rows(db, "PRAGMA locking_mode = exclusive")
    for number in range(1, 20):
        db.run("UPDATE t SET b = ?", [number], TUPLES)
        before = marks(path)
        never(db, B, [1])
        assert marks(path) == before
        assert value(db, B, [1]) == number
        assert marks(path) != before
    rows(db, "PRAGMA locking_mode = normal")
    assert inline(db, B, [1]).rows == [(19,)]
    db.close()


def test_so_it_is_not_where_there_is_no_log(path: str) -> None:
    db = SqliteConnection(path, inline_reads=True, journal_mode="delete")
    rows(db, "PRAGMA locking_mode = exclusive")
    db.script("CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 0)")
    assert inline(db, B, [1]).rows == [(0,)]
    db.close()
