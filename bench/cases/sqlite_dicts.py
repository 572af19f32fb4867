"""Ten thousand rows of a SQLite file as dicts, with the values as they are stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from bench.case import Work, group, sync_case
from bench.check import all_rows
from bench.data import COLUMNS, SELECT_ALL, USERS, stored
from bench.floor import sqlite as floor
from bench.settings import sqlite_file, sqlite_url

SYNC = group("sqlite-dicts-sync", "SQLite: 10,000 rows of 5 columns as dicts, values as stored", ops=USERS, unit="row")
KINDS = ("int", "text", "int", "int", "text")


def _check(dicts: list[dict[str, object]]) -> None:
    all_rows(stored)([[row[name] for name in COLUMNS] for row in dicts])


@sync_case(SYNC, "ferrow", "Ferrow run, dicts")
def ferrow_dicts() -> Iterator[Work]:
    from ferrow._core import Kinds, Shape
    from ferrow.driver import connect

    shape = Shape.dicts(Kinds(KINDS))
    with connect(sqlite_url()) as conn:
        yield Work(lambda: conn.run(SELECT_ALL, None, shape).rows, _check)


@sync_case(SYNC, "driver", "sqlite3, dict and zip")
def standard() -> Iterator[Work]:
    with closing(sqlite3.connect(sqlite_file())) as conn:
        cursor = conn.cursor()

        def run() -> list[dict[str, object]]:
            found = cursor.execute(SELECT_ALL)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]

        yield Work(run, _check)


floor.table(SYNC)
