"""The engine as a session has it inside its block: what is read is followed, and what is pending is written before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from functools import lru_cache
from sys import modules
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.engine.engine import AsyncEngine
from ferrow.engine.parameters import name_column
from ferrow.engine.purity import pure
from ferrow.errors import DataError
from ferrow.orm.unit.overtaken import keeping

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc import Params, World
    from ferrow.driver.isolation import Isolation
    from ferrow.engine.context import Link
    from ferrow.engine.pool import AsyncPool
    from ferrow.engine.scope import AsyncConnectionScope
    from ferrow.engine.transaction import AsyncTransactionScope
    from ferrow.orm.unit.block import Block

T = TypeVar("T")

_reads = lru_cache(256)(pure)  # a program's statements are few, and each is looked at letter by letter


class UnitEngine(AsyncEngine):
    """An engine whose statements belong to the unit of work of one session."""

    __slots__ = ("_engine", "unit")
    _follows = True

    def __init__(self, real: AsyncEngine, unit: Block) -> None:
        # Nothing of its own: the pool and all else are those of the real one.
        self._pair, self._limit, self._shared, self._flat = real._pair, real._limit, real._shared, real._flat
        self.world: World = real.world
        self.pool: AsyncPool = real.pool
        self._engine = real
        self.unit: Block = unit

    @property
    def _real(self) -> AsyncEngine:
        return self._engine

    async def _sent(self, sql: str, send: Callable[[Link | None], Awaitable[T]]) -> T:
        """What comes of a statement that is sent in the transaction it belongs to, if there is one.

        What may write outside of any begins when none is about to begin, and none begins before it is done. What only reads need not wait, nor
        does anybody wait for that.
        """
        unit = self.unit
        unit.around()
        await unit.before()
        link = unit.around()
        if link is None and not (isinstance(sql, str) and _reads(sql)):
            async with unit.quiet():
                return await send(unit.around())  # it may have begun meanwhile
        return await (send(link) if link is None else self._in_turn(link, send))

    async def _in_turn(self, link: Link, send: Callable[[Link | None], Awaitable[T]]) -> T:
        async with self.unit.statement(link):
            return await send(link)

    async def run(
        self,
        sql: str,
        params: Params = None,
        shape: Shape | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """As `AsyncEngine.run`."""
        return await self._sent(sql, lambda link: self._run(link, sql, params, shape, kinds, timeout))

    async def _run(
        self,
        link: Link | None,
        sql: str,
        params: Params,
        shape: Shape | None,
        kinds: Kinds | None,
        timeout: float | None,
    ) -> Result:
        asked = None if shape is None else shape.with_values()
        asked = shape if asked is None else asked
        # Not through the link's own observer: what this session reads is this session's.
        run = self._engine.run if link is None else link.connection.run
        unit, reading = self.unit, self.unit.reading()
        try:
            if "ferrow.engine.watch" in modules and link is not None:
                from ferrow.engine.watch import seen

                result = await seen(self._engine, lambda _, *args: run(*args), sql, params, asked, kinds, timeout)
            else:
                result = await run(sql, params, asked, kinds, timeout)
        except DataError as error:
            name_column(error, self.dialect, sql)
            raise
        written = unit.newer(reading)
        if not written:
            unit.seen(result, shape)
            return result
        with keeping(written):
            unit.seen(result, shape)
        return result

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """As `AsyncEngine.run_many`."""

        def send(link: Link | None) -> Coroutine[Any, Any, Result]:
            run_many = self._engine.run_many if link is None else link.connection.run_many
            return run_many(sql, rows, shape, kinds, timeout)

        return await self._sent(sql, send)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        """As `AsyncEngine.script`."""
        await self._sent(sql, lambda _: self._engine.script(sql, timeout))

    def transaction(
        self, *, isolation: Isolation | None = None, readonly: bool = False, deferrable: bool = False
    ) -> AsyncTransactionScope:
        """As `AsyncEngine.transaction`."""
        scope = self._engine.transaction(isolation=isolation, readonly=readonly, deferrable=deferrable)
        scope._around = self.unit.around
        return scope

    def connection(self) -> AsyncConnectionScope:
        """As `AsyncEngine.connection`."""
        self.unit.around()
        return self._engine.connection()
