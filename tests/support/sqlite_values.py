"""The value of an expression, as SQLite has it."""

from __future__ import annotations

from typing import Any

from tests.support import maybe


async def value(conn: Any, sql: str, params: Any = None) -> Any:
    return (await maybe(conn.query_one(sql, params)))[0]
