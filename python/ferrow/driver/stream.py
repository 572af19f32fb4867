"""Results that are read in pieces, however many rows they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.abc import Status
from ferrow.driver.held import Held, world_of
from ferrow.driver.pieces import AsyncPieces, T, rows_at_once
from ferrow.errors import DatabaseError, InterfaceError
from ferrow.wire.deadline import limit

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params, WireCursor, World
    from ferrow.driver.connection import AsyncConnection

# The server's plan was made for other columns, or it has forgotten the statement: the second time it is prepared anew.
_NO_PORTAL = "34000"
_STALE = frozenset({"0A000", "26000"})


class AsyncStream(AsyncPieces[T]):
    """The rows of one statement, `chunk` of them in memory at a time. Made by `conn.stream()`, where more is said.

    `async for row in conn.stream(sql)`; or `async with conn.stream(sql) as rows` and then `async for row in rows`,
    `await rows.fetch(n)`. The server makes the rows of a piece when they are asked for, so whoever reads slowly slows it down.

    Raises, when it begins or goes on:
        ProgrammingError, DataError: as `query`.
        InterfaceError: it is closed, or the transaction it was opened in has ended.
    """

    __slots__ = ("_chunk", "_conn", "_cursor", "_held", "_kinds", "_last", "_params", "_shape", "_sql", "_timeout")

    def __init__(
        self,
        conn: AsyncConnection,
        sql: str,
        params: Params,
        *,
        chunk: int,
        shape: Shape,
        timeout: float | None = None,
        kinds: Kinds | None = None,
    ) -> None:
        super().__init__()
        limit(timeout, None)  # refused now, not when it begins
        self._timeout = timeout
        self._conn = conn
        self._sql = sql
        self._params = params
        self._chunk = rows_at_once("chunk", chunk)
        self._shape = shape
        self._kinds = kinds
        self._cursor: WireCursor | None = None
        self._held: Held | None = None
        self._last = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order. Raises InterfaceError before the stream has begun."""
        if self._cursor is None:
            raise InterfaceError("the columns are known when the stream has begun: open it with a `with` block first")
        return self._cursor.columns

    def _world(self) -> World:
        return world_of(self._conn)

    async def _begin(self) -> None:
        wire = self._conn.wire
        if self._conn._stack or wire.status is not Status.IDLE:
            self._cursor = await wire.open_cursor(self._sql, self._params, self._shape, self._kinds, self._timeout)
            return
        try:
            await self._hold()
        except DatabaseError as error:
            if error.sqlstate not in _STALE:
                raise
            await self._hold()  # nothing has happened yet, so the caller need not know

    async def _hold(self) -> None:
        held = Held(self._conn)
        try:
            await held.begin(self._timeout)
            self._cursor = await held.wire.open_cursor(self._sql, self._params, self._shape, self._kinds, self._timeout)
        except BaseException as error:
            try:
                await held.end(False)
            except DatabaseError as failed:
                error.add_note(f"the rollback failed too: {failed}")
            raise
        self._held = held

    async def _piece(self, limit: int | None) -> list[T]:
        if self._last or self._cursor is None:
            return []
        try:
            rows, self._last = await self._cursor.fetch(limit or self._chunk)
        except DatabaseError as error:
            if error.sqlstate == _NO_PORTAL and error.hint is None:
                error.hint = (
                    "The savepoint in which the stream was opened was rolled back, and the stream with it: read it before, "
                    "or open it again."
                )
            raise
        return rows

    def _ending(self) -> None:
        if self._held is not None:
            self._held.leave()

    async def _end(self, complete: bool) -> None:
        held, self._held = self._held, None
        try:
            if self._cursor is not None:
                await self._cursor.close()
        except BaseException as error:
            if held is not None:
                try:
                    await held.end(False)  # whoever is told of a failure must not find it committed
                except DatabaseError as failed:
                    error.add_note(f"the rollback failed too: {failed}")
            raise
        if held is not None:
            await held.end(complete, self._timeout)
