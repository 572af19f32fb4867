"""A connection: statements, transactions and the door through which the faces run theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow._core import Shape
from ferrow.driver.batch import statements
from ferrow.driver.bulk import AsyncBulk
from ferrow.driver.dbapi import AsyncDbapi
from ferrow.driver.exceptions import Errors
from ferrow.driver.facts import AsyncFacts
from ferrow.driver.held import retraced
from ferrow.driver.implicit import Implicit
from ferrow.driver.notices import AsyncNotices
from ferrow.driver.one import exactly_one
from ferrow.driver.tracing import check_handler, traced
from ferrow.driver.transaction import AsyncTransaction
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Row
    from ferrow.abc import Params, Wire, World
    from ferrow.driver.isolation import Isolation
    from ferrow.driver.sqlite import AsyncSqlite
    from ferrow.driver.trace import Trace
    from ferrow.types.codec import CodecFormat

_ROWS = Shape.rows()


class AsyncConnection(AsyncBulk, AsyncDbapi, AsyncFacts, AsyncNotices, Errors):
    """One connection to PostgreSQL or SQLite.

    `async with AsyncConnection(url) as conn`, or `conn = await AsyncConnection.connect(url)`. The block closes it at its end; what its
    cursors did is committed first, unless an exception leaves the block. Outside a transaction every statement commits by
    itself, except those of cursors. Concurrent awaits run in the order in which they were made.

    Args:
        url: `postgresql://user:password@host:port/database`, `sqlite:///file.db`, `sqlite::memory:`.
        autocommit: whether statements of cursors commit by themselves, too; see `cursor`.
        trace: as `trace(handler)`, from the beginning.
        trace_values: whether traces hold the parameters.
        options: connection options that win over those of the URL, e.g. `connect_timeout` (seconds, default 30).

    Raises:
        InterfaceError: a malformed URL or an unknown option.
        OperationalError: when connecting fails.
    """

    __slots__ = ("_implicit", "_settings", "_stack", "_tracing", "_wire", "_world")

    __sync_open__ = "open"  # the sync constructor connects at once

    def __init__(
        self,
        url: str,
        *,
        world: World | None = None,
        autocommit: bool = False,
        trace: Callable[[Trace], object] | None = None,
        trace_values: bool = False,
        **options: Any,
    ) -> None:
        from ferrow.wire.url import parse

        if trace is not None:
            check_handler(trace, "trace")
        self._settings = parse(url, **options)
        self._tracing = (trace, trace_values)
        self._world = world
        self._wire: Wire | None = None
        self._stack: list[AsyncTransaction] = []
        self._implicit = Implicit(autocommit)

    @classmethod
    def over(cls, wire: Wire, world: World) -> Self:
        """A connection over a wire that somebody else opened, and will close."""
        self = cls.__new__(cls)
        self._wire = wire
        self._world = world
        self._stack = []
        self._implicit = Implicit()
        return self

    @classmethod
    async def connect(cls, url: str, *, world: World | None = None, **options: Any) -> Self:
        """Connect and return the connection. Arguments and errors are those of the class."""
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
        handler, values = self._tracing
        wire = await self._world.open(self._settings)
        self._wire = wire if handler is None else traced(wire, handler, values=values)

    def _conn_here(self) -> AsyncConnection:
        return self

    @property
    def wire(self) -> Wire:
        """The wire underneath. Raises InterfaceError when the connection is not open."""
        wire = self._wire
        if wire is None or wire.closed:
            raise InterfaceError("Connection is closed")
        return wire

    @property
    def sqlite(self) -> AsyncSqlite:
        """What only SQLite can do: functions in Python, backups, blobs. Raises NotSupportedError on PostgreSQL."""
        from ferrow.driver.sqlite import AsyncSqlite

        return AsyncSqlite(self)

    async def run(
        self, sql: str, params: Params = None, shape: Shape | None = None, kinds: Kinds | None = None
    ) -> Result:
        """Run one statement; its rows come in the asked shape, with what else is known of the result.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: as many values as placeholders; encoded by the type the server describes.
            shape: what rows become, e.g. `Shape.tuples()`; `Row`s if not given.
            kinds: of the parameters, where the database does not describe them (SQLite).

        Raises as `query`.
        """
        return await (self._wire or self.wire).run(sql, params, shape or _ROWS, kinds)

    async def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape | None = None, kinds: Kinds | None = None
    ) -> Result:
        """Run one statement once per row of parameters, all or nothing; the rows it returns are concatenated in order.

        Args:
            sql: one statement with native placeholders.
            rows: a list or tuple of values for each time it runs; they may come from an iterator.
            shape: what returned rows become; `Row`s if not given.
            kinds: of the parameters, where the database does not describe them (SQLite).

        Raises as `query`; a DataError for a value has the 1-based numbers `row` and `parameter`.
        """
        return await (self._wire or self.wire).run_many(sql, rows, shape or _ROWS, kinds)

    async def query(self, sql: str, params: Params = None) -> list[Row]:
        """Run one statement and return all its rows.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: a list or tuple with as many values as placeholders; a dict for SQLite's `:name`.

        Raises:
            ProgrammingError: wrong SQL, or another number of parameters.
            DataError: a value that does not fit the type of its parameter.
            IntegrityError: a constraint was violated, e.g. UniqueViolation.
            OperationalError: ConnectionLost, QueryCancelled, DeadlockDetected, SerializationFailure and the like.
            InterfaceError: the connection is closed.
        """
        return (await (self._wire or self.wire).run(sql, params, _ROWS)).rows

    async def query_one(self, sql: str, params: Params = None) -> Row:
        """Run a statement that returns exactly one row, and return that. Arguments are those of `query`.

        Raises:
            NoResultFound: there is none (also a LookupError).
            MultipleResultsFound: there are several.
            ProgrammingError, DataError: as `query`.
        """
        rows: list[Row] = (await (self._wire or self.wire).run(sql, params, _ROWS)).rows
        return exactly_one(rows, sql)

    async def execute(self, sql: str, params: Params = None) -> int:
        """Run a statement and return the number of rows it affected; 0 for statements that do not count rows.

        Also with RETURNING: `query` gives the rows. A SELECT counts the rows it returns. Raises as `query`.
        """
        return max(0, (await (self._wire or self.wire).run(sql, params, _ROWS)).rowcount)

    async def execute_batch(self, queries: Sequence[str]) -> list[int]:
        """Run several statements without parameters, all or nothing; how many rows each of them affected.

        They are sent together and answered together. An empty statement counts 0. For one statement with many rows of
        parameters there is `run_many`.

        Args:
            queries: a statement each. BEGIN, COMMIT, SAVEPOINT and their kind are refused, as is COPY from or to the client.

        Raises:
            InterfaceError: `queries` is not a list of str.
            DatabaseError: what the first statement that failed raised; `error.statement` is its 1-based number,
                `error.query` its text. Outside a transaction nothing of the batch is kept; inside one PostgreSQL
                accepts nothing but a rollback afterwards, and SQLite goes on without the batch.
        """
        found = statements(queries)
        wire = self.wire
        return await wire.batch(found) if found else []

    async def prepare(self, sql: str) -> str:
        """Prepare a statement, so that its first use costs no more than the next, and return its identifier: the text itself.

        `query` and `execute` prepare what they are given, and keep it, by themselves. Raises ProgrammingError for wrong SQL.
        """
        await self.wire.prepare(sql)
        return sql

    async def clear_cache(self) -> None:
        """Give up all prepared statements of this connection, here and on the server."""
        await self.wire.clear_cache()

    async def script(self, sql: str) -> None:
        """Run several statements, separated by semicolons, without parameters and without results.

        Outside a transaction PostgreSQL runs them as one: all take effect, or none. SQLite commits each by itself, and those
        before one that fails stay. Raises as `query`.
        """
        await (self._wire or self.wire).script(sql)

    def set_codec(
        self,
        type_name: str,
        *,
        encode: Callable[[Any], Any] | None = None,
        decode: Callable[[Any], Any] | None = None,
        format: CodecFormat = "text",
        schema: str | None = None,
    ) -> None:
        """Read and write the values of a PostgreSQL type your own way on this connection, from the next statement on.

        Without functions, what is built in is used again. The prepared statements of the connection are forgotten.

        Args:
            type_name: the type's name, not that of an array: its arrays, composites and ranges use the codec as well.
            encode: from a Python value to what `format` says; None: as built in.
            decode: from what `format` says to a Python value; None: as built in.
            format: `"text"` (str), `"binary"` (bytes) or `"value"` (the Python value without a codec).
            schema: of the type; None: a type of this name in any schema.

        Raises:
            InterfaceError: as `ferrow.types.Codec`, or the connection belongs to an engine, whose next borrower would
                meet the codec: pass `codecs=[...]` to `create_engine`.
            NotSupportedError: on SQLite.
        """
        from ferrow.types.codec import Codec

        self.wire.set_codec(Codec(type_name, encode=encode, decode=decode, format=format, schema=schema))

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
        self, *, isolation: Isolation | None = None, readonly: bool = False, deferrable: bool = False
    ) -> AsyncTransaction:
        """Begin a transaction now and return it; usable as a context manager or with `commit` and `rollback`.

        As a block: `async with await conn.begin() as tx`. `isolation`, `readonly` and `deferrable` are those of
        `transaction`, and so are the errors.
        """
        transaction = AsyncTransaction(self, isolation=isolation, readonly=readonly, deferrable=deferrable)
        await transaction.start()
        return transaction

    def trace(self, handler: Callable[[Trace], object] | None, *, values: bool = False) -> None:
        """Call `handler` with a `Trace` after every statement of this connection; None: no more.

        It is a plain function, and must not use the connection. What it raises goes to the log (`ferrow.statements`). While a
        stream holds the connection, it takes effect when the stream ends.

        Args:
            handler: one at a time; it replaces the one before.
            values: whether traces hold the parameters, which may be secret.
        """
        self._wire = retraced(self.wire, handler, values=values)

    async def close(self) -> None:
        """Close the connection for good; an open transaction, also that of cursors, is rolled back. Closing twice is fine."""
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
