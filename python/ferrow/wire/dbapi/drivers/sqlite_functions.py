"""The functions that our SQL for SQLite calls and another SQLite has not, or not yet: each asks a core of ours in memory.

So they mean the same to the last digit. What they cost, only statements that need them pay.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from ferrow._core import Shape, SqliteConnection

_VALUE = Shape.column(0)

_KNOWN = """
SELECT DISTINCT name, narg, type FROM pragma_function_list
WHERE name GLOB 'ferrow_*' OR name GLOB 'decimal_*' OR name IN ('unhex', 'concat', 'concat_ws')
"""
_OURS = ("ferrow_", "decimal_")

_HERE = threading.local()


def _core() -> SqliteConnection:
    found: SqliteConnection | None = getattr(_HERE, "core", None)
    if found is None:
        found = _HERE.core = SqliteConnection(":memory:")
    return found


def _scalar(name: str) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        marks = ", ".join("?" * len(arguments))
        return _core().run(f"SELECT {name}({marks})", arguments, _VALUE).rows[0]

    return call


def _compare(left: str, right: str) -> int:
    if left == right:
        return 0
    smaller = _core().run("SELECT ?1 < ?2 COLLATE decimal", (left, right), _VALUE).rows[0]
    if smaller:
        return -1
    return int(_core().run("SELECT ?1 > ?2 COLLATE decimal", (left, right), _VALUE).rows[0])


def _aggregate(name: str) -> type[Any]:
    class Aggregate:
        def __init__(self) -> None:
            self._values: list[Any] = []

        def step(self, value: Any) -> None:
            if value is not None:
                self._values.append(value)

        def finalize(self) -> Any:
            rows = ", ".join(["(?)"] * len(self._values)) or "(NULL)"
            sql = f"SELECT {name}(column1) FROM (VALUES {rows})"
            if len(self._values) > 30_000:
                return _folded(name, self._values)
            return _core().run(sql, self._values, _VALUE).rows[0]

    return Aggregate


def _folded(name: str, values: list[Any]) -> Any:
    """Of more values than a statement takes."""
    sql = f"SELECT {name}(value) FROM json_each(?)"
    return _core().run(sql, (json.dumps([str(value) for value in values]),), _VALUE).rows[0]


@cache
def _known() -> list[tuple[str, int, str]]:
    return _core().run(_KNOWN, (), Shape.tuples()).rows


def register(conn: sqlite3.Connection) -> None:
    """Give a connection the functions and the collation."""
    cursor = conn.cursor(sqlite3.Cursor)
    cursor.row_factory = None
    there = {name for (name,) in cursor.execute("SELECT name FROM pragma_function_list").fetchall()}
    cursor.close()
    for name, count, kind in _known():
        if name in there:
            continue
        if kind == "s":
            conn.create_function(name, max(count, -1), _scalar(name), deterministic=name.startswith(_OURS))
        elif name.startswith(_OURS):
            conn.create_aggregate(name, count, _aggregate(name))
    conn.create_collation("decimal", _compare)
