"""Short reads in the thread of whoever asks, and what their files would have to wait for: it is left to the thread that may."""

import ctypes
import mmap
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ferrow._core import SqliteConnection
from tests.pure.sqlite.ask import TUPLES, rows, value
from tests.pure.sqlite.attempts import inline, never

B = "SELECT b FROM t WHERE a = ?"
ROWS = 3000


@pytest.fixture(params=["wal", "delete"])
def journal(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def db(path: str, journal: str) -> Iterator[SqliteConnection]:
    """A row on each page, and more pages than the connection keeps in memory."""
    connection = SqliteConnection(path, inline_reads=True, journal_mode=journal, cache_size=-200)
    connection.script("CREATE TABLE t (a INTEGER PRIMARY KEY, b, c)")
    numbered = [(n, f"text {n}" + "." * 3000) for n in range(ROWS)]
    connection.run_many("INSERT INTO t (a, b) VALUES (?, ?)", numbered, TUPLES)
    connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
    yield connection
    connection.close()


@pytest.fixture
def system(path: str, db: SqliteConnection) -> Iterator["System"]:
    system = System(path)
    yield system
    system.close()


class System:
    """The pages of a file that the system keeps in memory. A file that is closed loses the locks of the whole process, so it stays
    open until the end."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDONLY)

    def forget(self) -> None:
        """Of a file that nobody has written since; what is being written or read ahead it keeps for a moment."""
        if sys.platform != "linux":
            pytest.skip("needs Linux, to make the system forget pages of a file, and to ask it for what is in memory")
        for _ in range(1000):
            os.fsync(self._file)
            os.posix_fadvise(self._file, 0, 0, os.POSIX_FADV_DONTNEED)
            if not self._pages():
                return
            time.sleep(0.01)
        pytest.skip("this system does not forget pages of a file")

    def _pages(self) -> int:
        """How many it has. To ask by reading would make it read ahead."""
        with mmap.mmap(self._file, 0, access=mmap.ACCESS_COPY) as mapped:
            found = (ctypes.c_ubyte * -(-len(mapped) // mmap.PAGESIZE))()
            first = ctypes.c_char.from_buffer(mapped)
            failed = ctypes.CDLL(None).mincore(ctypes.byref(first), ctypes.c_size_t(len(mapped)), found)
            del first
        assert not failed
        return sum(page & 1 for page in found)

    def close(self) -> None:
        os.close(self._file)


def taken_back(db: SqliteConnection, system: System) -> int:
    """The key of a row that was not in memory when it was asked for, so that it was left to the thread.

    The system begins to read what it does not have. Now and then it is there before it has been missed.
    """
    for number in range(100, ROWS, 100):
        inline(db, B, [1])
        while db.attempt(B, [1], TUPLES) is not None:
            pass  # until the allowance is used up, and there for the next
        system.forget()
        if db.attempt(B, [number], TUPLES) is None:
            return number
    raise AssertionError("no read was left to the thread")


def test_a_page_on_disk_is_left_to_the_thread(db: SqliteConnection, system: System) -> None:
    assert inline(db, B, [ROWS - 1]).rows[0][0].startswith(f"text {ROWS - 1}.")
    number = taken_back(db, system)
    assert value(db, B, [number]).startswith(f"text {number}.")
    assert inline(db, B, [number]).rows[0][0].startswith(f"text {number}.")


def test_a_page_on_disk_does_not_end_a_transaction(
    db: SqliteConnection, system: System, path: str, journal: str
) -> None:
    db.script("BEGIN")
    assert value(db, "SELECT c FROM t WHERE a = 1") is None
    if journal == "wal":
        other = SqliteConnection(path)
        other.run("UPDATE t SET c = 'later'", None, TUPLES)
        other.close()
    taken_back(db, system)
    assert db.status == "transaction"
    # What it had seen it still sees, and nothing else.
    assert value(db, "SELECT count(c) FROM t") == 0
    db.run("COMMIT", None, TUPLES)
    assert value(db, "SELECT count(c) FROM t") == (ROWS if journal == "wal" else 0)


def test_a_transaction_that_has_written_reads_in_the_thread(db: SqliteConnection) -> None:
    """A page that has to make room may be one that has to be written first."""
    inline(db, B, [1])
    db.script("BEGIN")
    inline(db, B, [1])
    db.run("UPDATE t SET b = 'new' WHERE a = 1", None, TUPLES)
    never(db, B, [1])
    assert value(db, B, [1]) == "new"
    db.script("ROLLBACK")
    assert inline(db, B, [1]).rows[0][0].startswith("text 1.")


def test_a_column_behind_a_huge_value_is_left_to_the_thread(db: SqliteConnection) -> None:
    sql = "SELECT c FROM t WHERE a = ?"
    db.run("INSERT INTO t VALUES (?1, zeroblob(20000000), 'behind')", [ROWS], TUPLES)
    never(db, sql, [ROWS], after=[1])
    assert value(db, sql, [ROWS]) == "behind"


def test_many_pages_in_memory_are_left_to_the_thread(db: SqliteConnection) -> None:
    """They are not read, and so not counted: there are to be few."""
    sql = "SELECT c FROM t WHERE a = ?"
    db.run("INSERT INTO t VALUES (?1, zeroblob(40000000), 'behind')", [ROWS], TUPLES)
    inline(db, sql, [1])
    rows(db, "PRAGMA cache_size = -100000")
    assert value(db, sql, [ROWS]) == "behind"
    for _ in range(20):
        rows(db, sql, [1])
        assert db.attempt(sql, [1], TUPLES) is None
    rows(db, "PRAGMA cache_size = -2000")
    rows(db, "PRAGMA shrink_memory")
    assert inline(db, sql, [1]).rows == [(None,)]


def test_a_mapped_file_is_left_to_the_thread(db: SqliteConnection) -> None:
    inline(db, B, [1])
    assert value(db, "PRAGMA mmap_size = 100000000") == 100_000_000
    far = [(number,) for number in range(0, ROWS, 100)]
    for number in far:
        value(db, B, number)
    for _ in range(20):
        found = [db.attempt(B, [number], TUPLES) for number in range(50, ROWS, 100)]
        assert found == [None] * len(found)


def test_a_file_that_is_mapped_in_part_is_left_to_the_thread(db: SqliteConnection) -> None:
    """Also where none of the pages that were asked for so far is in that part."""
    db.script("CREATE TABLE late (a); PRAGMA wal_checkpoint(TRUNCATE)")
    inline(db, B, [1])
    assert value(db, "SELECT count(*) FROM late") == 0
    assert value(db, "PRAGMA mmap_size = 65536") == 65536
    rows(db, "PRAGMA shrink_memory")
    assert value(db, "SELECT count(*) FROM late") == 0
    rows(db, "PRAGMA shrink_memory")
    assert [db.attempt(B, [number], TUPLES) for number in range(5)] == [None] * 5


def test_a_vfs_of_the_programs_choice_is_left_to_the_thread(path: str) -> None:
    connection = SqliteConnection(path, inline_reads=True, vfs="unix")
    connection.script("CREATE TABLE t (a)")
    for _ in range(20):
        rows(connection, "SELECT a FROM t")
        assert connection.attempt("SELECT a FROM t", None, TUPLES) is None
    connection.close()


def test_so_is_an_attached_database_with_one(db: SqliteConnection, tmp_path: Path) -> None:
    inline(db, B, [1])
    db.script(f"ATTACH '{tmp_path / 'plain.db'}' AS plain")
    inline(db, B, [1])
    db.script(f"ATTACH 'file:{tmp_path / 'other.db'}?vfs=unix' AS other")
    for _ in range(20):
        rows(db, B, [1])
        assert db.attempt(B, [1], TUPLES) is None
    db.script("DETACH other")
    inline(db, B, [1])


def test_a_journal_left_behind_is_left_to_the_thread(path: str, tmp_path: Path) -> None:
    """Another process has died while it wrote. Whoever reads first takes that back, which is a write.

    So few pages that to read them again ends no attempt.
    """
    connection = SqliteConnection(path, inline_reads=True, journal_mode="delete", cache_size=10)
    connection.script("CREATE TABLE t (a INTEGER PRIMARY KEY, b)")
    connection.run_many("INSERT INTO t VALUES (?, ?)", [(n, f"text {n}" + "." * 3000) for n in range(60)], TUPLES)
    inline(connection, B, [1])
    copy = str(tmp_path / "copy.db")
    shutil.copy(path, copy)
    dying = SqliteConnection(copy, journal_mode="delete", cache_size=10)
    dying.script("BEGIN")
    dying.run("UPDATE t SET b = 'lost'", None, TUPLES)
    assert os.path.getsize(f"{copy}-journal") > 4096
    shutil.copy(copy, f"{copy}.dead")
    shutil.copy(f"{copy}-journal", f"{path}-journal")
    dying.close()
    overwrite(path, f"{copy}.dead")
    for _ in range(3):
        assert connection.attempt(B, [1], TUPLES) is None
    assert os.path.exists(f"{path}-journal")
    assert value(connection, B, [1]).startswith("text 1.")
    assert not os.path.exists(f"{path}-journal")
    assert inline(connection, B, [1]).rows[0][0].startswith("text 1.")
    connection.close()


def overwrite(path: str, source: str) -> None:
    """In place: the file stays the one that is open."""
    with open(path, "r+b") as file:
        file.write(Path(source).read_bytes())


def test_a_statement_of_a_cursor_keeps_its_place(db: SqliteConnection, system: System) -> None:
    """What is taken back beside an open cursor takes nothing from it."""
    cursor = db.open_cursor("SELECT a FROM t ORDER BY a", None, TUPLES)
    seen: list[Any] = list(cursor.fetch(10)[0])
    taken_back(db, system)
    seen += cursor.fetch(ROWS)[0]
    assert [number for (number,) in seen] == list(range(ROWS))
