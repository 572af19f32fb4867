"""A connection: statements, transactions and the door through which the faces run theirs."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow._core import Shape
from ferrow.abc import Status
from ferrow.driver.bulk import AsyncBulk
from ferrow.driver.one import exactly_one
from ferrow.driver.transaction import AsyncTransaction, Isolation
from ferrow.errors import DatabaseError, InterfaceError

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Row
    from ferrow.abc import Params, Wire, World
    from ferrow.driver.sqlite import AsyncSqlite

_ROWS = Shape.rows()


class AsyncConnection(AsyncBulk):
    """One connection to PostgreSQL or SQLite.

    `async with AsyncConnection(url) as conn`, or `conn = await AsyncConnection.connect(url)`. Outside a transaction every
    statement commits by itself. Concurrent awaits run in the order in which they were made.

    Args:
        url: `postgresql://user:password@host:port/database`, `sqlite:///file.db`, `sqlite::memory:`; see `ferrow.wire.url`.
        options: connection options that win over those of the URL, e.g. `connect_timeout` (seconds).

    Raises:
        InterfaceError: a malformed URL or an unknown option.
        OperationalError: when connecting fails.
    """

    __slots__ = ("_settings", "_stack", "_wire", "_world")

    __sync_open__ = "open"  # the sync constructor connects at once

    def __init__(self, url: str, *, world: World | None = None, **options: Any) -> None:
        from ferrow.wire.url import parse

        self._settings = parse(url, **options)
        self._world = world
        self._wire: Wire | None = None
        self._stack: list[AsyncTransaction] = []

    @classmethod
    def over(cls, wire: Wire, world: World) -> Self:
        """A connection over a wire that somebody else opened, and will close."""
        self = cls.__new__(cls)
        self._wire = wire
        self._world = world
        self._stack = []
        return self

    @classmethod
    async def connect(cls, url: str, *, world: World | None = None, **options: Any) -> Self:
        """Connect and return the connection. Raises OperationalError when that fails."""
        self = cls(url, world=world, **options)
        await self.open()
        return self

    async def open(self) -> None:
        """Connect; nothing happens when connected already."""
        if self._wire is not None:
            return
        if self._world is None:
            from ferrow.wire.aio import ASYNCIO

            self._world = ASYNCIO
        self._wire = await self._world.open(self._settings)

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
    def dialect(self) -> str:
        """`postgresql` or `sqlite`."""
        return self.wire.dialect

    @property
    def status(self) -> Status:
        """Transaction status, as the server last reported it."""
        return self.wire.status

    @property
    def sqlite(self) -> AsyncSqlite:
        """What only SQLite can do: functions in Python, backups, blobs. Raises NotSupportedError on PostgreSQL."""
        from ferrow.driver.sqlite import AsyncSqlite

        return AsyncSqlite(self)

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        """Run one statement; its rows come in the asked shape.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: as many values as placeholders; encoded by the type the server describes.
            shape: what rows become, e.g. `Shape.tuples()`.
            kinds: of the parameters, where the database does not describe them (SQLite).

        Raises as `query`.
        """
        return await (self._wire or self.wire).run(sql, params, shape, kinds)

    async def run_many(
        self, sql: str, rows: Sequence[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> Result:
        """Run one statement once per row of parameters, all or nothing; the rows it returns are concatenated in order."""
        return await (self._wire or self.wire).run_many(sql, rows, shape, kinds)

    async def query(self, sql: str, params: Params = None) -> list[Row]:
        """Run one statement and return all its rows.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: a list or tuple with as many values as placeholders; a dict for SQLite's `:name`.

        Raises:
            ProgrammingError: wrong SQL, or another number of parameters.
            DataError: a value that does not fit the type of its parameter.
        """
        return (await (self._wire or self.wire).run(sql, params, _ROWS)).rows

    async def query_one(self, sql: str, params: Params = None) -> Row:
        """Run a statement that returns exactly one row. Raises NoResultFound, MultipleResultsFound, and as `query`."""
        rows: list[Row] = (await (self._wire or self.wire).run(sql, params, _ROWS)).rows
        return exactly_one(rows, sql)

    async def execute(self, sql: str, params: Params = None) -> int:
        """Run a statement and return the number of rows it affected; 0 for statements that do not count rows.

        Also with RETURNING: `query` gives the rows. A SELECT counts the rows it returns. Raises as `query`.
        """
        return max(0, (await (self._wire or self.wire).run(sql, params, _ROWS)).rowcount)

    async def script(self, sql: str) -> None:
        """Run several statements, separated by semicolons, without parameters and without results.

        Outside a transaction PostgreSQL runs them as one; SQLite commits each by itself.
        """
        await (self._wire or self.wire).script(sql)

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
        """
        return AsyncTransaction(self, isolation=isolation, readonly=readonly, deferrable=deferrable)

    async def begin(self) -> AsyncTransaction:
        """Begin a transaction now and return it; usable as a context manager or with `commit` and `rollback`."""
        transaction = AsyncTransaction(self)
        await transaction.start()
        return transaction

    async def ping(self) -> bool:
        """Whether the database answers. Never raises a database error."""
        try:
            await (self._wire or self.wire).run("SELECT 1", None, _ROWS)
        except DatabaseError:
            return False
        return True

    async def close(self) -> None:
        """Close the connection; an open transaction is rolled back by the server. Closing twice is fine."""
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
        await self.close()

    def __repr__(self) -> str:
        if self._wire is None:
            return f"<{type(self).__name__} not open>"
        return f"<{type(self).__name__} {self._wire!r}>"
