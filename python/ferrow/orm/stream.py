"""Rows of a query, instance by instance, by a cursor of the database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ferrow.driver.pieces import AsyncPieces
from ferrow.driver.stream import AsyncStream
from ferrow.orm.generic import M
from ferrow.orm.unit.around import unit_of
from ferrow.orm.unit.streaming import Followed, let_go, streamed

if TYPE_CHECKING:
    from ferrow.abc import World
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.scope import AsyncConnectionScope
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.unit import Unit


class AsyncQueryStream(AsyncPieces[M]):
    """The instances of a query, so many of them in memory at a time. Made by `query.stream()`, where more is said.

    `async for user in query.stream()`; or `async with query.stream() as users` and then `async for user in users`,
    `await users.fetch(n)`.
    """

    __slots__ = (
        "_chunk",
        "_engine",
        "_followed",
        "_inner",
        "_loading",
        "_plan",
        "_prepared",
        "_scope",
        "_unit",
        "_values",
    )

    def __init__(
        self,
        engine: AsyncEngine,
        plan: Plan[M],
        prepared: Prepared,
        values: tuple[Any, ...],
        loading: Loading | None,
        chunk: int,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._plan = plan
        self._loading = loading
        self._prepared = prepared
        self._values = values
        self._chunk = chunk
        self._scope: AsyncConnectionScope | None = None
        self._inner: AsyncStream[M] | None = None
        self._unit: Unit | None = None
        self._followed: Followed = []

    def _world(self) -> World:
        return self._engine.world

    def _ending(self) -> None:
        if self._scope is not None:
            self._scope.leaving()

    async def _begin(self) -> None:
        unit = self._unit = unit_of(self._engine)
        if unit is not None:
            await unit.before()
        scope = self._engine.connection()
        connection = await scope.__aenter__()
        prepared = self._prepared
        inner: AsyncStream[M] = AsyncStream(
            connection, prepared.sql, self._values, chunk=self._chunk, shape=prepared.shape, kinds=prepared.kinds
        )
        try:
            await inner._opened()
        except BaseException as error:
            await scope.__aexit__(type(error), error, error.__traceback__)
            raise
        self._scope, self._inner = scope, inner

    async def _piece(self, limit: int | None) -> list[M]:
        assert self._inner is not None
        unit = self._unit
        piece = await self._inner._next_piece(limit)
        if unit is not None:
            let_go(self._followed)  # not before: until now the connection had the piece before this one
            piece, self._followed = streamed(unit, piece)
        if self._loading is not None and piece:
            from ferrow.orm.loading.load import load

            await load(self._engine, self._plan, piece, self._loading)
        return piece

    async def _end(self, complete: bool) -> None:
        let_go(self._followed)
        inner, self._inner = self._inner, None
        scope, self._scope = self._scope, None
        assert inner is not None
        assert scope is not None
        try:
            await inner._finish(complete)
        finally:
            await scope.__aexit__(*sys.exc_info())


def size_of(batch: Any) -> int:
    """Raises TypeError or ValueError for anything but a number of rows from 1 on."""
    if batch.__class__ is not int:
        msg = f"stream(batch_size=...) takes a whole number of rows, not {batch!r}"
        raise TypeError(msg)
    if batch < 1:
        msg = f"stream(batch_size=...) takes a number of rows from 1 on, not {batch}"
        raise ValueError(msg)
    return int(batch)
