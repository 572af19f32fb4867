"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.driver.connection import AsyncConnection
from ferrow.driver.transaction import AsyncTransaction
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Any, Self

    from ferrow._core import Kinds, Result, Row, Shape
    from ferrow.abc import Params, Status, Wire
    from ferrow.driver.transaction import Isolation


# ferrow.driver.connection.AsyncConnection
class Connection:
    """One connection to PostgreSQL or SQLite.

    `with Connection(url) as conn`, or `conn = Connection.connect(url)`. Outside a transaction every
    statement commits by itself. Concurrent awaits run in the order in which they were made.

    Args:
        url: `postgresql://user:password@host:port/database`, `sqlite:///file.db`, `sqlite::memory:`; see `ferrow.wire.url`.
        options: connection options that win over those of the URL, e.g. `connect_timeout` (seconds).

    Raises:
        InterfaceError: a malformed URL or an unknown option.
        OperationalError: when connecting fails.
    """

    __slots__ = ("_core",)
    _core: AsyncConnection

    @classmethod
    def _of(cls, core: AsyncConnection) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, url: str, **options: Any) -> None:
        self._core = AsyncConnection(url, world=BLOCKING, **options)
        drive(self._core.open())

    @classmethod
    def over(cls, wire: Wire) -> Self:
        """A connection over a wire that somebody else opened, and will close."""
        return cls._of(AsyncConnection.over(wire, world=BLOCKING))

    @classmethod
    def connect(cls, url: str, **options: Any) -> Self:
        """Connect and return the connection. Raises OperationalError when that fails."""
        return cls._of(drive(AsyncConnection.connect(url, world=BLOCKING, **options)))

    def open(self) -> None:
        """Connect; nothing happens when connected already."""
        drive(self._core.open())

    @property
    def wire(self) -> Wire:
        """The wire underneath. Raises InterfaceError when the connection is not open."""
        return self._core.wire

    @property
    def dialect(self) -> str:
        """`postgresql` or `sqlite`."""
        return self._core.dialect

    @property
    def status(self) -> Status:
        """Transaction status, as the server last reported it."""
        return self._core.status

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        """Run one statement; its rows come in the asked shape.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: as many values as placeholders; encoded by the type the server describes.
            shape: what rows become, e.g. `Shape.tuples()`.
            kinds: of the parameters, where the database does not describe them (SQLite).

        Raises as `query`.
        """
        return drive(self._core.run(sql, params, shape, kinds))

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]], shape: Shape, kinds: Kinds | None = None) -> Result:
        """Run one statement once per row of parameters, all or nothing; the rows it returns are concatenated in order."""
        return drive(self._core.run_many(sql, rows, shape, kinds))

    def query(self, sql: str, params: Params = None) -> list[Row]:
        """Run one statement and return all its rows.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: a list or tuple with as many values as placeholders; a dict for SQLite's `:name`.

        Raises:
            ProgrammingError: wrong SQL, or another number of parameters.
            DataError: a value that does not fit the type of its parameter.
        """
        return drive(self._core.query(sql, params))

    def query_one(self, sql: str, params: Params = None) -> Row:
        """Run a statement that returns exactly one row. Raises NoResultFound, MultipleResultsFound, and as `query`."""
        return drive(self._core.query_one(sql, params))

    def execute(self, sql: str, params: Params = None) -> int:
        """Run a statement and return the number of rows it affected; 0 for statements that do not count rows.

        Also with RETURNING: `query` gives the rows. A SELECT counts the rows it returns. Raises as `query`.
        """
        return drive(self._core.execute(sql, params))

    def script(self, sql: str) -> None:
        """Run several statements, separated by semicolons, without parameters and without results.

        Outside a transaction PostgreSQL runs them as one; SQLite commits each by itself.
        """
        drive(self._core.script(sql))

    def transaction(
        self, *, isolation: Isolation | None = None, readonly: bool = False, deferrable: bool = False
    ) -> Transaction:
        """A transaction for a block: `with conn.transaction() as tx`. Committed at its end, rolled back on an exception.

        Inside another transaction of this connection it is a savepoint, and takes no options.

        Args:
            isolation: `read uncommitted`, `read committed`, `repeatable read` or `serializable` (any case); None is the
                server's default. SQLite is always serializable.
            readonly: refuse writes. On SQLite it also waits for no other writer.
            deferrable: with `serializable` and `readonly`, wait for a snapshot that can never fail (PostgreSQL).
        """
        return Transaction._of(self._core.transaction(isolation=isolation, readonly=readonly, deferrable=deferrable))

    def begin(self) -> Transaction:
        """Begin a transaction now and return it; usable as a context manager or with `commit` and `rollback`."""
        return Transaction._of(drive(self._core.begin()))

    def ping(self) -> bool:
        """Whether the database answers. Never raises a database error."""
        return drive(self._core.ping())

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back by the server. Closing twice is fine."""
        drive(self._core.close())

    def is_closed(self) -> bool:
        """Whether the connection was closed, lost or never opened."""
        return self._core.is_closed()

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace("AsyncConnection", "Connection", 1)


# ferrow.driver.transaction.AsyncTransaction
class Transaction:
    """A unit of work on one connection: all of it happens or none of it.

    Made by `conn.transaction()`, where the options are explained, and `conn.begin()`. `with conn.transaction() as tx`
    commits at the end and rolls back on any exception. Statements of the connection itself run inside it too.

    Raises:
        ProgrammingError: on use after its end.
        CommitUnknown: when the answer to COMMIT was lost.
    """

    __slots__ = ("_core",)
    _core: AsyncTransaction

    @classmethod
    def _of(cls, core: AsyncTransaction) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(
        self, conn: Connection, *, isolation: str | None = None, readonly: bool = False, deferrable: bool = False
    ) -> None:
        self._core = AsyncTransaction(conn._core, isolation=isolation, readonly=readonly, deferrable=deferrable)

    def start(self) -> None:
        """Begin, or set the savepoint. Raises ProgrammingError when started before."""
        drive(self._core.start())

    def commit(self) -> None:
        """Make the work permanent (a nested transaction: keep it as part of the outer one).

        Raises:
            OperationalError: an earlier statement in it failed; everything was rolled back.
            CommitUnknown: the connection was lost before COMMIT was answered.
            ProgrammingError: it was not started, or has ended.
        """
        drive(self._core.commit())

    def rollback(self) -> None:
        """Undo the work. Runs to its end even if the caller is cancelled meanwhile. Raises ProgrammingError if it has ended."""
        drive(self._core.rollback())

    def is_active(self) -> bool:
        """Whether the transaction was started and neither committed nor rolled back."""
        return self._core.is_active()

    @property
    def connection(self) -> Connection:
        """The connection it runs on."""
        return Connection._of(self._core.connection)

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result:
        """As `Connection.run`, inside the transaction."""
        return drive(self._core.run(sql, params, shape, kinds))

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]], shape: Shape, kinds: Kinds | None = None) -> Result:
        """As `Connection.run_many`, inside the transaction."""
        return drive(self._core.run_many(sql, rows, shape, kinds))

    def query(self, sql: str, params: Params = None) -> list[Row]:
        """Run a statement and return all its rows."""
        return drive(self._core.query(sql, params))

    def query_one(self, sql: str, params: Params = None) -> Row:
        """Run a statement that returns exactly one row. Raises NoResultFound or MultipleResultsFound."""
        return drive(self._core.query_one(sql, params))

    def execute(self, sql: str, params: Params = None) -> int:
        """Run a statement and return the number of rows it affected; 0 for statements that do not count rows."""
        return drive(self._core.execute(sql, params))

    def script(self, sql: str) -> None:
        """Run several statements, separated by semicolons, without parameters and without results."""
        drive(self._core.script(sql))

    def transaction(self) -> Transaction:
        """A savepoint for a block: `with tx.transaction()`. An exception undoes the block and nothing else."""
        core = self._core.transaction()
        return self if core is self._core else self._of(core)

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace("AsyncTransaction", "Transaction", 1)
