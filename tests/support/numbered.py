"""A table `t (n integer PRIMARY KEY)`, for what is written or not."""

from __future__ import annotations

from typing import Any

from tests.support.colours import maybe

TABLE = "CREATE TABLE t (n integer PRIMARY KEY)"


async def add(tx: Any, *numbers: int) -> None:
    for number in numbers:
        await maybe(tx.execute("INSERT INTO t VALUES ($1)", [number]))


async def numbers(conn: Any) -> list[int]:
    return [row[0] for row in await maybe(conn.query("SELECT n FROM t ORDER BY n"))]
