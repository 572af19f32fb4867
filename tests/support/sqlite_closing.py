"""What tests of closing a connection to SQLite share: connections in the colour of the test, what runs on them, what is left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ferrow import driver
from ferrow.wire.sqlite_state import SqliteState
from tests.support import entered, maybe
from tests.support.elsewhere import DEADLINE, Started, Work, elsewhere

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
MANY = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 10000) SELECT x FROM n"
LOST = "ConnectionLost('Connection is closed')"


@pytest.fixture
def begin(colour: str) -> Iterator[Callable[[Work], Started]]:
    with elsewhere(colour) as begin:
        yield begin


@pytest.fixture
def open_(colour: str, sqlite_url: str) -> Callable[..., Any]:
    async def connect(**options: Any) -> Any:
        if colour == "async":
            return await driver.connect_async(sqlite_url, **options)
        return driver.connect(sqlite_url, **options)

    return connect


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that does ten other things as well."""
    monkeypatch.setattr(SqliteState, "patience", DEADLINE)


async def prepared(open_: Any, **options: Any) -> Any:
    conn = await open_(**options)
    await maybe(conn.script("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
    return conn


async def stored(open_: Any) -> list[int]:
    """What the file holds afterwards, if it is whole."""
    conn = await open_(busy_timeout=0)
    async with entered(conn):
        assert await maybe(conn.query("PRAGMA integrity_check")) == [("ok",)]
        return [n for (n,) in await maybe(conn.query("SELECT n FROM t ORDER BY n"))]


class Slow:
    """A function in Python that is left when the test says so."""

    def __init__(self) -> None:
        self.inside = threading.Event()
        self.leave = threading.Event()

    def __call__(self, value: Any) -> Any:
        self.inside.set()
        assert self.leave.wait(DEADLINE)
        return value
