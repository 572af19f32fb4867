"""What the options of a connection do to the database, and why one cannot be opened."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DatabaseError, InterfaceError, OperationalError

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def pragma(url: str, name: str, **options: Any) -> Any:
    with driver.connect(url, **options) as conn:
        return conn.query_one(f"PRAGMA {name}")[0]


@pytest.mark.parametrize("mode", ["wal", "delete", "truncate", "persist", "memory", "off"])
def test_journal_modes(path: str, mode: str) -> None:
    with driver.connect(f"sqlite:///{path}?journal_mode={mode}") as conn:
        assert conn.query_one("PRAGMA journal_mode")[0] == mode
        conn.script("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    assert pragma(f"sqlite:///{path}", "journal_mode") == "wal"


def test_a_journal_mode_that_another_connection_prevents_is_an_error(path: str) -> None:
    with driver.connect(f"sqlite:///{path}") as conn:
        conn.script("CREATE TABLE t (a)")
        conn.query("SELECT * FROM t")
        with pytest.raises(OperationalError, match=r"cannot open .*test\.db.*another connection holds it"):
            driver.connect(f"sqlite:///{path}?journal_mode=delete&busy_timeout=0")


@pytest.mark.parametrize(
    ("option", "value", "stored"),
    [
        ("synchronous", "off", 0),
        ("synchronous", "extra", 3),
        ("synchronous", 2, 2),
        ("cache_size", 17, 17),
        ("cache_size", -4000, -4000),
        ("foreign_keys", False, 0),
        ("foreign_keys", True, 1),
    ],
)
def test_settings_of_a_connection(path: str, option: str, value: Any, stored: int) -> None:
    assert pragma(f"sqlite:///{path}", option, **{option: value}) == stored
    assert pragma("sqlite::memory:", option, **{option: value}) == stored


def test_a_vfs_by_name(path: str) -> None:
    if os.name == "posix":
        assert pragma(f"sqlite:///{path}", "journal_mode", vfs="unix", journal_mode="delete") == "delete"
    with pytest.raises(DatabaseError, match="no such vfs: nope"):
        driver.connect(f"sqlite:///{path}?vfs=nope")


@pytest.mark.parametrize("mode", ["rw", "ro"])
def test_a_missing_file_is_named_with_the_way_out(path: str, mode: str) -> None:
    with pytest.raises(
        OperationalError, match=r"cannot open .*test\.db.*there is no such file; the default mode, rwc, creates it"
    ):
        driver.connect(f"sqlite:///{path}?mode={mode}")
    assert not Path(path).exists()


def test_a_missing_directory_and_a_directory_are_named(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match=r"there is no directory .*nowhere.*create it first"):
        driver.connect(f"sqlite:///{tmp_path}/nowhere/a.db")
    with pytest.raises(OperationalError, match="it is a directory"):
        driver.connect(f"sqlite:///{tmp_path}")


def test_a_reader_reads_what_the_writer_has_committed_so_far(path: str) -> None:
    with driver.connect(f"sqlite:///{path}") as writer:
        writer.script("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        assert Path(f"{path}-wal").stat().st_size > 0
        with driver.connect(f"sqlite:///{path}?readonly=true") as reader:
            assert reader.query_one("SELECT a FROM t")[0] == 1
            writer.execute("UPDATE t SET a = 2")
            assert reader.query_one("SELECT a FROM t")[0] == 2
            with pytest.raises(
                OperationalError, match=r"readonly database: .* open it with mode=rw or mode=rwc"
            ) as caught:
                reader.execute("DELETE FROM t")
            assert caught.value.query == "DELETE FROM t"


@pytest.mark.parametrize(
    "name", ["plain.db", "with space.db", "per%cent.db", "que?st#ion.db", "file:odd.db", "Größe.db"]
)
def test_an_immutable_file_is_read_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from urllib.parse import quote

    other = sqlite3.connect(tmp_path / name)
    other.execute("CREATE TABLE t AS SELECT 5 AS a")
    other.commit()
    other.close()
    assert (tmp_path / name).exists()
    monkeypatch.chdir(tmp_path)
    for place in (f"{tmp_path}/{name}", f"./{name}"):
        with driver.connect(f"sqlite:///{quote(place)}?immutable=1") as conn:
            assert conn.query_one("SELECT a FROM t")[0] == 5
            with pytest.raises(OperationalError, match="open it with mode=rw"):
                conn.execute("DELETE FROM t")
    assert [file.name for file in tmp_path.iterdir()] == [name]


@contextmanager
def nobody() -> Iterator[None]:
    """Without the rights of root, for whom nothing is forbidden."""
    if not ROOT:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def allowed(path: str) -> Iterator[None]:
    """Back in the rights that made the file, in whose directory everything is allowed meanwhile."""
    if ROOT:
        os.seteuid(0)
    directory = os.path.dirname(path)
    os.chmod(path, 0o666)
    os.chmod(directory, 0o755)
    try:
        yield
    finally:
        os.chmod(directory, 0o555)
        if ROOT:
            os.seteuid(65534)


@pytest.fixture
def sealed() -> Iterator[str]:
    """A database with a write-ahead log in a directory that nobody may write to."""
    if os.name != "posix":
        pytest.skip("permissions of POSIX")
    with tempfile.TemporaryDirectory() as directory:
        path = f"{directory}/sealed.db"
        with driver.connect(f"sqlite:///{path}") as conn:
            conn.script("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        os.chmod(path, 0o444)
        os.chmod(directory, 0o555)
        with nobody():
            yield path
        os.chmod(directory, 0o755)


def test_a_file_that_cannot_be_written_says_so_when_it_is(sealed: str) -> None:
    """SQLite opens it all the same, for reading, where the directory has room for a log."""
    if ROOT:
        os.seteuid(0)
    os.chmod(os.path.dirname(sealed), 0o777)
    with nobody(), driver.connect(f"sqlite:///{sealed}") as conn:
        assert conn.query("SELECT a FROM t") == [(1,)]
        with pytest.raises(OperationalError, match="this user may not write the file: look at its permissions"):
            conn.execute("INSERT INTO t VALUES (2)")


def test_a_directory_that_cannot_be_written(sealed: str) -> None:
    with pytest.raises(OperationalError, match="open it with immutable=1"):
        driver.connect(f"sqlite:///{sealed}?mode=ro")
    with driver.connect(f"sqlite:///{sealed}?immutable=1") as conn:
        assert conn.query_one("SELECT a FROM t")[0] == 1
    # Not mode=ro, which is refused as well.
    with pytest.raises(
        OperationalError,
        match=rf'the directory "{os.path.dirname(sealed)}", or, if nobody writes to the database, open it with immutable=1',
    ):
        driver.connect(f"sqlite:///{sealed}")
    with pytest.raises(OperationalError, match="the file cannot be created; look at the permissions"):
        driver.connect(f"sqlite:///{sealed}.new")


def test_a_log_that_cannot_be_read_for_want_of_its_index(sealed: str) -> None:
    """Neither mode=ro opens it nor immutable=1."""
    said = "cannot be read without its write-ahead log, whose index.* and open the copy"
    with allowed(sealed), closing(sqlite3.connect(sealed)) as writer:
        writer.execute("INSERT INTO t VALUES (2)")
        writer.commit()
        log = Path(f"{sealed}-wal").read_bytes()
    with allowed(sealed):
        Path(f"{sealed}-wal").write_bytes(log)
    for options in ("", "?mode=ro", "?mode=rw"):
        with pytest.raises(OperationalError, match=said) as caught:
            driver.connect(f"sqlite:///{sealed}{options}")
        assert "mode=ro" not in str(caught.value)
        assert "immutable" not in str(caught.value)
    with pytest.raises(OperationalError, match="and open the copy"):
        driver.connect(f"sqlite:///{sealed}?immutable=1")
    with allowed(sealed):
        Path(f"{sealed}-wal").write_bytes(b"")
    for options in ("", "?mode=ro"):
        with pytest.raises(OperationalError, match="if nobody writes to the database, open it with immutable=1"):
            driver.connect(f"sqlite:///{sealed}{options}")
    with driver.connect(f"sqlite:///{sealed}?immutable=1") as conn:
        assert conn.query("SELECT a FROM t") == [(1,), (2,)]


def test_a_journal_that_cannot_be_created(sealed: str) -> None:
    with allowed(sealed), driver.connect(f"sqlite:///{sealed}?journal_mode=delete"):
        pass
    with driver.connect(f"sqlite:///{sealed}?journal_mode=delete") as conn:
        assert conn.query("SELECT a FROM t") == [(1,)]
        with pytest.raises(
            OperationalError,
            match=r'the file ".*sealed\.db"; this user may not create the journal beside it: .* open the file with mode=ro',
        ):
            conn.execute("INSERT INTO t VALUES (2)")
    with pytest.raises(OperationalError, match=r"may not write the file or its directory.* open it with mode=ro"):
        driver.connect(f"sqlite:///{sealed}")
    with driver.connect(f"sqlite:///{sealed}?mode=ro") as conn:
        assert conn.query("SELECT a FROM t") == [(1,)]


def test_foreign_keys_can_be_left_unchecked(path: str) -> None:
    with driver.connect(f"sqlite:///{path}", foreign_keys=False) as conn:
        conn.script(
            "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a REFERENCES a); INSERT INTO b VALUES (7)"
        )


def test_the_core_takes_no_other_words(path: str) -> None:
    from ferrow._core import SqliteConnection

    for words in ({"journal_mode": "off; DROP TABLE t"}, {"synchronous": "x"}):
        with pytest.raises(ValueError, match=r"unknown (journal_mode|synchronous)"):
            SqliteConnection(path, **words)  # type: ignore[arg-type]
    with pytest.raises(InterfaceError, match=r"vfs='no\\x00t' is no name"):
        driver.connect(f"sqlite:///{path}?vfs=no%00t")


def test_immutable_is_refused_where_not_all_is_in_the_file(path: str) -> None:
    with driver.connect(f"sqlite:///{path}") as conn:
        conn.script("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        with pytest.raises(
            OperationalError, match=r'cannot open .*test\.db": its write-ahead log ".*test\.db-wal" may hold'
        ):
            driver.connect(f"sqlite:///{path}?immutable=1")
        conn.query("PRAGMA wal_checkpoint(TRUNCATE)")
        with driver.connect(f"sqlite:///{path}?immutable=1") as other:
            assert other.query("SELECT a FROM t") == [(1,)]
    with driver.connect(f"sqlite:///{path}?journal_mode=delete") as conn:
        conn.execute("PRAGMA cache_size = 1")
        conn.execute("BEGIN")
        conn.run_many("INSERT INTO t VALUES (?)", [["x" * 5000]] * 50)
        with pytest.raises(OperationalError, match="a transaction was cut short, which immutable=1 would not undo"):
            driver.connect(f"sqlite:///{path}?immutable=1")
        conn.execute("ROLLBACK")
    with driver.connect(f"sqlite:///{path}?immutable=1") as other:
        assert other.query("SELECT a FROM t") == [(1,)]


def test_a_path_is_no_url_but_has_one(tmp_path: Path) -> None:
    path = tmp_path / "50% ü?.db"
    with pytest.raises(
        InterfaceError, match="is a str, not PosixPath; that of the SQLite file is 'sqlite:////"
    ) as caught:
        driver.connect(path)  # type: ignore[arg-type]
    driver.connect(str(caught.value).split("'")[1]).close()
    assert path.exists()
