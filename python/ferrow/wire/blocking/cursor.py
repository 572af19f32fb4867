"""A portal of the blocking PostgreSQL wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.wire.postgresql import SUSPENDED

if TYPE_CHECKING:
    from ferrow._core import PgCursor, Result
    from ferrow.wire.blocking.postgresql import BlockingPostgresWire


class BlockingPostgresCursor:
    __slots__ = ("_call", "_core", "_wire", "opened")

    def __init__(self, core: PgCursor, wire: BlockingPostgresWire, call: Callable[..., Any], opened: Result) -> None:
        self._core = core
        self._wire = wire
        self._call = call
        self.opened: Result = opened

    @property
    def columns(self) -> tuple[str, ...]:
        return self.opened.columns

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        result = self._call(self._core.fetch, limit)
        return result.rows, result.status != SUSPENDED

    async def close(self) -> None:
        # Outside a transaction, or in one that failed, there is nothing left to close; and behind a cancelled fetch it fails.
        if not self._wire.stopping and not self._wire.closed and self._wire.status is Status.TRANSACTION:
            self._call(self._core.close)
