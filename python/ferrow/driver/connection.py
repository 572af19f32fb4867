"""A connection: how it is opened, closed and watched, and its transactions. What else it has is filed by subject, as its bases."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow.driver.bulk import AsyncBulk
from ferrow.driver.dbapi import AsyncDbapi
from ferrow.driver.exceptions import Errors
from ferrow.driver.facts import AsyncFacts
from ferrow.driver.held import retraced
from ferrow.driver.implicit import Implicit
from ferrow.driver.notices import AsyncNotices
from ferrow.driver.single import Single
from ferrow.driver.statements import AsyncStatements
from ferrow.driver.tracing import check_handler, traced
from ferrow.driver.transaction import AsyncTransaction
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from weakref import ref

    from ferrow.abc import Wire, World
    from ferrow.driver.isolation import Isolation
    from ferrow.driver.pipeline import AsyncPipeline
    from ferrow.driver.sqlite import AsyncSqlite
    from ferrow.driver.trace import Trace


class AsyncConnection(AsyncStatements, AsyncBulk, AsyncDbapi, AsyncFacts, AsyncNotices, Errors, Single):
    """One connection to PostgreSQL or SQLite.

    `async with AsyncConnection(url) as conn`, or `conn = await AsyncConnection.connect(url)`. The block closes it at its end; what its
    cursors did is committed first, unless an exception leaves the block. Outside a transaction every statement commits by
    itself, except those of cursors. Concurrent awaits run in the order in which they were made.

    Args:
        url: `postgresql://user:password@host:port/database`, `sqlite:///file.db`, `sqlite::memory:`.
        connection_string: PostPyro's name for `url`, instead of that.
        autocommit: whether statements of cursors commit by themselves, too; see `cursor`.
        trace: as `trace(handler)`, from the beginning.
        trace_values: whether traces hold the parameters.
        options: connection options that win over those of the URL, e.g. `connect_timeout` (seconds, default 30) and
            `command_timeout` (seconds, what `timeout=` of a call is when it is not given; default: no limit).

    Raises:
        InterfaceError: a malformed URL or an unknown option.
        OperationalError: when connecting fails.
    """

    __slots__ = (
        "__weakref__", "_gone", "_guard", "_implicit", "_pipeline", "_settings", "_stack", "_tracing", "_twin", "_wire", "_world",
    )  # fmt: skip

    __sync_open__ = "open"  # the sync constructor connects at once
    __sync_single__ = True  # PEP 249: `cursor.connection` is the connection that made the cursor
    _twin: ref[Any] | None

    def __init__(
        self,
        url: str | None = None,
        *,
        connection_string: str | None = None,
        world: World | None = None,
        autocommit: bool = False,
        trace: Callable[[Trace], object] | None = None,
        trace_values: bool = False,
        **options: Any,
    ) -> None:
        from ferrow.wire.url import named, parse

        if trace is not None:
            check_handler(trace, "trace")
        self._settings = parse(named(url, connection_string), **options)
        self._tracing = (trace, trace_values)
        self._world = world
        self._wire: Wire | None = None
        self._stack: list[AsyncTransaction] = []
        self._implicit = Implicit(autocommit)
        self._pipeline: AsyncPipeline | None = None
        self._twin = None
        self._gone = False  # closed by `close`

    @classmethod
    def over(cls, wire: Wire, world: World) -> Self:
        """A connection over a wire that somebody else opened, and will close."""
        self = cls.__new__(cls)
        self._wire = wire
        self._world = world
        self._stack = []
        self._implicit = Implicit()
        self._pipeline = None
        self._twin = None
        self._gone = False
        return self

    @classmethod
    async def connect(cls, url: str | None = None, *, world: World | None = None, **options: Any) -> Self:
        """Connect and return the connection: the class and `open` in one call. Arguments are those of the class, errors those of both."""
        self = cls(url, world=world, **options)
        await self.open()
        return self

    async def open(self) -> None:
        """Connect; nothing happens when connected already.

        Raises:
            OperationalError: when connecting fails.
            InterfaceError: the connection was closed or lost; make another one.
        """
        if self._wire is not None:
            if self._wire.closed:
                raise InterfaceError("Connection is closed; it cannot be opened again: make another one")
            return
        if self._world is None:
            from ferrow.wire.aio import ASYNCIO

            self._world = ASYNCIO
        from ferrow.wire.unclosed import Unclosed

        handler, values = self._tracing
        wire = await self._world.open(self._settings)
        if wire.dialect == "postgresql":
            self._guard = Unclosed(wire, self._world)
        self._wire = wire if handler is None else traced(wire, handler, values=values)

    def _conn_here(self) -> AsyncConnection:
        return self

    @property
    def wire(self) -> Wire:
        """The wire underneath. Raises InterfaceError when the connection is not open.

        One that was lost while idle is, for as long as no statement has said why.
        """
        wire = self._wire
        if wire is None or self._gone:
            raise InterfaceError("Connection is closed")
        if (refusal := wire.refusal()) is not None:
            raise refusal
        return wire

    def _heard(self) -> Wire:
        """The wire to take notifications from, also after a loss: those that had arrived come first, then the error."""
        wire = self._wire
        if wire is None or self._gone or wire.news is None or not wire.news.inbox.spare:
            return self.wire
        return wire

    @property
    def sqlite(self) -> AsyncSqlite:
        """What only SQLite can do: functions in Python, backups, blobs. Raises NotSupportedError on PostgreSQL."""
        from ferrow.driver.sqlite import AsyncSqlite

        return AsyncSqlite(self)

    def transaction(
        self, *, isolation: Isolation | None = None, readonly: bool = False, deferrable: bool = False
    ) -> AsyncTransaction:
        """A transaction for a block: `async with conn.transaction() as tx`. Committed at its end, rolled back on an exception.

        Inside another transaction of this connection it is a savepoint, and takes no options.

        Args:
            isolation: `read uncommitted`, `read committed`, `repeatable read` or `serializable` (any case); None is the
                server's default. SQLite is always serializable.
            readonly: refuse writes. On SQLite it also waits for no other writer.
            deferrable: with `serializable` and `readonly`, wait for a snapshot that can never fail (PostgreSQL).

        Raises, when it begins:
            DataError: an unknown isolation level.
            ProgrammingError: options for a transaction inside another one.
        """
        return AsyncTransaction(self, isolation=isolation, readonly=readonly, deferrable=deferrable)

    async def begin(
        self,
        *,
        isolation: Isolation | None = None,
        readonly: bool = False,
        deferrable: bool = False,
        timeout: float | None = None,
    ) -> AsyncTransaction:
        """Begin a transaction and return it; usable as a context manager or with `commit` and `rollback`.

        PostgreSQL is told together with the first statement, and not at all of a transaction without one.

        As a block: `async with await conn.begin() as tx`. `isolation`, `readonly` and `deferrable` are those of
        `transaction`, and so are the errors; `timeout` (seconds, as for `query`) is for BEGIN alone, which on
        PostgreSQL waits for nothing but the end of a statement that is being cancelled.
        """
        transaction = AsyncTransaction(self, isolation=isolation, readonly=readonly, deferrable=deferrable)
        await transaction.start(timeout)
        return transaction

    def trace(self, handler: Callable[[Trace], object] | None, *, values: bool = False) -> None:
        """Call `handler` with a `Trace` after every statement of this connection; None: no more.

        It is a plain function, and must not use the connection (InterfaceError). What it raises goes to the log
        (`ferrow.statements`). While a stream holds the connection, it takes effect when the stream ends.

        Args:
            handler: one at a time; it replaces the one before.
            values: whether traces hold the parameters, which may be secret.
        """
        self._wire = retraced(self.wire, handler, values=values)

    async def close(self) -> None:
        """Close the connection for good, and its cursors; an open transaction, also that of cursors, is rolled back. Closing twice is fine.

        A statement of another task or thread fails at once with ConnectionLost. SQLite takes back what such a statement has written, and
        `close` waits until the file is closed, but no longer than 5 s for a function in Python: then its thread closes the file.
        """
        self._gone = True
        self._implicit.disconnect()
        if self._wire is not None:
            await self._wire.close()

    def is_closed(self) -> bool:
        """Whether the connection was closed, lost or never opened."""
        return self._wire is None or self._wire.closed

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._implicit.leave(self)
        finally:
            await self.close()

    def __repr__(self) -> str:
        if self._wire is None:
            return f"<{type(self).__name__} not open>"
        return f"<{type(self).__name__} {self._wire!r}>"
