"""A pool over any function that opens a connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, Literal

from ferrow.wire.dbapi import connector_checks as checks
from ferrow.wire.dbapi import connector_end as end
from ferrow.wire.dbapi.adopt import Name, name_of
from ferrow.wire.dbapi.connector_fill import Filling
from ferrow.wire.dbapi.connector_lending import Lending
from ferrow.wire.dbapi.connector_life import Life
from ferrow.wire.dbapi.connector_queue import Member, Queue
from ferrow.wire.drive import drive


class PoolConnector(Filling, Lending):
    """Connections made by `connect(*connect_args, **connect_kwargs)` and used again and again.

        pool = PoolConnector(sqlite3.connect, "app.db", check_same_thread=False, max_size=10)
        with pool.connection() as conn:
            conn.execute("SELECT 1")
        db = Database(pool, SQLiteDialect())

    `connect` may be a coroutine function (psycopg.AsyncConnection.connect, aiosqlite.connect, aiomysql.connect): such connections
    are taken by `acquire_async` and `connection_async`, and by `AsyncDatabase`. Threads may share a pool.

    Args:
        connect: opens a connection.
        connect_args: its arguments.
        max_size: how many connections there are at most. They are opened when they are needed; the last returned is lent first.
        transaction_guard: what happens to one that comes back with a transaction open: it is rolled back (`rollback`); closed, and
            release raises RuntimeError (`raise`); lent on as it is (`ignore`); rolled back and closed (`discard`).
        strict_pool: whether such a connection is closed in any case.
        reset_session: whether what a borrower may have changed in its session (settings, LISTEN, prepared statements) is put back.
        session_reset_hook: called with each returned connection instead of what reset_session does by itself.
        enforce_sqlite_thread_check: whether connections of sqlite3 that only one thread may use are refused where several might.
        min_size: how many connections there are at least, from the first use on: those that are missing are opened with the next that
            is asked for. One that cannot be is no error of who has got another: the logger `ferrow.pool` is told, and five seconds
            later it is tried again.
        max_age: seconds after which a connection is closed instead of being lent again; None is never.
        check_after: seconds without use after which a connection is tried out before it is lent, and replaced if it is dead; 0 is
            each time, None never.
        ping: how that is done, called with the connection: an exception or False means that it is dead. Without one, `SELECT 1`.
        connect_kwargs: keywords for `connect`.

    Raises:
        ValueError: an impossible option, or databases in memory of which each connection would have its own.
    """

    def __init__(
        self,
        connect: Callable[..., Any],
        *connect_args: Any,
        max_size: int = 5,
        transaction_guard: Literal["rollback", "raise", "ignore", "discard"] = "rollback",
        strict_pool: bool = False,
        reset_session: bool = True,
        session_reset_hook: Callable[[Any], Any] | None = None,
        enforce_sqlite_thread_check: bool = True,
        min_size: int = 0,
        max_age: float | None = None,
        check_after: float | None = None,
        ping: Callable[[Any], Any] | None = None,
        **connect_kwargs: Any,
    ) -> None:
        checks.check(
            connect,
            connect_args,
            connect_kwargs,
            max_size=max_size,
            guard=transaction_guard,
            threads=enforce_sqlite_thread_check,
        )
        checks.check_life(min_size=min_size, max_size=max_size, max_age=max_age, check_after=check_after, ping=ping)
        if session_reset_hook is not None and not callable(session_reset_hook):
            raise TypeError(f"session_reset_hook is called with each connection, but is {session_reset_hook!r}")
        self._connect = partial(connect, *connect_args, **connect_kwargs)
        self._guard = transaction_guard
        self._strict = strict_pool
        self._resets = reset_session
        self._hook = session_reset_hook
        self._life = Life(max_age, check_after, ping)
        self._min_size = min_size
        self._queue = Queue(max_size)

    # --- what it is --------------------------------------------------------------------------------------------------

    @property
    def max_size(self) -> int:
        """How many connections there are at most."""
        return self._queue.max_size

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._queue.closed

    def __repr__(self) -> str:
        queue = self._queue
        state = "closed" if queue.closed else f"{len(queue.used)} of {queue.max_size} in use, {len(queue.idle)} idle"
        return f"<{type(self).__name__}: {state}>"

    # --- lending -----------------------------------------------------------------------------------------------------

    def acquire(self, timeout: float | None = None) -> Any:
        """Borrow a connection; give it back with `release`.

        Args:
            timeout: seconds to wait for one while all are lent; None waits for ever.

        Raises:
            TimeoutError: none became free in time.
            RuntimeError: the pool is closed, or `connect` is to be awaited.
        """
        return self.take(timeout).conn

    async def acquire_async(self, timeout: float | None = None) -> Any:
        """As `acquire`, without blocking the event loop; give the connection back with `release_async`."""
        return (await self.take_async(timeout)).conn

    def release(self, conn: Any) -> None:
        """Give a connection back.

        Raises:
            ValueError: it is not one that is lent.
            RuntimeError: it came back in a transaction, and the guard is `raise`; or cleaning it failed, with the error as cause.
        """
        drive(self._returned(self._queue.lent(conn), touched=True))

    async def release_async(self, conn: Any) -> None:
        """As `release`, for connections that are awaited."""
        await self._returned(self._queue.lent(conn), touched=True)

    async def give_back(self, member: Member, *, touched: bool) -> None:
        """As `release`; `touched` says whether anything but rows may have been changed."""
        await self._returned(self._queue.lent(member.conn), touched=touched)

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[Any]:
        """A connection for a block. Arguments and errors are those of `acquire` and `release`."""
        conn = self.acquire(timeout)
        try:
            yield conn
        finally:
            self.release(conn)

    @asynccontextmanager
    async def connection_async(self, timeout: float | None = None) -> AsyncIterator[Any]:
        """A connection for a block. Arguments and errors are those of `acquire_async` and `release_async`."""
        conn = await self.acquire_async(timeout)
        try:
            yield conn
        finally:
            await self.release_async(conn)

    def close(self) -> None:
        """Close the pool: connections that are lent are closed when they come back. Closing again does no harm."""
        for member in self._queue.shut():
            drive(end.close(member))

    async def aclose(self) -> None:
        """As `close`, for connections that are awaited."""
        for member in self._queue.shut():
            await end.close(member)

    def database(self) -> Name | None:
        """What its connections are to, as far as the module of `connect` tells."""
        function, _, _ = checks.unwrapped(self._connect, (), {})
        owner = getattr(function, "__self__", None)
        module = owner.__module__ if isinstance(owner, type) else getattr(function, "__module__", None)
        return name_of((module or "").partition(".")[0])
