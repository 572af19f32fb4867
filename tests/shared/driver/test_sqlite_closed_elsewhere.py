"""`close` while another task or thread has the connection to SQLite: what runs there ends, and leaves all or nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import ConnectionLost, InterfaceError
from tests.support import entered, items, maybe
from tests.support.deadlines import eventually
from tests.support.elsewhere import DEADLINE
from tests.support.signalled import signalled
from tests.support.sqlite_closing import ENDLESS, LOST, MANY, begin, open_, patient, prepared, stored

__all__ = ["begin", "open_", "patient"]

STATEMENTS: dict[str, Callable[[Any], Any]] = {
    "query": lambda conn: conn.query(ENDLESS),
    "query with a deadline": lambda conn: conn.query(ENDLESS, timeout=DEADLINE),
    "execute": lambda conn: conn.execute(f"INSERT INTO t {ENDLESS}"),
    "script": lambda conn: conn.script(f"SELECT 1; INSERT INTO t {ENDLESS}"),
    "execute_batch": lambda conn: conn.execute_batch(["INSERT INTO t VALUES (-1)", f"INSERT INTO t {ENDLESS}"]),
    "run_many": lambda conn: conn.run_many(f"INSERT INTO t {ENDLESS} WHERE x > $1", [(0,), (1,)]),
    "stream": lambda conn: items(conn.stream(f"{ENDLESS} WHERE x < 0")),
}


@pytest.mark.parametrize("how", STATEMENTS)
@pytest.mark.parametrize("journal", ["wal", "delete"])
async def test_a_statement_that_computes(
    colour: str, open_: Any, begin: Any, how: str, journal: str, tmp_path: Path
) -> None:
    conn = await prepared(open_, journal_mode=journal)
    core = conn.wire.core
    # A stream begins its transaction first: between the two requests nothing runs that could be lost.
    inside = core.requests + (2 if how == "stream" else 1)
    running = begin(lambda: maybe(STATEMENTS[how](conn)))
    await eventually(colour, lambda: core.requests >= inside)
    behind = begin(lambda: maybe(conn.query("SELECT 1")))
    await maybe(conn.close())
    assert conn.is_closed()
    assert not core.holds_file
    assert repr(await running()) == LOST
    refused = await behind()  # it was waiting, or had not been called yet; beside a stream it may not even do that
    assert isinstance(refused, InterfaceError if how == "stream" else (InterfaceError, ConnectionLost))
    assert how == "stream" or str(refused) == "Connection is closed"
    await maybe(conn.close())
    with pytest.raises((InterfaceError, ConnectionLost), match=r"^Connection is closed$"):
        await maybe(conn.query("SELECT 1"))
    # Closed whole: the last connection has copied the log into the file, and nothing is to be rolled back.
    assert os.listdir(tmp_path) == ["test.db"]
    assert await stored(open_) == []


@pytest.mark.parametrize("sql", ["INSERT INTO t VALUES (2)", "BEGIN IMMEDIATE", "PRAGMA user_version = 1"])
async def test_a_statement_that_waits_for_a_lock(colour: str, open_: Any, begin: Any, sql: str) -> None:
    conn = await prepared(open_, busy_timeout=3600)
    core = conn.wire.core
    holder = await open_()
    await maybe(holder.script("BEGIN IMMEDIATE; INSERT INTO t VALUES (1)"))
    before = core.requests
    running = begin(lambda: maybe(conn.script(sql)))
    await eventually(colour, lambda: core.requests > before)
    await maybe(conn.close())
    assert repr(await running()) == LOST
    assert not core.holds_file
    await maybe(holder.script("COMMIT"))
    await maybe(holder.close())
    assert await stored(open_) == [1]


async def test_a_commit_that_waits_for_a_lock_has_not_happened(colour: str, open_: Any, begin: Any) -> None:
    """Of which nothing is unknown: it says so."""
    conn = await prepared(open_, busy_timeout=3600, journal_mode="delete")
    core = conn.wire.core
    reader = await open_(journal_mode="delete")
    await maybe(reader.script("BEGIN; SELECT * FROM t"))
    asked = threading.Event()

    async def work() -> None:
        async with entered(conn.transaction()):
            await maybe(conn.execute("INSERT INTO t VALUES (1)"))
            seen.append(core.requests)
            asked.set()

    seen: list[int] = []
    running = begin(work)
    await eventually(colour, lambda: asked.is_set() and core.requests > seen[0])
    await maybe(conn.close())
    assert repr(await running()) == LOST
    await maybe(reader.close())
    assert await stored(open_) == []


async def test_a_transaction_between_two_statements(colour: str, open_: Any, begin: Any) -> None:
    conn = await prepared(open_)
    core = conn.wire.core
    inside, closed = threading.Event(), threading.Event()

    async def work() -> None:
        async with entered(conn.transaction()):
            await maybe(conn.execute("INSERT INTO t VALUES (1)"))
            inside.set()
            await eventually(colour, closed.is_set)
            await maybe(conn.execute("INSERT INTO t VALUES (2)"))

    running = begin(work)
    await eventually(colour, inside.is_set)
    await maybe(conn.close())
    assert not core.holds_file
    closed.set()
    assert repr(await running()) == "InterfaceError('Connection is closed')"
    assert await stored(open_) == []


@pytest.mark.parametrize("cursor", [False, True])
@pytest.mark.parametrize("begun", [False, True])
async def test_a_write_whose_rows_are_being_read(
    colour: str, open_: Any, begin: Any, cursor: bool, begun: bool
) -> None:
    """SQLite has written all of them before it gives the first one, and would commit if it were left there."""
    conn = await prepared(open_)
    core = conn.wire.core
    reading, closed = threading.Event(), threading.Event()

    def decode(value: Any) -> Any:
        reading.set()
        assert closed.wait(DEADLINE)
        return value

    await maybe(conn.set_codec("REAL", decode=decode))
    await maybe(conn.script("CREATE TABLE u (x REAL)"))
    held = core.open_cursor("SELECT 1 UNION ALL SELECT 2", None, _tuples()) if cursor else None
    if begun:
        await maybe(conn.script("BEGIN"))
    running = begin(lambda: maybe(conn.query(f"INSERT INTO u {MANY} RETURNING x")))
    await eventually(colour, reading.is_set)
    closing = begin(lambda: maybe(conn.close()))
    await eventually(colour, conn.is_closed)
    closed.set()
    await closing()
    assert repr(await running()) == LOST
    del held
    check = await open_()
    assert await maybe(check.query("SELECT count(*) FROM u")) == [(0,)]
    await maybe(check.close())
    assert await stored(open_) == []


def _tuples() -> Any:
    from ferrow._core import Shape

    return Shape.tuples()


async def test_a_stream_that_is_open(colour: str, open_: Any, begin: Any) -> None:
    conn = await prepared(open_)
    core = conn.wire.core
    first, closed = threading.Event(), threading.Event()

    async def read() -> None:
        if colour == "sync":
            for _ in conn.stream(ENDLESS, chunk=1):
                first.set()
                assert closed.wait(DEADLINE)
            return
        async for _ in conn.stream(ENDLESS, chunk=1):
            first.set()
            await eventually(colour, closed.is_set)

    running = begin(read)
    await eventually(colour, first.is_set)
    await maybe(conn.close())
    assert not core.holds_file
    closed.set()
    assert repr(await running()) == "InterfaceError('Connection is closed')"


@pytest.mark.only(colour="sync")
async def test_by_a_signal_handler(sqlite_url: str) -> None:
    """It comes in the thread that computes: the statement it has interrupted ends."""
    conn = driver.connect(sqlite_url)
    core = conn.wire.core
    before = core.requests
    with (
        signalled(lambda: core.requests > before, conn.close),
        pytest.raises(ConnectionLost, match=r"^Connection is closed$"),
    ):
        conn.query(ENDLESS, timeout=DEADLINE)
    assert conn.is_closed()
    assert not core.holds_file
