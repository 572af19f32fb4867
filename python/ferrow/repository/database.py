"""A database for repositories: over a connection of any driver, a pool of them, or an engine."""

from __future__ import annotations

import inspect
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow._core import Shape
from ferrow.abc import async_only
from ferrow.driver.placeholders import translated
from ferrow.engine.engine import AsyncEngine
from ferrow.engine.reading import reading
from ferrow.errors import DatabaseClosed
from ferrow.repository.dialect import Dialect, named
from ferrow.repository.source import Given, given
from ferrow.repository.statement import ResultCursor
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ferrow._core import Result
    from ferrow.abc import World
    from ferrow.engine.transaction import AsyncTransactionScope

_TUPLES = Shape.tuples()
_DICTS = Shape.dicts()


class AsyncDatabase:
    """One database, as repositories and sessions use it.

        db = AsyncDatabase(await psycopg.AsyncConnection.connect(dsn), PostgresDialect())
        db = AsyncDatabase(await create_engine("postgresql://localhost/app"))

    Every call commits by itself, unless it is inside `transaction()`, or the program has begun a transaction on the given
    connection by hand: then it is a part of that. Tasks may share one: over a single connection they wait for each other, and
    are never in each other's transactions. A connection that blocks is used in a thread of its own.

    Args:
        source: an engine of `create_engine`, or its URL; a connection of a DB-API 2.0 driver (sqlite3, psycopg, psycopg2,
            pg8000, PyMySQL, mysqlclient, Ferrow's own, or of another whose dialect is given) or of its asyncio counterpart
            (psycopg, aiosqlite, aiomysql); or a `PoolConnector`, of which each call takes a connection and gives it back.
        dialect: what the connection is to. Not needed for engines and the drivers named.
        acquire_timeout: seconds for which a call waits for a connection that others are using; None is the engine's, or 30.

    Raises:
        InterfaceError: what is given is none of these, or the dialect cannot be told from it.
    """

    __slots__ = ("__weakref__", "_closed", "_engine", "_given", "dialect")

    dialect: Dialect
    """How the database is spoken to in raw SQL."""

    def __init__(
        self,
        source: Any,
        dialect: Dialect | None = None,
        *,
        acquire_timeout: float | None = None,
        world: World | None = None,
    ) -> None:
        self._given: Given = given(source, dialect, world, acquire_timeout)
        self._engine: AsyncEngine = self._given.engine
        self.dialect = named(self._engine.dialect.name) if dialect is None else dialect
        self._closed = False

    @property
    def engine(self) -> AsyncEngine:
        """The engine that does the work: sessions, queries and units of Ferrow take it. Raises DatabaseClosed after `close`."""
        self._check()
        return self._engine

    @property
    def conn(self) -> Any:
        """The connection, or pool, that was given; None over an engine. Raises DatabaseClosed after `close`."""
        self._check()
        return self._given.connection

    # --- raw SQL -----------------------------------------------------------------------------------------------------

    async def execute(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> ResultCursor:
        """Run one statement. Outside a transaction it is committed.

        Args:
            sql: one statement. Its placeholders are those of the dialect's `paramstyle`, or any other of PEP 249.
            params: a sequence for placeholders by position, a mapping for those by name.

        Returns:
            What it gave back: `rowcount`, `lastrowid`, and its rows by `fetchone()`, `fetchall()` and iteration.

        Raises:
            DatabaseError: or one of its kind: what the database reported, with the driver's own error as `__cause__`.
            DatabaseClosed: after `close`.
        """
        return ResultCursor(await self._run(sql, params, _TUPLES))

    async def fetchone(
        self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """The first row of a query by the names of its columns, or None. Arguments and errors as for `execute`."""
        rows = (await self._run(sql, params, _DICTS)).rows
        return rows[0] if rows else None

    async def fetchall(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows of a query by the names of their columns. Arguments and errors as for `execute`."""
        return (await self._run(sql, params, _DICTS)).rows

    async def _run(self, sql: str, params: Any, shape: Shape) -> Result:
        self._check()
        reads, left = await reading(self._engine, sql, params)
        statement = translated(reads, sql, params)
        return await self._engine.run(statement.sql, statement.values(params), shape, timeout=left)

    def transaction(self) -> AsyncTransactionScope:
        """A transaction: `async with db.transaction()`. Committed at the end, rolled back on any exception.

        Everything that goes through this database inside the block is part of it; a block inside it is a savepoint.
        """
        self._check()
        return self._engine.transaction()

    # --- life --------------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        if self._closed:
            raise DatabaseClosed("connection is closed")

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    @async_only
    async def aclose(self, *, close_pool: bool = False) -> None:
        """Close the given connection; over a pool or an engine only this object, and those too with `close_pool`.

        Closing again does no harm, and still closes the pool when asked to.
        """
        await self._end(close_pool=close_pool)

    async def _end(self, *, close_pool: bool) -> None:
        self._closed = True
        await self._given.close(close_pool=close_pool)

    @async_only
    def close(self, *, close_pool: bool = False) -> None:
        """As `aclose`, with its `close_pool`, where that needs no waiting. Raises RuntimeError otherwise, and then nothing was closed."""
        connection = self._given.connection
        if inspect.iscoroutinefunction(getattr(connection, "close", None)) and not self._closed:
            name = type(connection).__name__
            raise RuntimeError(f"{name}.close() has to be awaited: Use await aclose() instead of close()")
        self._closed = True
        self._given.close_now(close_pool=close_pool)

    async def __aenter__(self) -> Self:
        self._check()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._end(close_pool=False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'closed' if self._closed else self._engine.url}>"


class OnlySync:
    """What `Database` has and `AsyncDatabase` has not."""

    __slots__ = ()

    if TYPE_CHECKING:
        _core: AsyncDatabase

    def close(self, *, close_pool: bool = False) -> None:
        """Close the given connection; over a pool or an engine only this object, and those too with `close_pool`.

        Closing again does no harm, and still closes the pool when asked to.
        """
        drive(self._core._end(close_pool=close_pool))
