"""A portal of the asyncio PostgreSQL wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.wire.postgresql import SUSPENDED

if TYPE_CHECKING:
    from ferrow._core import PgCursor, Result
    from ferrow.wire.aio.postgresql import AsyncioPostgresWire


class AsyncioPostgresCursor:
    __slots__ = ("_core", "_sql", "_timeout", "_wire", "opened")

    def __init__(
        self, wire: AsyncioPostgresWire, core: PgCursor, opened: Result, sql: str, timeout: float | None
    ) -> None:
        self._sql = sql
        self._timeout = timeout
        self._wire = wire
        self._core = core
        self.opened: Result = opened

    @property
    def columns(self) -> tuple[str, ...]:
        return self.opened.columns

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        result = await self._wire.wait_for(lambda future: self._core.fetch(limit, future), self._sql, self._timeout)
        return result.rows, result.status != SUSPENDED

    async def close(self) -> None:
        # Behind a cancelled fetch the transaction fails, and takes the portal with it.
        if not self._wire.stopping and self._wire.status is Status.TRANSACTION and not self._wire.closed:
            await self._wire.wait_for(self._core.close, self._sql, self._timeout)
