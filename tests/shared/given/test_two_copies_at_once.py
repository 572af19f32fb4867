"""sqlite3 and Ferrow open one file at the same moment: at every moment of the one the other comes, and never are both let in."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

import ferrow.driver
from ferrow._core import SqliteConnection
from ferrow.errors import DatabaseError, InterfaceError
from ferrow.repository import Database
from tests.support.deadlines import eventually
from tests.support.elsewhere import DEADLINE

MOMENTS = 8
"""More than there are."""


class Between:
    """Has something else happen, in another thread and from its beginning to its end, at one moment of a thread."""

    def __init__(self, moment: int, other: Callable[[], Any]) -> None:
        self.left = moment
        self.other = other
        self.thread = threading.get_ident()
        self.outcome: Any = None
        self.happened = False

    def __call__(self) -> None:
        if threading.get_ident() != self.thread or self.happened:
            return
        self.left -= 1
        if self.left < 0:
            self.now()

    def now(self) -> None:
        self.happened = True
        with ThreadPoolExecutor(1) as threads:
            self.outcome = threads.submit(tried, self.other).result(DEADLINE)


class Guard:
    """The registry's lock, which is a moment before it is taken, and one after."""

    def __init__(self, between: Between, inner: Any) -> None:
        self.between = between
        self.inner = inner

    def __enter__(self) -> None:
        self.between()
        self.inner.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.inner.__exit__(kind, error, traceback)
        self.between()


def tried(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (DatabaseError, InterfaceError) as error:
        return error


def ours(url: str) -> Callable[[], Any]:
    return lambda: ferrow.driver.connect(url)


def given(conn: sqlite3.Connection) -> Callable[[], Any]:
    def use() -> Database:
        db = Database(conn)
        db.fetchall("SELECT 1")
        return db

    return use


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("first", ["ours", "theirs"])
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_one_of_them_is_refused(
    tmp_path: Path, first: str, new: bool, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "both.db"
    if not new:
        path.touch()
    conn = sqlite3.connect(path, check_same_thread=False)
    both = [ours(f"sqlite:///{path}"), given(conn)]
    one, other = both if first == "ours" else reversed(both)
    between = Between(moment, other)
    monkeypatch.setattr("ferrow.wire.sqlite_copies._GUARD", Guard(between, threading.RLock()))

    def open_(*args: Any, **options: Any) -> SqliteConnection:
        between()
        core = SqliteConnection(*args, **options)
        between()
        return core

    monkeypatch.setattr("ferrow.wire.sqlite.SqliteConnection", open_)
    outcome = tried(one)
    if not between.happened:
        between.now()  # it comes afterwards, after all
    outcomes = [outcome, between.outcome]
    refused = [error for error in outcomes if isinstance(error, Exception)]
    assert len(refused) == 1, outcomes
    assert isinstance(refused[0], InterfaceError)
    assert "two copies of SQLite" in str(refused[0])
    (let_in,) = [found for found in outcomes if found is not refused[0]]
    let_in.close()
    conn.close()
    # Neither leaves a claim behind.
    ferrow.driver.connect(f"sqlite:///{path}").close()
    again = sqlite3.connect(path)
    given(again)().close()


def test_a_claim_ends_with_an_attempt_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "both.db"
    path.write_bytes(b"no database, but longer than the hundred bytes of a header" * 4)
    conn = sqlite3.connect(path, check_same_thread=False)
    seen: list[Any] = []

    def open_(*args: Any, **options: Any) -> SqliteConnection:
        between.now()
        seen.append(between.outcome)
        return SqliteConnection(*args, **options)

    class Nobody:
        closed = False

    def theirs() -> None:
        from ferrow.wire.sqlite_copies import theirs

        theirs(nobody, str(path))

    nobody = Nobody()
    between = Between(0, theirs)
    monkeypatch.setattr("ferrow.wire.sqlite.SqliteConnection", open_)
    with pytest.raises(DatabaseError, match="file is not a database"):
        ferrow.driver.connect(f"sqlite:///{path}")
    assert "two copies of SQLite" in str(seen[0])
    theirs()  # and now it may
    with pytest.raises(InterfaceError, match="two copies of SQLite"):
        ferrow.driver.connect(f"sqlite:///{path}")
    conn.close()


@pytest.mark.parametrize("colour", ["sync", "async"])
async def test_a_connection_that_was_dropped_has_its_file_until_its_statement_ends(colour: str, tmp_path: Path) -> None:
    path = tmp_path / "both.db"
    url = f"sqlite:///{path}"
    inside, leave = threading.Event(), threading.Event()

    def slow() -> None:
        inside.set()
        assert leave.wait(DEADLINE)

    conn: Any = await ferrow.driver.connect_async(url) if colour == "async" else ferrow.driver.connect(url)
    wire, core = conn.wire, conn.wire.core
    with ThreadPoolExecutor(1) as threads:
        if colour == "async":
            await conn.sqlite.create_function("slow", slow, arguments=0)
            running: Any = asyncio.create_task(conn.query("SELECT slow()"))
        else:
            conn.sqlite.create_function("slow", slow, arguments=0)
            running = threads.submit(conn.query, "SELECT slow()")
        await eventually(colour, inside.is_set)
        wire.abort()
        other = sqlite3.connect(path)
        with pytest.raises(InterfaceError, match="two copies of SQLite"):
            given(other)()
        leave.set()
        await eventually(colour, lambda: running.done() and not core.holds_file)
        assert "Connection is closed" in str(running.exception())
    given(other)().close()
