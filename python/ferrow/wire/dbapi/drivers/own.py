"""Connections of `ferrow.driver`: their own wire does the work."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ferrow.abc import Status
from ferrow.wire.dbapi.drivers.base import Driver
from ferrow.wire.dbapi.drivers.sqlite_script import statements
from ferrow.wire.deadline import SETTLE
from ferrow.wire.ends import transaction_end

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc import Params, Wire, WireCursor
    from ferrow.wire.mysql.wire import MysqlWire


T = TypeVar("T")


class Own(Driver):
    """A connection of our own. Its cursors' transaction is the program's."""

    name = "Ferrow"

    __slots__ = ("_wire", "awaits", "by_task", "conn", "dialect")

    def __init__(self, conn: Any, wire: Wire) -> None:
        self.conn: Any = conn
        self._wire = wire
        self.dialect: str = wire.dialect
        self.awaits: bool = not hasattr(conn, "_core")
        self.by_task: bool = self.awaits

    def in_transaction(self) -> bool:
        return self._wire.status is not Status.IDLE

    def failed(self) -> bool:
        return self._wire.status is Status.FAILED

    @property
    def closed(self) -> bool:
        return self._wire.closed

    @property
    def version(self) -> str:
        return self._wire.server_version

    @property
    def pid(self) -> int | None:
        return self._wire.backend_pid

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        return await self._settled(self._wire.run(sql, params, shape, kinds))

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]], shape: Shape, kinds: Kinds | None) -> Result:
        return await self._settled(self._wire.run_many(sql, rows, shape, kinds))

    async def open_cursor(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> WireCursor:
        return await self._wire.open_cursor(sql, params, shape, kinds)

    async def say(self, sql: str) -> None:
        if sql.startswith(("BEGIN", "START")):
            await self._settled(self._wire.begin(sql))
        else:
            await self._settled(self._wire.script(sql))

    async def _settled(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it; if its caller is cancelled, wait until the server has stopped."""
        try:
            return await work
        except BaseException:
            if self._wire.busy:
                await self._wire.settle(SETTLE)
            raise

    @property
    def reading(self) -> str:
        return self._wire.reading

    def ends(self, sql: str, several: bool) -> str | None:
        if self.dialect == "sqlite" and several:
            return next(filter(None, (transaction_end("sqlite", text) for text in statements(sql))), None)
        return super().ends(sql, several)

    def guard(self, begins: str, lost: Callable[[], None] | None = None) -> None:
        if self.dialect == "mysql":
            cast("MysqlWire", self._wire).guard(begins, lost)

    @property
    def divided(self) -> bool:
        return bool(getattr(self._wire, "divided", False))

    def split(self, sql: str) -> list[str]:
        return [sql]

    async def close(self) -> None:
        await self._wire.close()
