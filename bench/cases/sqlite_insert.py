"""Ten thousand rows into a table of a SQLite file, which is emptied in between: one call and one transaction."""

from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bench.case import Group, Loop, Work, async_case, group, sync_case
from bench.check import all_rows
from bench.data import SELECT_ALL, TABLE, USERS, stored, users
from bench.databases import SQLITE_TABLE
from bench.floor import sqlite as floor

TITLE = "SQLite: 10,000 rows of 5 columns inserted"
SYNC = group("sqlite-insert-sync", TITLE, ops=USERS, unit="row")
ASYNC: dict[Loop, Group] = {"asyncio": group("sqlite-insert-asyncio", f"{TITLE}, asyncio", ops=USERS, unit="row")}
SQL = f"INSERT INTO {TABLE} VALUES (?, ?, ?, ?, ?)"
EMPTY = f"DELETE FROM {TABLE}"
# Ours: a crash of the machine may cost the last transactions, and never the file.
SAME_SAFETY = "PRAGMA synchronous = NORMAL"


@contextmanager
def table() -> Iterator[str]:
    """A file of this case alone; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ferrow-bench-") as folder:
        path = str(Path(folder) / "insert.db")
        with closing(sqlite3.connect(path)) as conn:
            conn.executescript(SQLITE_TABLE)
        yield path


def _rows() -> list[tuple[Any, ...]]:
    return [stored(user) for user in users()]


def _check(path: str) -> Callable[[object], None]:
    """What is in the file, to another process: this one has it open with another SQLite library."""

    def check(_: object) -> None:
        program = f"import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute({SELECT_ALL!r}).fetchall())"
        ran = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
        all_rows(stored)(ast.literal_eval(ran.stdout))

    return check


@sync_case(SYNC, "ferrow", "Ferrow run_many")
def ferrow_many() -> Iterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import connect

    rows, shape = _rows(), Shape.tuples()
    with table() as path, connect(f"sqlite:///{path}") as conn:

        yield Work(lambda: conn.run_many(SQL, rows, shape), _check(path), before=lambda: conn.execute(EMPTY))


@sync_case(SYNC, "driver", "sqlite3 executemany")
def standard() -> Iterator[Work]:
    rows = _rows()
    with table() as path, closing(sqlite3.connect(path)) as conn:
        conn.execute(SAME_SAFETY)

        def empty() -> None:
            conn.execute(EMPTY)
            conn.commit()

        def run() -> None:
            conn.executemany(SQL, rows)
            conn.commit()

        yield Work(run, _check(path), before=empty)


@async_case(ASYNC, "ferrow", "Ferrow run_many")
async def ferrow_many_async() -> AsyncIterator[Work]:
    from ferrow._core import Shape
    from ferrow.driver import AsyncConnection

    rows, shape = _rows(), Shape.tuples()
    with table() as path:
        async with AsyncConnection(f"sqlite:///{path}") as conn:
            yield Work(lambda: conn.run_many(SQL, rows, shape), _check(path), before=lambda: conn.execute(EMPTY))


@async_case(ASYNC, "driver", "aiosqlite executemany")
async def aiosqlite_many() -> AsyncIterator[Work]:
    import aiosqlite

    rows = _rows()
    with table() as path:
        async with aiosqlite.connect(path) as conn:
            await conn.execute(SAME_SAFETY)

            async def empty() -> None:
                await conn.execute(EMPTY)
                await conn.commit()

            async def run() -> None:
                await conn.executemany(SQL, rows)
                await conn.commit()

            yield Work(run, _check(path), before=empty)


floor.inserts(SYNC, table, SQL, EMPTY)
floor.inserts_async(ASYNC, table, SQL, EMPTY)
