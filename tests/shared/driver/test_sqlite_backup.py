"""Copies of whole databases, between connections, to and from files, and to and from bytes."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from tests.support import entered, maybe

ROWS = 3000


async def fill(conn: Any, rows: int = ROWS) -> None:
    await maybe(conn.script("CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT)"))
    await maybe(
        conn.run_many("INSERT INTO t VALUES (?, ?)", [(i, "x" * 100) for i in range(rows)], driver.Shape.tuples())
    )


async def count(conn: Any) -> int:
    return (await maybe(conn.query_one("SELECT count(*) FROM t")))[0]


async def opened(conn: Any, url: str) -> Any:
    """Another connection of the same colour."""
    return await driver.connect_async(url) if type(conn).__name__.startswith("Async") else driver.connect(url)


def content(path: Path) -> int:
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(other.execute("SELECT count(*) FROM t").fetchone()[0])


async def test_to_a_file(lite: Any, tmp_path: Path) -> None:
    await fill(lite)
    target = tmp_path / "copy.db"
    await maybe(lite.sqlite.backup(target))
    assert content(target) == ROWS
    await maybe(lite.execute("DELETE FROM t"))
    await maybe(lite.sqlite.backup(str(target)))
    assert content(target) == 0


async def test_to_and_from_memory(lite: Any) -> None:
    await fill(lite)
    memory = await opened(lite, "sqlite::memory:")
    await maybe(lite.sqlite.backup(memory))
    assert await count(memory) == ROWS
    await maybe(memory.execute("INSERT INTO t VALUES (-1, 'more')"))
    await maybe(lite.sqlite.restore(memory))
    assert await count(lite) == ROWS + 1
    assert (await maybe(lite.query_one("PRAGMA integrity_check")))[0] == "ok"
    await maybe(lite.execute("DELETE FROM t WHERE n < 0"))
    await maybe(memory.close())


async def test_from_a_file(lite: Any, tmp_path: Path) -> None:
    source = tmp_path / "source.db"
    with sqlite3.connect(source) as other:
        other.execute("CREATE TABLE t AS SELECT 1 AS n")
    other.close()
    await maybe(lite.script("CREATE TABLE old (a)"))
    await maybe(lite.query("SELECT * FROM old"))
    await maybe(lite.sqlite.restore(source))
    assert await count(lite) == 1
    with pytest.raises(ProgrammingError, match="no such table: old"):
        await maybe(lite.query("SELECT * FROM old"))
    with pytest.raises(OperationalError, match="there is no such file"):
        await maybe(lite.sqlite.restore(tmp_path / "missing.db"))


async def test_in_steps_with_progress(lite: Any, tmp_path: Path) -> None:
    await fill(lite)
    seen: list[tuple[int, int]] = []
    await maybe(lite.sqlite.backup(tmp_path / "copy.db", pages=20, sleep=0.0001, progress=lambda *at: seen.append(at)))
    left = [each for each, _ in seen]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert len(seen) == -(-seen[0][1] // 20)
    assert content(tmp_path / "copy.db") == ROWS


async def test_the_other_way_round_in_steps_with_pauses(lite: Any, tmp_path: Path) -> None:
    await fill(lite)
    await maybe(lite.sqlite.backup(tmp_path / "copy.db"))
    memory = await opened(lite, "sqlite::memory:")
    seen: list[tuple[int, float]] = []
    await maybe(
        memory.sqlite.restore(
            tmp_path / "copy.db", pages=40, sleep=0.02, progress=lambda left, total: seen.append((left, monotonic()))
        )
    )
    assert len(seen) > 2
    assert seen[-1][0] == 0
    assert all(later[1] - one[1] >= 0.01 for one, later in pairwise(seen))
    assert await count(memory) == ROWS
    await maybe(memory.close())


async def test_the_source_can_be_used_and_written_meanwhile(lite: Any, tmp_path: Path) -> None:
    await fill(lite)
    core = lite.wire.core
    shape = driver.Shape.tuples()

    def meddle(left: int, total: int) -> None:
        if left:
            core.run("UPDATE t SET s = 'changed' WHERE n = 0", None, shape)

    await maybe(lite.sqlite.backup(tmp_path / "copy.db", pages=10, progress=meddle))
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT s FROM t WHERE n = 0").fetchone() == ("changed",)


async def test_the_target_cannot_be_used_meanwhile(lite: Any) -> None:
    await fill(lite)
    memory = await opened(lite, "sqlite::memory:")
    await maybe(memory.script("CREATE TABLE own (a)"))
    core, refused = memory.wire.core, []

    def meddle(left: int, total: int) -> None:
        if left:
            with pytest.raises(InterfaceError, match="target of a backup"):
                core.run("SELECT 1", None, driver.Shape.tuples())
            refused.append(left)

    await maybe(lite.sqlite.backup(memory, pages=10, progress=meddle))
    assert refused
    assert await count(memory) == ROWS
    await maybe(memory.close())


@pytest.mark.parametrize("existed", [True, False])
async def test_an_exception_on_the_way_leaves_the_target_as_it_was(lite: Any, tmp_path: Path, existed: bool) -> None:
    await fill(lite)
    target = tmp_path / "copy.db"
    if existed:
        with sqlite3.connect(target) as other:
            other.execute("CREATE TABLE t AS SELECT 5 AS n")
        other.close()
    with pytest.raises(ZeroDivisionError):
        await maybe(lite.sqlite.backup(target, pages=10, progress=lambda left, total: 1 // 0))
    assert target.exists() == existed
    if existed:
        assert content(target) == 1
    memory = await opened(lite, "sqlite::memory:")
    await maybe(memory.script("CREATE TABLE own (a)"))
    with pytest.raises(ZeroDivisionError):
        await maybe(lite.sqlite.backup(memory, pages=10, progress=lambda left, total: 1 // 0))
    assert await maybe(memory.query("SELECT * FROM own")) == []
    await maybe(memory.close())
    await maybe(lite.sqlite.backup(target))
    assert content(target) == ROWS


@pytest.mark.parametrize("pages", [10, -1])
@pytest.mark.parametrize("turns", [1, 2, 3, 10, 30])
@pytest.mark.only(colour="async")
async def test_a_cancelled_copy_leaves_both_usable(lite: Any, colour: str, pages: int, turns: int) -> None:
    await fill(lite)
    memory = await opened(lite, "sqlite::memory:")
    await memory.script("CREATE TABLE own (a)")
    task = asyncio.create_task(lite.sqlite.backup(memory, pages=pages, sleep=0.001))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert await count(lite) == ROWS
    tables = {row[0] for row in await memory.query("SELECT name FROM sqlite_schema")}
    assert tables in ({"own"}, {"t"})  # all of it or nothing
    await lite.sqlite.backup(memory)
    assert await count(memory) == ROWS
    await memory.close()


@pytest.mark.parametrize("which", ["source", "target"])
async def test_closing_one_of_them_ends_the_copy(lite: Any, which: str) -> None:
    await fill(lite)
    memory = await opened(lite, "sqlite::memory:")
    closing = lite if which == "source" else memory

    def close(left: int, total: int) -> None:
        closing.wire.core.close()

    with pytest.raises(InterfaceError, match="closed"):
        await maybe(lite.sqlite.backup(memory, pages=5, progress=close))
    survivor = memory if which == "source" else lite
    assert (await maybe(survivor.query_one("SELECT 5")))[0] == 5
    await maybe(memory.close())


async def test_what_stands_in_the_way_is_named(lite: Any, tmp_path: Path) -> None:
    await fill(lite, 10)
    memory = await opened(lite, "sqlite::memory:")
    with pytest.raises(ProgrammingError, match="cannot be copied onto itself"):
        await maybe(lite.sqlite.backup(lite))
    for pages, words in [(0, "would never end"), (-1, "a number of seconds")]:
        with pytest.raises(ProgrammingError, match=words):
            await maybe(lite.sqlite.backup(memory, pages=pages, sleep=-1))
    async with entered(lite.transaction()):
        await maybe(lite.execute("DELETE FROM t"))
        with pytest.raises(ProgrammingError, match="written in a transaction that is still open"):
            await maybe(lite.sqlite.backup(memory))
        with pytest.raises(ProgrammingError, match="in use by a transaction"):
            await maybe(memory.sqlite.backup(lite))
    with pytest.raises(OperationalError, match="there is no directory"):
        await maybe(lite.sqlite.backup(tmp_path / "nowhere" / "copy.db"))
    with pytest.raises(InterfaceError, match="a path or a connection of the same colour"):
        await maybe(lite.sqlite.backup(5))
    await maybe(memory.close())


async def test_a_reader_in_a_transaction_copies_its_snapshot(lite: Any, sqlite_url: str, tmp_path: Path) -> None:
    await fill(lite, 10)
    async with entered(lite.transaction(readonly=True)):
        assert await count(lite) == 10
        with driver.connect(sqlite_url) as other:
            other.execute("DELETE FROM t")
        await maybe(lite.sqlite.backup(tmp_path / "copy.db"))
    assert content(tmp_path / "copy.db") == 10
    assert await count(lite) == 0


async def test_bytes_and_back(lite: Any, tmp_path: Path) -> None:
    await fill(lite)
    data = await maybe(lite.sqlite.serialize())
    assert data.startswith(b"SQLite format 3\0")
    memory = await opened(lite, "sqlite::memory:")
    await maybe(memory.script("CREATE TABLE own (a)"))
    await maybe(memory.query("SELECT * FROM own"))
    await maybe(memory.sqlite.deserialize(data))
    assert await count(memory) == ROWS
    await fill_more(memory)
    assert await count(memory) == 2 * ROWS
    again = await maybe(memory.sqlite.serialize())
    (tmp_path / "file.db").write_bytes(again)
    assert content(tmp_path / "file.db") == 2 * ROWS
    await maybe(memory.close())


async def fill_more(conn: Any) -> None:
    await maybe(conn.execute(f"INSERT INTO t SELECT n + {ROWS}, s FROM t"))


async def test_nothing_and_back(lite: Any) -> None:
    memory = await opened(lite, "sqlite::memory:")
    empty = await maybe(memory.sqlite.serialize())
    await fill(memory, 1)
    await maybe(memory.sqlite.deserialize(empty))
    assert await maybe(memory.query("SELECT * FROM sqlite_schema")) == []
    await maybe(memory.close())


@pytest.mark.parametrize("data", [b"no database", b"SQLite format 3\0" + bytes(4096), b"SQLite format 3\0" * 300])
async def test_what_is_no_database_changes_nothing(lite: Any, data: bytes) -> None:
    memory = await opened(lite, "sqlite::memory:")
    await fill(memory, 3)
    with pytest.raises(DatabaseError, match="these bytes are no SQLite database"):
        await maybe(memory.sqlite.deserialize(data))
    assert await count(memory) == 3
    await maybe(memory.close())


async def test_deserialize_is_for_memory_and_for_peace(lite: Any) -> None:
    await fill(lite, 3)
    data = await maybe(lite.sqlite.serialize())
    with pytest.raises(ProgrammingError, match=r"test\.db.*use restore\(\)"):
        await maybe(lite.sqlite.deserialize(data))
    memory = await opened(lite, "sqlite::memory:")
    async with entered(memory.transaction()):
        with pytest.raises(ProgrammingError, match="end the open transaction"):
            await maybe(memory.sqlite.deserialize(data))
    await maybe(memory.close())


@pytest.mark.parametrize("pages", [5, -1])
async def test_into_memory_of_another_kind(lite: Any, pages: int) -> None:
    """A copy of a file with a write-ahead log says that it has one, which SQLite's named memory cannot have."""
    await fill(lite)
    memory = await opened(lite, "sqlite::memory:")
    await maybe(memory.sqlite.deserialize(await maybe(lite.sqlite.serialize())))
    for _ in range(2):
        await maybe(lite.sqlite.backup(memory, pages=pages))
        assert await count(memory) == ROWS
    await maybe(memory.execute("DELETE FROM t"))
    await maybe(lite.sqlite.restore(memory))
    assert await count(lite) == 0
    await maybe(memory.close())


async def test_restoring_changes_nothing_in_the_file(lite: Any, tmp_path: Path) -> None:
    """Not even its journal."""
    path = tmp_path / "source.db"
    with closing(sqlite3.connect(path)) as source:
        source.execute("CREATE TABLE t (n)")
        source.execute("INSERT INTO t VALUES (1)")
        source.commit()
    before = path.read_bytes()
    await maybe(lite.sqlite.restore(path))
    assert await count(lite) == 1
    assert path.read_bytes() == before
