"""Rows of one statement in pieces, on a connection that is borrowed for as long as they are read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ferrow._core import Shape
from ferrow.driver.pieces import AsyncPieces, T, rows_at_once
from ferrow.driver.stream import AsyncStream
from ferrow.engine.context import current
from ferrow.engine.parameters import name_column
from ferrow.errors import DataError
from ferrow.wire.deadline import limit

if TYPE_CHECKING:
    from ferrow._core import Kinds, Row
    from ferrow.abc import Params, World
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.scope import AsyncConnectionScope

S = TypeVar("S")

_ROWS = Shape.rows()


class AsyncEngineStream(AsyncPieces[T]):
    """The rows of one statement, so many of them in memory at a time. Made by `engine.stream()`, where more is said."""

    __slots__ = ("_chunk", "_engine", "_inner", "_kinds", "_params", "_scope", "_shape", "_sql", "_timeout")

    def __init__(
        self,
        engine: AsyncEngine,
        sql: str,
        params: Params,
        *,
        chunk: int,
        shape: Shape,
        timeout: float | None = None,
        kinds: Kinds | None = None,
    ) -> None:
        super().__init__()
        rows_at_once("chunk", chunk)
        limit(timeout, None)  # refused now, not when it begins
        self._engine = engine
        self._sql = sql
        self._params = params
        self._chunk = chunk
        self._shape = shape
        self._timeout = timeout
        self._kinds = kinds
        self._scope: AsyncConnectionScope | None = None
        self._inner: AsyncStream[T] | None = None

    def _world(self) -> World:
        return self._engine.world

    def _ending(self) -> None:
        if self._scope is not None:
            self._scope.leaving()

    async def _before(self) -> None:
        """What has to happen before the statement is sent."""
        link = current(self._engine)
        if link is not None and link.observer is not None:
            await link.observer.before()

    async def _begin(self) -> None:
        await self._before()
        scope = self._engine.connection()
        connection = await scope.__aenter__()
        inner: AsyncStream[T] = AsyncStream(
            connection,
            self._sql,
            self._params,
            chunk=self._chunk,
            shape=self._shape,
            timeout=self._timeout,
            kinds=self._kinds,
        )
        try:
            await inner._opened()
        except BaseException as error:
            if isinstance(error, DataError):
                name_column(error, self._engine.dialect, self._sql)
            await scope.__aexit__(type(error), error, error.__traceback__)
            raise
        self._scope, self._inner = scope, inner

    async def _piece(self, limit: int | None) -> list[T]:
        assert self._inner is not None
        return await self._inner._next_piece(limit)

    async def _end(self, complete: bool) -> None:
        inner, self._inner = self._inner, None
        scope, self._scope = self._scope, None
        assert inner is not None
        assert scope is not None
        try:
            await inner._finish(complete)
        finally:
            await scope.__aexit__(*sys.exc_info())


class AsyncStreaming:
    """Streams, for engines."""

    __slots__ = ()

    def _engine_here(self) -> AsyncEngine:
        """The engine that lends the connection."""
        raise NotImplementedError

    @overload
    def stream(
        self, sql: str, params: Params = None, *, chunk: int = 1000, shape: None = None, timeout: float | None = None
    ) -> AsyncEngineStream[Row]: ...
    @overload
    def stream(
        self, sql: str, params: Params = None, *, chunk: int = 1000, shape: Shape[S], timeout: float | None = None
    ) -> AsyncEngineStream[S]: ...
    def stream(
        self,
        sql: str,
        params: Params = None,
        *,
        chunk: int = 1000,
        shape: Shape | None = None,
        timeout: float | None = None,
    ) -> AsyncEngineStream[Any]:
        """The rows of one statement, read in pieces: `async for row in engine.stream(sql)`.

        At no time more than `chunk` rows are in memory. Until its end a stream holds a connection of the pool, in a transaction of
        its own, which commits at the end and rolls back when it is left early; inside `transaction()` it belongs to that, and
        other calls may run between its pieces.

        Args:
            sql, params: as for `run`.
            chunk: rows fetched at a time, at least 1.
            shape: what rows become; `Row`s if not given.
            timeout: seconds; they bound each wait for the database: for the beginning, for each piece, for the end.

        Raises:
            InterfaceError: `chunk` or `timeout` is not positive.
            When it is read, as `run`.
        """
        shape = _ROWS if shape is None else shape
        return AsyncEngineStream(self._engine_here(), sql, params, chunk=chunk, shape=shape, timeout=timeout)
