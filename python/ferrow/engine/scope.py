"""`async with engine.connection()`: one connection for a while."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from ferrow.abc import async_only
from ferrow.driver.connection import AsyncConnection
from ferrow.engine.borrowed import BorrowedWire
from ferrow.engine.context import current
from ferrow.engine.held import Held, hold, let_go
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine


class AsyncConnectionScope:
    """Borrows a connection for the length of a block. Inside a transaction of the same engine it is that transaction's."""

    __slots__ = ("_connection", "_engine", "_held", "_inside", "_borrowed")

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._borrowed: BorrowedWire | None = None
        self._connection: AsyncConnection | None = None
        self._held: Held | None = None
        self._inside = False

    async def __aenter__(self) -> AsyncConnection:
        if self._inside:
            raise InterfaceError("this connection() block is open already; call connection() again for another one")
        joined = current(self._engine)
        if joined is not None:
            self._inside = True
            return joined.connection
        slot = await self._engine.pool.acquire()
        self._borrowed = BorrowedWire(slot)
        self._held = hold(self._borrowed, slot)
        self._inside = True
        self._connection = AsyncConnection.over(self._borrowed, self._engine.world)
        return self._connection

    @async_only
    def leaving(self) -> None:
        """A task is about to end the block, so that whoever waits for a connection may get this one."""
        if self._held is not None:
            self._held.leaving = True

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        borrowed, self._borrowed, self._inside = self._borrowed, None, False
        connection, self._connection = self._connection, None
        held, self._held = self._held, None
        if held is not None:
            let_go(held)
        try:
            # As at the end of the block of a connection of one's own: what cursors did is not silently lost.
            if error is None and connection is not None:
                await connection._implicit.leave(connection)
        finally:
            slot = None if borrowed is None else borrowed.end()
            if slot is not None:
                self._engine.pool.release(slot)
