"""Copies of databases that are in use, and copies that are stopped."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from ferrow._core import SqliteTools
from ferrow.driver import Shape
from ferrow.errors import InterfaceError, OperationalError, ProgrammingError, QueryCancelled
from tests.shared.driver.test_sqlite_backup import ROWS, count, fill, opened
from tests.support import entered, maybe


@pytest.mark.parametrize("held", ["blob", "cursor"])
async def test_what_is_being_read_is_not_overwritten(lite: Any, held: str) -> None:
    """No transaction shows that it is."""
    await fill(lite, 3)
    data = await maybe(lite.sqlite.serialize())
    memory = await opened(lite, "sqlite::memory:")
    await maybe(memory.sqlite.deserialize(data))
    await maybe(memory.execute("DELETE FROM t WHERE n > 1"))
    core = memory.wire.core
    if held == "blob":
        reading = await maybe(memory.sqlite.open_blob("t", "s", 0))
    else:
        reading = core.open_cursor("SELECT s FROM t", None, Shape.tuples())
        assert reading.fetch(1) == ([("x" * 100,)], False)
    with pytest.raises(ProgrammingError, match="in use by a transaction, a cursor or a blob"):
        await maybe(lite.sqlite.backup(memory))
    with pytest.raises(ProgrammingError, match="end the open transaction, cursor or blob first"):
        await maybe(memory.sqlite.deserialize(data))
    if held == "blob":
        assert await maybe(reading.read()) == b"x" * 100
    else:
        assert reading.fetch(5) == ([("x" * 100,)], True)
    await maybe(reading.close()) if held == "blob" else reading.close()
    assert await count(memory) == 2
    await maybe(lite.sqlite.backup(memory))
    assert await count(memory) == 3
    await maybe(memory.close())


async def test_one_target_has_one_copy(lite: Any, sqlite_url: str) -> None:
    await fill(lite)
    memory = await opened(lite, "sqlite::memory:")
    others = await opened(lite, "sqlite::memory:")
    await fill(others, 1)
    target = memory.wire.core
    refused: list[str] = []

    def meddle(left: int, total: int) -> None:
        with pytest.raises(InterfaceError) as raised:
            SqliteTools(others.wire.core).backup(target, True).start()
        refused.append(str(raised.value))

    await maybe(
        lite.sqlite.backup(memory, pages=20, progress=lambda left, total: meddle(left, total) if left else None)
    )
    assert set(refused) == {"the connection is the target of a backup and cannot be used until that is over"}
    assert await count(memory) == ROWS
    await maybe(others.sqlite.backup(memory))
    assert await count(memory) == 1
    await maybe(memory.close())
    await maybe(others.close())


async def test_a_source_that_is_written_to_meanwhile_by_its_own_connection(lite: Any) -> None:
    await fill(lite)
    memory = await opened(lite, "sqlite::memory:")
    core = lite.wire.core

    def write(left: int, total: int) -> None:
        core.script("BEGIN IMMEDIATE; DELETE FROM t")

    with pytest.raises(OperationalError, match="the source is being written to by its own connection; commit first"):
        await maybe(lite.sqlite.backup(memory, pages=5, progress=write))
    core.script("ROLLBACK")
    await maybe(lite.sqlite.backup(memory))
    assert await count(memory) == ROWS
    await maybe(memory.close())


async def test_a_target_with_pages_of_another_size(lite: Any) -> None:
    memory = await opened(lite, "sqlite::memory:")
    await maybe(memory.script("PRAGMA page_size = 8192; CREATE TABLE own (a)"))
    await fill(lite)
    with pytest.raises(OperationalError, match="its pages have another size and cannot be changed"):
        await maybe(lite.sqlite.backup(memory))
    assert await maybe(memory.query("SELECT * FROM own")) == []
    await maybe(memory.close())


async def test_an_interrupt_ends_a_copy_in_one_go(lite: Any) -> None:
    """It has no end of a statement at which it could be noticed."""
    await fill(lite, 30_000)
    memory = await opened(lite, "sqlite::memory:")
    core = lite.wire.core
    core.begin("BEGIN")
    core.run("SELECT count(*) FROM t", None, Shape.tuples())
    copy = SqliteTools(core).backup(memory.wire.core, True)
    copy.start()
    core.interrupt_handle().interrupt()
    with pytest.raises(QueryCancelled):
        copy.step(-1)
    copy.close()
    core.script("ROLLBACK")
    await maybe(lite.sqlite.backup(memory))
    assert await count(memory) == 30_000
    await maybe(memory.close())


async def test_the_transaction_of_an_interrupted_copy_is_over(lite: Any) -> None:
    source = await opened(lite, "sqlite::memory:")
    memory = await opened(lite, "sqlite::memory:")
    await maybe(source.script("CREATE TABLE t (b); INSERT INTO t VALUES (zeroblob(40000000))"))
    interrupt = SqliteTools(source.wire.core).interrupt
    over = threading.Event()

    def disturb() -> None:
        while not over.is_set():
            interrupt()

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        for _ in range(100):  # it may come too late
            try:
                await maybe(source.sqlite.backup(memory))
            except QueryCancelled:
                break
    finally:
        over.set()
        thread.join()
    assert source.wire.core.status == "idle"
    async with entered(source.transaction()):
        assert await count(source) == 1
    await maybe(source.close())
    await maybe(memory.close())


async def test_a_copy_that_cannot_begin_leaves_no_transaction(lite: Any, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'locked.db'}?journal_mode=delete&busy_timeout=0.01"
    with driver.connect(url) as other:
        other.script("CREATE TABLE t (n)")
        source = await opened(lite, url)
        other.script("BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)")
        with pytest.raises(OperationalError, match="another connection writes to the source"):
            await maybe(source.sqlite.backup(tmp_path / "copy.db"))
        assert source.status == "idle"
        other.script("COMMIT")
        async with entered(source.transaction()):
            assert await count(source) == 1
        await maybe(source.sqlite.backup(tmp_path / "copy.db"))
        await maybe(source.close())
