"""Cursors that are closed, and those of a connection that is."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.driver._sync import ServerCursor
from ferrow.driver.cursor_server import AsyncServerCursor
from ferrow.errors import InterfaceError
from tests.support import entered, items, maybe

FIVE = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5"


async def test_closing(conn: Any) -> None:
    cur = await maybe(conn.cursor().execute(FIVE))
    async with entered(cur) as same:
        assert same is cur
    for call in (
        cur.fetchone,
        cur.fetchall,
        cur.fetchmany,
        lambda: cur.execute("SELECT 1"),
        lambda: cur.executemany("SELECT 1", []),
    ):
        with pytest.raises(InterfaceError, match="the cursor is closed"):
            await maybe(call())
    with pytest.raises(InterfaceError, match="the cursor is closed"):
        await items(cur)
    assert (cur.description, cur.rowcount) == (None, 5)
    assert "closed" in repr(cur)
    await maybe(cur.close())
    for call in (cur.nextset, lambda: cur.setinputsizes(()), lambda: cur.setoutputsize(1)):
        with pytest.raises(InterfaceError, match="the cursor is closed"):
            await maybe(call())


async def test_closing_the_connection(conn: Any) -> None:
    """Its cursors give no rows any more that they have read."""
    cur = await maybe(conn.cursor().execute(FIVE))
    assert await maybe(cur.fetchone()) == (1,)
    other = await maybe(conn.cursor().execute("SELECT 1"))
    done = await maybe(conn.cursor().execute("SELECT 1"))
    await maybe(done.close())
    rows = items(other)
    open_cursor = conn.cursor()
    await maybe(conn.close())
    for call in (
        cur.fetchone,
        cur.fetchall,
        cur.fetchmany,
        cur.nextset,
        lambda: cur.fetchmany(0),
        lambda: cur.scroll(0),
        lambda: cur.setinputsizes(()),
        lambda: cur.setoutputsize(1),
        lambda: cur.execute("SELECT 1"),
        lambda: cur.executemany("SELECT 1", []),
        open_cursor.fetchone,
    ):
        with pytest.raises(InterfaceError, match="Connection is closed"):
            await maybe(call())
    with pytest.raises(InterfaceError, match="Connection is closed"):
        await rows
    assert (cur.description, cur.rowcount, cur.rownumber) == (None, 5, None)
    for each in (cur, done):
        await maybe(each.close())
        with pytest.raises(InterfaceError, match="the cursor is closed"):
            await maybe(each.fetchone())
    for use in (lambda: open_cursor.execute("SELECT 1"), conn.commit, conn.rollback, conn.cursor):
        with pytest.raises(InterfaceError, match="closed"):
            await maybe(use())


@pytest.mark.only(backend="postgresql")
async def test_closing_the_connection_of_a_cursor_whose_rows_are_on_the_server(conn: Any, colour: str) -> None:
    """The piece that has arrived as little as the rest."""
    kind: Any = AsyncServerCursor if colour == "async" else ServerCursor
    cur = await maybe(kind(conn).execute(FIVE))
    assert await maybe(cur.fetchone()) == (1,)
    await maybe(conn.close())
    for call in (cur.fetchone, cur.fetchmany, cur.fetchall):
        with pytest.raises(InterfaceError, match="Connection is closed"):
            await maybe(call())
    with pytest.raises(InterfaceError, match="Connection is closed"):
        await items(cur)
