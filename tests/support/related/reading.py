"""What tables hold, without any model."""

from __future__ import annotations

from typing import Any

from tests.support import maybe


async def rows(session: Any, table: str, columns: str, order: str = "1, 2") -> list[tuple[Any, ...]]:
    """The rows of a table, sorted."""
    result = await maybe(session.execute_raw(f"SELECT {columns} FROM {table} ORDER BY {order}"))
    return list(result.tuples())
