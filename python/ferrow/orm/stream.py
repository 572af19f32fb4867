"""Rows of a query, instance by instance, by a cursor of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.engine.stream import AsyncEngineStream
from ferrow.orm.generic import M
from ferrow.orm.unit.around import unit_of
from ferrow.orm.unit.overtaken import keeping
from ferrow.orm.unit.streaming import Followed, let_go, streamed

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.loading.tree import Loading
    from ferrow.orm.plan import Plan, Prepared
    from ferrow.orm.unit.overtaken import Reading
    from ferrow.orm.unit.unit import Unit


class AsyncQueryStream(AsyncEngineStream[M]):
    """The instances of a query, so many of them in memory at a time. Made by `query.stream()`, where more is said.

    `async for user in query.stream()`; or `async with query.stream() as users` and then `async for user in users`,
    `await users.fetch(n)`.
    """

    __slots__ = ("_followed", "_loading", "_plan", "_reading", "_unit")

    def __init__(
        self,
        engine: AsyncEngine,
        plan: Plan[M],
        prepared: Prepared,
        values: tuple[Any, ...],
        loading: Loading | None,
        chunk: int,
    ) -> None:
        super().__init__(engine, prepared.sql, values, chunk=chunk, shape=prepared.shape, kinds=prepared.kinds)
        self._plan = plan
        self._loading = loading
        self._unit: Unit | None = None
        self._reading: Reading | None = None  # unless it is a part of the unit's transaction
        self._followed: Followed = []

    async def _before(self) -> None:
        unit = self._unit = unit_of(self._engine)
        if unit is not None:
            await unit.before()
            self._reading = unit.reading()

    async def _piece(self, limit: int | None) -> list[M]:
        unit = self._unit
        piece = await super()._piece(limit)
        if unit is None:
            if self._plan.lines is not None:
                self._plan.lines.note(self._engine, piece, apart=False)
        else:
            let_go(self._followed)  # not before: until now the connection had the piece before this one
            with keeping(unit.newer(self._reading)):
                piece, self._followed = streamed(unit, piece)
            if piece:
                unit.sites.note(piece, None)
        if self._loading is not None and piece:
            from ferrow.orm.loading.load import load

            await load(self._engine, self._plan, piece, self._loading)
        return piece

    async def _end(self, complete: bool) -> None:
        let_go(self._followed)
        self._reading = None
        await super()._end(complete)


def size_of(batch: Any) -> int:
    """Raises TypeError or ValueError for anything but a number of rows from 1 on."""
    if batch.__class__ is not int:
        msg = f"stream(batch_size=...) takes a whole number of rows, not {batch!r}"
        raise TypeError(msg)
    if batch < 1:
        msg = f"stream(batch_size=...) takes a number of rows from 1 on, not {batch}"
        raise ValueError(msg)
    return int(batch)
