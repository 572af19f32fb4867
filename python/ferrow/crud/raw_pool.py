"""Raw SQL as PicoPG's users write it: `async with pool.connection() as conn`, then a cursor."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, overload

from ferrow.driver.cursor import AsyncCursor, Parameters
from ferrow.driver.rows import RowShape
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow._core import Row
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.transaction import AsyncTransaction
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.scope import AsyncConnectionScope


class AsyncRawPool:
    """The pool of a `ConnectionManager`; made by `get_pool()`."""

    __slots__ = ("_engine",)

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    def connection(self) -> AsyncRawScope:
        """A connection for a block, at whose end what it did is committed; an exception rolls it back.

        async with pool.connection() as conn:
            async with conn.cursor() as cur:
                await cur.execute("SELECT * FROM users WHERE age > %s", [18])
                rows = await cur.fetchall()

        Inside a transaction it is that transaction's, and its end is that of the transaction. The block raises what its
        statements raise, PoolTimeout if no connection became free, and CommitUnknown as `engine.transaction`.
        """
        return AsyncRawScope(self._engine)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._engine.url}>"


class AsyncRawScope:
    """The block of a connection: what its cursors did is committed at its end, or undone."""

    __slots__ = ("_engine", "_scope")

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._scope: AsyncConnectionScope | None = None

    async def __aenter__(self) -> AsyncRawConnection:
        if self._scope is not None:
            raise InterfaceError("this connection() block is open already; call connection() again for another one")
        scope = self._engine.connection()
        connection = await scope.__aenter__()
        self._scope = scope
        return AsyncRawConnection(connection)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        scope, self._scope = self._scope, None
        if scope is not None:
            await scope.__aexit__(kind, error, traceback)


class AsyncRawConnection:
    """A lent connection as psycopg's users know one. `native` is Ferrow's own, with all that one can do."""

    __slots__ = ("_connection",)

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @property
    def native(self) -> AsyncConnection:
        """The connection itself: COPY, notifications, pipelines, streams."""
        return self._connection

    @overload
    def cursor(self, *, rows: Literal["tuple"] = "tuple") -> AsyncCursor[tuple[Any, ...]]: ...
    @overload
    def cursor(self, *, rows: Literal["row"]) -> AsyncCursor[Row]: ...
    @overload
    def cursor(self, *, rows: Literal["dict"]) -> AsyncCursor[dict[str, Any]]: ...
    @overload
    def cursor(self, *, rows: RowShape) -> AsyncCursor: ...
    def cursor(self, *, rows: RowShape = "tuple") -> AsyncCursor:
        """A cursor, whose placeholders are `%s` or `%(name)s`, or the database's own.

        `rows`: what rows become, "tuple", "row" (by position and by name) or "dict".
        """
        return self._connection.cursor(rows=rows)

    async def execute(self, sql: str, params: Parameters = None) -> AsyncCursor[tuple[Any, ...]]:
        """Run one statement by a new cursor and return that: `await (await conn.execute("SELECT 1")).fetchone()`.

        `params`: the values, in a list, or a dict where the placeholders have names. Raises as `AsyncCursor.execute`.
        """
        return await self._connection.cursor().execute(sql, params)

    async def commit(self) -> None:
        """Make permanent what was done so far; the block goes on. Raises ProgrammingError inside `transaction()`."""
        await self._connection.commit()

    async def rollback(self) -> None:
        """Undo what was done since the last commit; the block goes on. Raises ProgrammingError inside `transaction()`."""
        await self._connection.rollback()

    def transaction(self) -> AsyncTransaction:
        """A transaction for a block; inside another one, a savepoint."""
        return self._connection.transaction()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._connection!r}>"
