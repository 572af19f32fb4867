"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.driver.connection import AsyncConnection
from ferrow.driver.cursor import AsyncCursor
from ferrow.driver.cursor_sync import ByHand
from ferrow.driver.exceptions import Errors
from ferrow.driver.transaction import AsyncTransaction
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType
    from typing import Any, Literal, Self

    from ferrow._core import Kinds, Result, Row, Shape
    from ferrow.abc import Params, Status, Wire
    from ferrow.driver.cursor import RowShape
    from ferrow.driver.description import Column
    from ferrow.driver.transaction import Isolation


# ferrow.driver.connection.AsyncConnection
class Connection(Errors):
    """One connection to PostgreSQL or SQLite.

    `with Connection(url) as conn`, or `conn = Connection.connect(url)`. The block closes it at its end; what its
    cursors did is committed first, unless an exception leaves the block. Outside a transaction every statement commits by
    itself, except those of cursors. Concurrent awaits run in the order in which they were made.

    Args:
        url: `postgresql://user:password@host:port/database`, `sqlite:///file.db`, `sqlite::memory:`; see `ferrow.wire.url`.
        autocommit: whether statements of cursors commit by themselves, too; see `cursor`.
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

    def __init__(self, url: str, *, autocommit: bool = False, **options: Any) -> None:
        self._core = AsyncConnection(url, world=BLOCKING, autocommit=autocommit, **options)
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
            readonly: refuse writes. On SQLite: take no write lock at the start.
            deferrable: with `serializable` and `readonly`, wait for a snapshot that can never fail (PostgreSQL).
        """
        return Transaction._of(self._core.transaction(isolation=isolation, readonly=readonly, deferrable=deferrable))

    def begin(self) -> Transaction:
        """Begin a transaction now and return it; usable as a context manager or with `commit` and `rollback`."""
        return Transaction._of(drive(self._core.begin()))

    def cursor(self, *, rows: RowShape = "tuple") -> Cursor:
        """A cursor as PEP 249 describes it. Unlike `query` and `execute`, its statements do not commit by themselves.

        The first one opens a transaction, unless one is open, which lasts until `commit` or `rollback` of the connection; what else
        the connection does meanwhile belongs to it. On SQLite reading opens none. With `autocommit` nothing does.

        Args:
            rows: what rows become: "tuple", "row" (`Row`) or "dict".
        """
        return Cursor._of(self._core.cursor(rows=rows))

    @property
    def autocommit(self) -> bool:
        """Whether statements of cursors commit by themselves; False unless `connect` was told otherwise.

        Set it between transactions; inside one that is a ProgrammingError.
        """
        return self._core.autocommit

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        self._core.autocommit = value

    def commit(self) -> None:
        """Make permanent what the cursors did; nothing happens when no transaction is open.

        Raises:
            OperationalError: a statement in it failed; everything was rolled back.
            CommitUnknown: the connection was lost before COMMIT was answered.
            ProgrammingError: inside `transaction()` or `begin()`, which end in their own way.
        """
        drive(self._core.commit())

    def rollback(self) -> None:
        """Undo what the cursors did since the last commit; nothing happens when no transaction is open.

        Raises ProgrammingError inside `transaction()` or `begin()`, which end in their own way.
        """
        drive(self._core.rollback())

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


# ferrow.driver.cursor.AsyncCursor
class Cursor(ByHand):
    """Runs statements and keeps the rows of the last one until they are fetched. Made by `conn.cursor()`.

    Placeholders are the database's own, `:1`, `:name`, `%s` or `%(name)s`; one style per statement. The whole result is read when the
    statement is executed, so cursors of one connection do not disturb each other.
    """

    __slots__ = ("_core",)
    _core: AsyncCursor

    @classmethod
    def _of(cls, core: AsyncCursor) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, conn: Connection, *, rows: RowShape = "tuple") -> None:
        self._core = AsyncCursor(conn._core, rows=rows)

    @property
    def connection(self) -> Connection:
        """The connection that made the cursor."""
        return Connection._of(self._core.connection)

    @property
    def arraysize(self) -> int:
        """How many rows `fetchmany` fetches by default: 1 unless set."""
        return self._core.arraysize

    @arraysize.setter
    def arraysize(self, value: int) -> None:
        self._core.arraysize = value

    @property
    def query(self) -> str | None:
        """The SQL text that was sent last, with the database's own placeholders; None before."""
        return self._core.query

    @property
    def description(self) -> tuple[Column, ...] | None:
        """Name, type code, display size, internal size, precision, scale and None per column; None without a result.

        The type code is PostgreSQL's OID of the type, and compares equal to `STRING`, `NUMBER`, ...; on SQLite it comes from the declared
        type, and is None where there is none. Sizes (characters), precision and scale are those of the declaration, as in
        `varchar(20)` and `numeric(10, 2)`, on PostgreSQL.
        """
        return self._core.description

    @property
    def rowcount(self) -> int:
        """Rows that the last statement affected or returned; for `executemany` of all rows; -1 where nothing is counted.

        It outlives the cursor's closing.
        """
        return self._core.rowcount

    @property
    def rownumber(self) -> int | None:
        """Index, from 0, of the row that the next fetch begins with; None without a result."""
        return self._core.rownumber

    @property
    def lastrowid(self) -> int | None:
        """The row id that the last INSERT gave its last row, on SQLite; None for other statements and on PostgreSQL."""
        return self._core.lastrowid

    def executemany(self, sql: str, rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> Self:
        """Run one statement once per row of parameters, all or nothing; the rows it returns can be fetched in order.

        Args:
            sql: one statement.
            rows: lists or tuples for placeholders by position, mappings for those by name.

        Raises as `execute`.
        """
        core = drive(self._core.executemany(sql, rows))
        return self if core is self._core else self._of(core)

    def callproc(self, name: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Sequence[Any] | Mapping[str, Any]:
        """Call a function of PostgreSQL and return `params` as they are; what it returns can be fetched.

        Args:
            name: of the function, exactly as it is stored; `schema.name` names its schema.
            params: its arguments, or a mapping of their names to values.

        Raises NotSupportedError on SQLite, and else as `execute`.
        """
        return drive(self._core.callproc(name, params))

    def scroll(self, value: int, mode: Literal["relative", "absolute"] = "relative") -> None:
        """Move within the result: by `value` rows, or to the row with that index.

        Raises IndexError, and stays, if there is no such row.
        """
        drive(self._core.scroll(value, mode))

    def nextset(self) -> None:
        """Not supported: a statement has one result. Raises NotSupportedError."""
        drive(self._core.nextset())

    def setinputsizes(self, sizes: Sequence[Any]) -> None:
        """Does nothing: the database says what types parameters have."""
        drive(self._core.setinputsizes(sizes))

    def setoutputsize(self, size: int, column: int | None = None) -> None:
        """Does nothing: values of any size are fetched whole."""
        drive(self._core.setoutputsize(size, column))

    def close(self) -> None:
        """Forget the result. Using the cursor afterwards is an InterfaceError; closing it again is fine."""
        drive(self._core.close())

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace("AsyncCursor", "Cursor", 1)


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
