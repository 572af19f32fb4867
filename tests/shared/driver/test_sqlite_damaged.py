"""A database file with a page that is none, and one that is cut while it is open: rows that are right or an error, and the end of
the rows only where they end.

What single bits do: test_sqlite_bit_flips.py.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from ferrow import driver
from ferrow._core import Shape
from ferrow.errors import DatabaseError
from tests.support import entered, items, maybe
from tests.support.reaching import connected

ROWS = 200
PAGE = 512
SQL = "SELECT n, name FROM t"


def right(n: int) -> tuple[int, str]:
    return (n, f"name {n}")


def url(path: Path, journal: str) -> str:
    return f"sqlite:///{path}?journal_mode={journal}"


def written(path: Path, journal: str) -> Path:
    with driver.connect(url(path, journal)) as conn:
        conn.script(f"PRAGMA page_size = {PAGE}; CREATE TABLE t (n INTEGER PRIMARY KEY, name TEXT)")
        conn.run_many("INSERT INTO t VALUES ($1, $2)", [right(n) for n in range(ROWS)])
    return path


@pytest.fixture
def cut_short(tmp_path: Path) -> Path:
    """The last page of the table is of a kind that there is not."""
    path = written(tmp_path / "damaged.db", "delete")
    with driver.connect(url(path, "delete")) as conn:
        [(root,)] = conn.query("SELECT rootpage FROM sqlite_schema WHERE name = 't'")
    data = bytearray(path.read_bytes())
    kind, last = struct.unpack_from("!B7xI", data, (root - 1) * PAGE)
    assert kind == 5, "the table has pages"
    data[(last - 1) * PAGE] = 0
    path.write_bytes(data)
    return path


Way = Callable[[Any], Awaitable[Any]]


async def tuples(conn: Any) -> Any:
    return await maybe(conn.query(SQL))


async def dicts(conn: Any) -> Any:
    return await maybe(conn.run(SQL, None, Shape.dicts()))


async def counted(conn: Any) -> Any:
    return await maybe(conn.query("SELECT count(name) FROM t"))


async def found(conn: Any) -> Any:
    return await maybe(conn.query(f"{SQL} WHERE n = {ROWS - 1}"))


async def streamed(conn: Any) -> Any:
    return await items(conn.stream(SQL, chunk=7))


async def fetched(conn: Any) -> Any:
    async with entered(conn.cursor()) as cursor:
        await maybe(cursor.execute(SQL))
        while await maybe(cursor.fetchmany(7)):
            pass


async def written_from(conn: Any) -> Any:
    await maybe(conn.run("CREATE TABLE copy AS SELECT * FROM t"))


ALL: dict[str, Way] = {way.__name__: way for way in (tuples, dicts, counted, found, streamed, fetched, written_from)}


@pytest.mark.parametrize("way", ALL)
async def test_a_page_that_cannot_be_read_is_not_the_end_of_the_rows(cut_short: Path, colour: str, way: str) -> None:
    conn = await connected(url(cut_short, "delete"), colour)
    for _ in range(2):  # under asyncio the first one may go by way of the thread, the second stays in the loop
        with pytest.raises(
            DatabaseError, match=r"malformed: the file \".*damaged\.db\"; PRAGMA integrity_check tells more"
        ):
            await ALL[way](conn)
        assert await maybe(conn.query("SELECT n FROM t WHERE n = 1")) == [(1,)]
    await maybe(conn.close())


async def test_the_files_it_can_be_are_named(cut_short: Path, tmp_path: Path, colour: str) -> None:
    conn = await connected("sqlite::memory:", colour)
    await maybe(conn.execute("ATTACH ? AS one", [str(cut_short)]))
    with pytest.raises(DatabaseError, match=r'malformed: the file "[^"]*damaged\.db";'):
        await tuples(conn)
    await maybe(conn.execute("ATTACH ? AS two", [str(tmp_path / "fine.db")]))
    await maybe(conn.execute("CREATE TABLE two.u (a)"))
    with pytest.raises(DatabaseError, match=r'malformed: the file "[^"]*damaged\.db" or "[^"]*fine\.db";'):
        await tuples(conn)
    await maybe(conn.close())


@pytest.mark.parametrize(("journal", "which"), [("delete", ""), ("wal", ""), ("wal", "-wal")])
@pytest.mark.parametrize("left", [0, 99, PAGE, 3 * PAGE, 5 * PAGE + 7])
async def test_a_file_that_is_cut_while_it_is_open(
    tmp_path: Path, colour: str, journal: str, which: str, left: int
) -> None:
    path = written(tmp_path / "cut.db", journal)
    conn = await connected(url(path, journal), colour)
    writer = await connected(url(path, journal), colour)
    await maybe(writer.run("UPDATE t SET name = name WHERE n > 50"))
    assert await maybe(conn.query(f"{SQL} WHERE n < 10")) == [*map(right, range(10))]
    os.truncate(f"{path}{which}", left)
    for _ in range(2):
        for way in ("tuples", "streamed", "found"):
            try:
                got = await ALL[way](conn)
            except DatabaseError:
                continue
            assert got == [*map(right, [ROWS - 1] if way == "found" else range(ROWS))]
        assert await maybe(conn.query("SELECT 1, 'two'")) == [(1, "two")]
    await maybe(writer.close())
    await maybe(conn.close())
