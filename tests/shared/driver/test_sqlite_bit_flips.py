"""Bits that change in a database file, and files that end too early: rows or an error of ours, and never a crash.

The same on PostgreSQL: test_postgresql_bit_flips.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from ferrow import driver
from ferrow._core import Shape
from ferrow.errors import DatabaseError
from ferrow.wire.drive import drive
from tests.support import items, maybe
from tests.support.effort import times
from tests.support.reaching import connected

ROWS = 60
FLIPPED = times(100)
PAGE = 512  # many small pages, so that much of the file is structure
SETUP = f"""
PRAGMA page_size = {PAGE};
CREATE TABLE t (n INTEGER PRIMARY KEY, name TEXT NOT NULL, x REAL, data BLOB, day DATE, doc JSON_TEXT);
CREATE INDEX by_name ON t (name, x);
CREATE TABLE pairs (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE VIEW seen AS SELECT n, name FROM t WHERE n > 3;
WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS})
INSERT INTO t SELECT n, 'name ' || n, n * 0.5, zeroblob(n * 20), '2026-01-02', '{{"a": [1, null]}}' FROM s;
INSERT INTO pairs SELECT name, n FROM t;
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flips") / "good.db"
    with driver.connect(f"sqlite:///{path}") as conn:
        conn.script(SETUP)
    return path


def spoilt(good: Path, path: Path) -> Iterator[Path]:
    """That file with one bit changed, every other time where pages say what they are; sometimes ended anywhere."""
    data, random = good.read_bytes(), Random(5)
    for number in range(FLIPPED):
        wrong = bytearray(data)
        at = random.randrange(1, len(data))
        if number % 10 == 9:
            del wrong[at:]
        else:
            if number % 2:
                at = at // PAGE * PAGE + random.randrange(100 if at < PAGE else 24)
            wrong[at] ^= 1 << random.randrange(8)
        path.write_bytes(wrong)
        yield path


READS = {
    "tuples": ("SELECT * FROM t", Shape.tuples()),
    "dicts": ("SELECT * FROM t", Shape.dicts()),
    "rows": ("SELECT name, x FROM t ORDER BY name, x", Shape.rows()),
    "one": ("SELECT * FROM t WHERE n = 30", Shape.tuples()),
    "found": ("SELECT n FROM t WHERE name = 'name 7'", Shape.column(0)),
    "pairs": ("SELECT * FROM pairs ORDER BY a DESC", Shape.tuples()),
    "view": ("SELECT count(*), max(length(name)) FROM seen", Shape.tuples()),
}


async def read(path: Path, colour: str) -> int:
    """How many of the reads failed, of a file that may be none."""
    try:
        conn = await connected(f"sqlite:///{path}", colour)
    except DatabaseError:
        return len(READS)
    refused = 0
    try:
        for sql, shape in READS.values():
            try:
                for _ in range(
                    2
                ):  # under asyncio the first one may go by way of the thread, the second stays in the loop
                    result = await maybe(conn.run(sql, None, shape))
                assert isinstance(result.rows, list)
                assert len(await items(conn.stream(sql, chunk=7, shape=shape))) <= 10 * ROWS
            except DatabaseError:
                refused += 1
        assert await maybe(conn.query("SELECT 1, 'two'")) == [(1, "two")]
    except DatabaseError:
        refused += 1  # not even the names of its tables can be read
    finally:
        await maybe(conn.close())
    return refused


async def every(good: Path, folder: Path, colour: str) -> list[int]:
    """As `read`, of each; a good file is read as ever by a connection that stays, and by another one."""
    counts = []
    stays = await connected(f"sqlite:///{good}", colour)
    expected = await maybe(stays.query("SELECT * FROM t"))
    assert len(expected) == ROWS
    for number, path in enumerate(spoilt(good, folder / "spoilt.db")):
        counts.append(await read(path, colour))
        if number % 10 == 0:
            assert await maybe(stays.query("SELECT * FROM t")) == expected
            assert await read(good, colour) == 0
    await maybe(stays.close())
    return counts


def test_rows_or_an_error(good: Path, tmp_path: Path, colour: str) -> None:
    reading = every(good, tmp_path, colour)
    counts = asyncio.run(reading) if colour == "async" else drive(reading)
    assert len(counts) == FLIPPED
    assert any(count == 0 for count in counts)
    assert any(0 < count < len(READS) for count in counts)
    assert len(READS) in counts
