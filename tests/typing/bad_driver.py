"""Mistakes with cursors' rows: both checkers must object to every line that ends in `# E`, and to no other."""

from typing import Any

from ferrow.driver import AsyncConnection, Connection, Cursor


def rows(conn: Connection) -> None:
    conn.cursor(rows="list")  # E
    for row in conn.cursor():
        row["name"]  # E
    for named in conn.cursor(rows="dict"):
        named.clear(1)  # E
    conn.cursor(rows="row").fetchall()[0].keys()
    conn.cursor(rows="dict").fetchall()[0][0]  # E
    conn.query("SELECT 1").keys()  # E
    conn.cursor().fetchone()[0]  # E
    conn.cursor(rows="dict").fetchone()["name"]  # E


def taken(cursor: Cursor[tuple[Any, ...]], of_any_rows: Cursor) -> None:
    cursor.execute("SELECT 1")


def given(conn: Connection) -> None:
    taken(conn.cursor(), conn.cursor(rows="dict"))
    taken(conn.cursor(rows="dict"), conn.cursor())  # E


async def async_rows(conn: AsyncConnection) -> None:
    async for row in conn.cursor():
        row["name"]  # E
    (await conn.cursor(rows="dict").fetchmany(5))[0].clear(1)  # E
    (await conn.cursor().fetchone())[0]  # E
