"""`close` of a connection to SQLite while a function in Python runs, which nobody can interrupt."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from ferrow.errors import ConnectionLost
from ferrow.wire.sqlite_state import SqliteState
from tests.support import maybe
from tests.support.deadlines import eventually
from tests.support.elsewhere import DEADLINE
from tests.support.sqlite_closing import LOST, MANY, Slow, begin, open_, patient, prepared, stored

__all__ = ["begin", "open_", "patient"]


@pytest.mark.parametrize("rows", ["one row", "many rows"])
async def test_a_function_in_python_that_does_not_end(
    colour: str, open_: Any, begin: Any, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not waited for: its thread closes the file when it has ended."""
    monkeypatch.setattr(SqliteState, "patience", 0.01)
    conn = await prepared(open_)
    core = conn.wire.core
    slow = Slow()
    await maybe(conn.sqlite.create_function("slow", slow))
    sql = "SELECT slow(1)" if rows == "one row" else f"INSERT INTO t SELECT slow(x) FROM ({MANY})"
    running = begin(lambda: maybe(conn.query(sql)))
    await eventually(colour, slow.inside.is_set)
    await maybe(conn.close())
    assert conn.is_closed()
    assert core.holds_file
    slow.leave.set()
    assert repr(await running()) == LOST
    await eventually(colour, lambda: not core.holds_file)
    assert await stored(open_) == []


async def test_a_function_in_python_that_closes_its_connection(colour: str, open_: Any) -> None:
    """From inside there is nobody to wait for."""
    conn = await prepared(open_)
    wire, core = conn.wire, conn.wire.core
    await maybe(conn.sqlite.create_function("closes", lambda value: (wire.abort(), value)[1]))
    with pytest.raises(ConnectionLost, match=r"^Connection is closed$"):
        await maybe(conn.query(f"INSERT INTO t SELECT closes(x) FROM ({MANY})"))
    await eventually(colour, lambda: not core.holds_file)
    assert await stored(open_) == []


async def test_its_own_exception_is_not_hidden(colour: str, open_: Any, begin: Any) -> None:
    conn = await prepared(open_)
    slow = Slow()
    await maybe(conn.sqlite.create_function("fails", lambda value: slow(value) / 0))
    running = begin(lambda: maybe(conn.query("SELECT fails(1)")))
    await eventually(colour, slow.inside.is_set)
    closing = begin(lambda: maybe(conn.close()))
    await eventually(colour, conn.is_closed)
    slow.leave.set()
    await closing()
    assert "ZeroDivisionError" in str(await running())


@pytest.mark.only(colour="sync")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
async def test_in_a_forked_child_the_parents_goes_on(open_: Any, begin: Any) -> None:
    conn = await prepared(open_)
    slow = Slow()
    conn.sqlite.create_function("slow", slow)
    running = begin(lambda: maybe(conn.query("SELECT slow(1)")))
    await eventually("sync", slow.inside.is_set)
    child = os.fork()
    if not child:
        signal.alarm(DEADLINE)
        conn.close()
        os._exit(0 if conn.is_closed() else 1)
    assert os.waitpid(child, 0)[1] == 0  # noqa: ASYNC222  # no event loop here
    assert not conn.is_closed()
    slow.leave.set()
    assert await running() == [(1,)]
    conn.close()
