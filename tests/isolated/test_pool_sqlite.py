"""The pool over SQLite: one memory per engine, writers that wait, files where the URL says."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from ferrow.engine import AsyncEngine, Engine, create_engine
from ferrow.errors import IntegrityError, OperationalError


@pytest.fixture(params=["sqlite::memory:", "sqlite://", "file"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a.db'}" if request.param == "file" else str(request.param)


def test_one_memory_for_all_connections_of_an_engine() -> None:
    with create_engine("sqlite::memory:", max_size=3) as engine:
        engine.script("CREATE TABLE t (n INTEGER)")
        slots = [engine.pool.acquire() for _ in range(3)]
        for slot in slots:
            engine.pool.release(slot)
        for _ in range(3):
            with engine.connection() as one, engine.connection() as other:
                one.execute("INSERT INTO t VALUES (1)")
                assert other.query("SELECT count(*) FROM t")[0][0] == one.query("SELECT count(*) FROM t")[0][0]


def test_two_engines_have_two_memories() -> None:
    with create_engine("sqlite::memory:") as one, create_engine("sqlite::memory:") as other:
        one.script("CREATE TABLE t (n INTEGER)")
        with pytest.raises(Exception, match="no such table"):
            other.query("SELECT * FROM t")


def test_the_memory_outlives_its_connections_but_not_its_engine() -> None:
    engine = create_engine("sqlite::memory:", max_lifetime=0)
    engine.script("CREATE TABLE t (n INTEGER)")
    assert engine.query("SELECT * FROM t") == []
    assert engine.pool.stats().size <= 1
    engine.close()


def test_both_colours_and_all_threads_share_it() -> None:
    engine = create_engine("sqlite::memory:")
    engine.script("CREATE TABLE t (n INTEGER)")

    def thread(number: int) -> None:
        engine.execute("INSERT INTO t VALUES (?)", [number])

    threads = [threading.Thread(target=thread, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    async def main() -> list[int]:
        aio = await engine
        await aio.execute("INSERT INTO t VALUES (99)")
        found = [row[0] for row in await aio.query("SELECT n FROM t ORDER BY n")]
        await aio.close()
        return found

    assert asyncio.run(main()) == [*range(8), 99]
    assert engine.query_one("SELECT count(*) FROM t")[0] == 9, "closing one colour leaves the other"
    engine.close()


def test_nothing_is_written_to_disk_for_a_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with create_engine("sqlite::memory:") as engine:
        engine.script("CREATE TABLE t (n INTEGER)")
        assert engine.url == "sqlite::memory:"
    assert list(tmp_path.iterdir()) == []


def test_relative_and_absolute_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with create_engine("sqlite:///relative.db") as engine:
        engine.script("CREATE TABLE t (n INTEGER)")
    assert (tmp_path / "relative.db").exists()
    with create_engine(f"sqlite:///{tmp_path}/absolute.db") as engine:
        engine.script("CREATE TABLE t (n INTEGER)")
    assert (tmp_path / "absolute.db").exists()


def test_files_use_wal_and_everything_checks_foreign_keys(any_url: str) -> None:
    with create_engine(any_url) as engine:
        mode = engine.query_one("PRAGMA journal_mode")[0]
        assert mode == ("memory" if engine.settings.memory else "wal")
        engine.script("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a INTEGER REFERENCES a (id))")
        with pytest.raises(IntegrityError):
            engine.execute("INSERT INTO b VALUES (1)")


def test_a_changed_pragma_does_not_reach_the_next_borrower(any_url: str) -> None:
    with create_engine(any_url, max_size=1) as engine:
        with engine.connection() as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("CREATE TEMP TABLE left_behind (n)")
        assert engine.query_one("PRAGMA foreign_keys")[0] == 1
        assert engine.query("SELECT * FROM sqlite_temp_master") == []


@pytest.mark.timeout(60)
def test_writers_in_threads_wait_for_each_other(any_url: str) -> None:
    """Read, then write: without BEGIN IMMEDIATE some of these could never succeed."""
    errors: list[BaseException] = []
    with create_engine(any_url, max_size=8, busy_timeout=30) as engine:
        engine.script("CREATE TABLE c (n INTEGER); INSERT INTO c VALUES (0)")

        def work() -> None:
            try:
                for _ in range(20):
                    with engine.transaction():
                        n = engine.query_one("SELECT n FROM c")[0]
                        engine.execute("UPDATE c SET n = ?", [n + 1])
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert engine.query_one("SELECT n FROM c")[0] == 160


@pytest.mark.timeout(60)
def test_writers_in_tasks_wait_for_each_other(any_url: str) -> None:
    async def work(engine: AsyncEngine) -> None:
        for _ in range(20):
            async with engine.transaction():
                n = (await engine.query_one("SELECT n FROM c"))[0]
                await engine.execute("UPDATE c SET n = ?", [n + 1])

    async def main() -> None:
        async with await create_engine(any_url, max_size=8, busy_timeout=30) as engine:
            await engine.script("CREATE TABLE c (n INTEGER); INSERT INTO c VALUES (0)")
            await asyncio.gather(*(work(engine) for _ in range(8)))
            assert (await engine.query_one("SELECT n FROM c"))[0] == 160

    asyncio.run(main())


def test_a_reader_does_not_wait_for_a_writer_of_a_file(tmp_path: Path) -> None:
    with create_engine(f"sqlite:///{tmp_path}/a.db", busy_timeout=0.2) as engine:
        engine.script("CREATE TABLE t (n INTEGER)")
        found: list[Any] = []
        with engine.transaction():
            engine.execute("INSERT INTO t VALUES (1)")
            reader = threading.Thread(target=lambda: found.append(engine.query("SELECT * FROM t")))
            reader.start()
            reader.join()
        assert found == [[]]


def test_a_writer_that_waits_too_long_is_told(tmp_path: Path) -> None:
    with create_engine(f"sqlite:///{tmp_path}/a.db", busy_timeout=0.1) as engine:
        engine.script("CREATE TABLE t (n INTEGER)")
        errors: list[Any] = []

        def write() -> None:
            try:
                engine.execute("INSERT INTO t VALUES (1)")
            except OperationalError as error:
                errors.append(error)

        with engine.transaction():
            writer = threading.Thread(target=write)
            writer.start()
            writer.join()
        assert "locked" in str(errors[0])


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_uses_its_own_connections(any_url: str) -> None:
    with create_engine(any_url) as engine:
        engine.script("CREATE TABLE t (n INTEGER)")
        engine.execute("INSERT INTO t VALUES (1)")
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = 0 if _insert(engine) == 2 else 2
                engine.close()
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        # A memory is copied by the fork, a file is shared.
        assert engine.query_one("SELECT count(*) FROM t")[0] == (1 if engine.settings.memory else 2)


def _insert(engine: Engine) -> int:
    engine.execute("INSERT INTO t VALUES (2)")
    return int(engine.query_one("SELECT count(*) FROM t")[0])
