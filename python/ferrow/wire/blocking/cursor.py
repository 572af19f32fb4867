"""A portal of the blocking PostgreSQL wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.wire.postgresql import SUSPENDED

if TYPE_CHECKING:
    from ferrow._core import PgCursor, PgSession


class BlockingPostgresCursor:
    __slots__ = ("_call", "_core", "_session", "columns")

    def __init__(self, core: PgCursor, session: PgSession, call: Callable[..., Any], columns: tuple[str, ...]) -> None:
        self._core = core
        self._session = session
        self._call = call
        self.columns = columns

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        result = self._call(self._core.fetch, limit)
        return result.rows, result.status != SUSPENDED

    async def close(self) -> None:
        # Outside a transaction, or in one that failed, there is nothing left to close.
        if self._session.ended is None and self._session.status == "transaction":
            self._call(self._core.close)
