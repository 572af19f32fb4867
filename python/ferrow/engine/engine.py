"""The engine: one database, its pool, its transactions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ferrow._core import Shape
from ferrow.abc import async_only
from ferrow.driver.given_rows import check_rows
from ferrow.driver.given_sql import check_sql
from ferrow.driver.one import exactly_one
from ferrow.engine.blocks import AsyncBlocks
from ferrow.engine.context import CHAIN, current
from ferrow.engine.deadline import borrowed
from ferrow.engine.lasting import lasting
from ferrow.engine.parameters import name_column
from ferrow.engine.pool import AsyncPool
from ferrow.engine.result import QueryResult
from ferrow.engine.stream import AsyncStreaming
from ferrow.engine.tables import AsyncTables
from ferrow.errors import DataError
from ferrow.wire.deadline import limit

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Row
    from ferrow.abc import Params, World
    from ferrow.engine._sync import Engine
    from ferrow.engine.multiplex import Multiplexer
    from ferrow.engine.pair import Pair
    from ferrow.sql.dialect import Dialect
    from ferrow.wire.settings import Settings

_ROWS = Shape.rows()


class AsyncEngine(AsyncBlocks, AsyncTables, AsyncStreaming):
    """One database, for as long as the program runs; made by `create_engine`.

    Each call borrows a connection, uses it and gives it back; outside `transaction()` it commits by itself. Calls inside a
    `transaction()` block run on its connection.
    """

    __slots__ = ("_direct", "_flat", "_limit", "_pair", "_shared", "pool", "world", "__weakref__")

    _follows: ClassVar[bool] = False
    """Whether its statements belong to a unit of work."""

    pool: AsyncPool
    """Where the connections come from."""

    def __init__(self, pair: Pair, world: World) -> None:
        self._pair = pair
        self.world: World = world
        self._limit = pair.settings.command_timeout
        self.pool = AsyncPool(pair.source, pair.limits, world)
        self._direct = pair.source.direct(self.pool)
        self._flat = pair.source.flat  # whether rows of `run_many` are best given as FlatRows
        self._shared: Multiplexer | None = None
        if pair.multiplex and world.name == "asyncio" and pair.settings.dialect == "postgresql":
            from ferrow.engine.multiplex import Multiplexer

            self._shared = Multiplexer(self.pool)

    # --- what it is --------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """Address and options of the database. Its password does not show itself."""
        return self._pair.settings

    @property
    def url(self) -> str:
        """The URL of the database, `****` for the password."""
        return self._pair.settings.redacted

    @property
    def dialect(self) -> Dialect:
        """The SQL dialect of the database."""
        # Asked by every session that is made.
        return self._pair._dialect or self._pair.dialect

    @property
    @async_only
    def aio(self) -> AsyncEngine:
        """This engine: as `Engine.aio`, for code that is given either."""
        return self._pair.aio

    @property
    @async_only
    def sync(self) -> Engine:
        """The same engine for sync code, with connections of its own."""
        return self._pair.engine

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.url}>"

    def _engine_here(self) -> AsyncEngine:
        return self

    @property
    def _real(self) -> AsyncEngine:
        """The engine that transactions are known by: this one, unless it stands for another one in a session's block."""
        return self

    # --- statements --------------------------------------------------------------------------------------------------

    async def run(
        self,
        sql: str,
        params: Params = None,
        shape: Shape | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Run one statement; its rows come in the asked shape.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: as many values as placeholders.
            shape: what rows become, e.g. `ferrow.driver.Shape.tuples()`.
            kinds: of the parameters, where the database does not describe them (SQLite).
            timeout: seconds, more than 0, for the connection and the statement together; None is the engine's
                `command_timeout`, math.inf no limit. The statement is then cancelled in the background.

        Raises:
            PoolTimeout: no connection became free in time.
            QueryTimeout: the statement did not end in time.
            DatabaseError: what the database reported.
        """
        try:
            # Outside of any transaction, as most are, there is nothing to look for.
            if CHAIN.get() is not None and (link := current(self)) is not None:
                observer = link.observer
                if observer is None:
                    return await link.connection.run(sql, params, shape, kinds, timeout)
                await observer.before()
                async with observer.statement(link):
                    result = await link.connection.run(sql, params, shape, kinds, timeout)
                    observer.seen(result)
                    return result
            if timeout is None:
                timeout = self._limit
            if (shared := self._shared) is not None:
                if (lane := shared.lane(sql)) is not None:
                    seconds = None if timeout is None else limit(timeout, None)
                    return await lane.run(sql, params, shape or _ROWS, seconds)
                if (lesson := shared.lesson(sql)) is not None:
                    return await shared.alone(lesson, sql, params, shape or _ROWS, timeout)
            pool = self.pool
            if timeout is None:
                if self._direct is not None:
                    found = self._direct.run(sql, params, shape or _ROWS, kinds)
                    if found is not None:
                        return found
                slot = await pool.acquire()
            else:
                slot, timeout = await borrowed(pool, timeout)
            slot.sql = sql
            try:
                if lasting(sql):
                    slot.touched = True
                return await slot.wire.run(sql, params, shape or _ROWS, kinds, timeout)
            finally:
                pool.release(slot)
        except DataError as error:
            name_column(error, self.dialect, sql)
            raise
        except TypeError:
            check_sql(sql)  # what has no hash cannot be looked up among the texts that are known
            raise

    async def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Run one statement once per row of parameters, all or nothing; the rows it returns are concatenated in order.

        `timeout` (for all rows together), and what is raised, are as for `run`.
        """
        check_sql(sql)
        check_rows(rows)
        link = current(self)
        if link is not None:
            if link.observer is None:
                return await link.connection.run_many(sql, rows, shape, kinds, timeout)
            await link.observer.before()
            async with link.observer.statement(link):
                return await link.connection.run_many(sql, rows, shape, kinds, timeout)
        slot, timeout = await borrowed(self.pool, self._limit if timeout is None else timeout)
        slot.sql = sql
        try:
            if lasting(sql):
                slot.touched = True
            return await slot.wire.run_many(sql, rows, shape or _ROWS, kinds, timeout)
        finally:
            self.pool.release(slot)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        """Run several statements, separated by semicolons, without parameters and without results. `timeout` and
        errors as for `run`.

        Outside a transaction PostgreSQL runs them as one; SQLite commits each by itself.
        """
        check_sql(sql)
        link = current(self)
        if link is not None:
            if link.observer is not None:
                await link.observer.before()
            await link.connection.script(sql, timeout=timeout)
            return
        slot, timeout = await borrowed(self.pool, self._limit if timeout is None else timeout)
        slot.sql = sql
        try:
            if lasting(sql):
                slot.touched = True
            await slot.wire.script(sql, timeout)
        finally:
            self.pool.release(slot)

    async def execute(self, sql: str, params: Params = None, timeout: float | None = None) -> QueryResult:
        """Run one statement and return its rows, if any, and how many it affected.

            result = await engine.execute("SELECT name FROM users WHERE age > $1", [18])
            names = result.column("name")

        Arguments (`timeout` too) and errors as for `run`; PostgreSQL's placeholders are `$1`, `$2`, SQLite's `?`.
        """
        return QueryResult(await self.run(sql, params, _ROWS, None, timeout))

    async def query(self, sql: str, params: Params = None, timeout: float | None = None) -> list[Row]:
        """Run one statement and return all its rows, an empty list where it gives none.

        Arguments (`sql`, `params`, `timeout`) and errors as for `run`.
        """
        return (await self.run(sql, params, _ROWS, None, timeout)).rows

    async def query_one(self, sql: str, params: Params = None, timeout: float | None = None) -> Row:
        """Run a statement that returns exactly one row. Raises NoResultFound, MultipleResultsFound, and as `run`.

        `timeout` is as for `run`.
        """
        rows: list[Row] = (await self.run(sql, params, _ROWS, None, timeout)).rows
        return exactly_one(rows, sql)

    # --- life --------------------------------------------------------------------------------------------------------

    async def open(self) -> Self:
        """Connect `min_size` times, at least once, and return the engine: a wrong address or password is an error here.

        Not needed: without it the first statement connects.

        Raises:
            OperationalError: connecting fails.
            InterfaceError: the engine is closed.
        """
        await self.pool.open()
        return self

    async def close(self, timeout: float | None = None) -> None:
        """Close the connections of this colour; those of the other one are closed by its own `close`.

        Waits up to `timeout` seconds (default: `close_timeout`) for connections in use, then cuts them off. Calls that come
        afterwards raise PoolClosed.
        """
        await self.pool.close(timeout)

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
