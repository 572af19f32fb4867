"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

# pyright: reportIncompatibleVariableOverride=false
from __future__ import annotations

import io
from typing import TYPE_CHECKING, Generic, overload

from ferrow.driver.connection import AsyncConnection
from ferrow.driver.copy_out import AsyncCopyOut
from ferrow.driver.pieces import AsyncPieces, Flat, T
from ferrow.driver.sqlite import AsyncSqlite
from ferrow.driver.sqlite_blob import AsyncBlob
from ferrow.driver.stream import AsyncStream
from ferrow.driver.transaction import AsyncTransaction
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike
    from types import TracebackType
    from typing import Any, Self

    from ferrow._core import Kinds, Result, Row, Shape, SqliteBlob
    from ferrow.abc import Params, SqliteWire, Status, Wire
    from ferrow.driver.bulk import AsyncBulk
    from ferrow.driver.copy_out import Writable
    from ferrow.driver.copy_source import Source
    from ferrow.driver.copy_sql import Format
    from ferrow.driver.transaction import Isolation


# ferrow.driver.pieces.AsyncPieces
class Pieces(Flat, Generic[T]):
    """Items of type `T` that come in pieces; read once, from the beginning to the end or to where it is closed.

    `for item in pieces`, or `with pieces as items`, and inside the block loops, `fetch` and `close` in any mixture.
    Leaving a plain loop early closes it; leaving a loop inside the block does not, leaving the block does.
    """

    __slots__ = ("_core", "__weakref__")
    _core: AsyncPieces[T]

    @classmethod
    def _of(cls, core: AsyncPieces[T]) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self) -> None:
        self._core = AsyncPieces()

    def fetch(self, limit: int | None = None) -> list[T]:
        """The next items, at most `limit` (default: as many as a piece has); an empty list at the end.

        Raises:
            InterfaceError: it is closed, or `limit` is not positive.
        """
        return drive(self._core.fetch(limit))

    def __next__(self) -> T:
        try:
            return drive(self._core.__anext__())
        except StopAsyncIteration:
            raise StopIteration from None

    def close(self) -> None:
        """Give up what was not read. Closing twice is fine."""
        drive(self._core.close())

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace("AsyncPieces", "Pieces", 1)


# ferrow.driver.stream.AsyncStream
class Stream(Pieces[T]):
    """The rows of one statement, `chunk` of them in memory at a time. Made by `conn.stream()`, where more is said.

    `for row in conn.stream(sql)`; or `with conn.stream(sql) as rows` and then `for row in rows`,
    `rows.fetch(n)`. The server makes the rows of a piece when they are asked for, so whoever reads slowly slows it down.

    Raises, when it begins or goes on:
        ProgrammingError, DataError: as `query`.
        InterfaceError: it is closed, or the transaction it was opened in has ended.
    """

    __slots__ = ()
    _core: AsyncStream[T]

    def __init__(self, conn: Connection, sql: str, params: Params, *, chunk: int, shape: Shape) -> None:
        self._core = AsyncStream(conn._core, sql, params, chunk=chunk, shape=shape)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order. Raises InterfaceError before the stream has begun."""
        return self._core.columns


# ferrow.driver.copy_out.AsyncCopyOut
class CopyOut(Pieces[T]):
    """What a COPY TO STDOUT gives: rows, or pieces of bytes. Made by `conn.copy_out()`, where more is said.

    While it is open nothing else runs on its connection. Closed before the end, outside a transaction the server is told to
    stop; inside one the rest is read and dropped, because a cancelled statement would cost the whole transaction.
    """

    __slots__ = ()
    _core: AsyncCopyOut[T]

    def __init__(self, conn: Connection, sql: str, query: str | None, shape: Shape | None) -> None:
        """`query`: what the COPY copies, when it is to be decoded into rows of `shape`."""
        self._core = AsyncCopyOut(conn._core, sql, query, shape)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order, once rows have begun to come; empty for data that are not decoded."""
        return self._core.columns

    @property
    def rowcount(self) -> int:
        """The number of rows, once all have come; -1 before."""
        return self._core.rowcount


# ferrow.driver.bulk.AsyncBulk
class Bulk:
    """Streams and COPY, for connections and transactions alike."""

    __slots__ = ("_core",)
    _core: AsyncBulk

    @classmethod
    def _of(cls, core: AsyncBulk) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    @overload
    def stream(self, sql: str, params: Params = None, *, chunk: int = 1000, shape: None = None) -> Stream[Row]: ...

    @overload
    def stream(self, sql: str, params: Params = None, *, chunk: int = 1000, shape: Shape) -> Stream[Any]: ...

    def stream(self, sql: str, params: Params = None, *, chunk: int = 1000, shape: Shape | None = None) -> Stream[Any]:
        """The rows of one statement, read in pieces: for results that are too large to hold.

        `for row in conn.stream(sql)`, or `with conn.stream(sql) as rows`. At no time more than `chunk` rows are in
        memory. Inside a transaction other statements and other streams may run between the pieces; the stream ends with the
        transaction. Outside one, a stream holds a transaction of its own: until it is closed other statements of this
        connection are refused; it commits at its end and rolls back when its `with` block, or its loop, is left by an exception.

        Args:
            sql, params: as `query`.
            chunk: rows fetched at a time, at least 1.
            shape: what rows become; `Row`s if not given.

        Raises:
            InterfaceError: `chunk` is not positive.
            When it is read, as `query`.
        """
        return Stream._of(self._core.stream(sql, params, chunk=chunk, shape=shape))

    def copy_in(
        self,
        table: str | None = None,
        rows: Source | None = None,
        *,
        columns: Sequence[str] | None = None,
        schema: str | None = None,
        format: Format = "binary",
        delimiter: str | None = None,
        header: bool | None = None,
        null: str | None = None,
        quote: str | None = None,
        sql: str | None = None,
        source: Source | None = None,
    ) -> int:
        """Write many rows into a table at once, with PostgreSQL's COPY; the number of rows.

        All rows are written or none. An exception raised by the iterable ends the COPY, undoes it, and is raised here; inside
        a transaction the transaction has failed then, as after any other error. Nothing else runs on the connection meanwhile.

        Args:
            table: its name; a dot is a part of it, see `schema`.
            rows: with format "binary" an iterable of rows, on an async connection also an asynchronous one. A row is a tuple
                or list (in the order of the columns), a dict (by their names) or any object with attributes of their names.
                With "text" and "csv": `bytes` or `str` in that format, an iterable of them cut anywhere, or a file that is
                open for reading. A file or `bytes` with "binary" must hold COPY's own binary format.
            columns: those to fill; by default all of the table, or the keys of the first row where that is a dict.
            schema: the schema of the table; by default it is looked up by `search_path`.
            format: "binary", "text" or "csv".
            delimiter, header, null, quote: of the text formats: a character (tab; csv: comma), whether there is a first line
                with names, what stands for NULL (`\\N`; csv: nothing), a character (csv only: `"`).
            sql, source: instead of all that, a whole `COPY ... FROM STDIN` statement and its data.

        Raises:
            DataError: a value that does not fit; the message names row and column.
            ProgrammingError: an unknown table or column, or a name that cannot be one.
            InterfaceError: an argument that does not go with the others.
            NotSupportedError: on SQLite: use `run_many`.
        """
        return drive(
            self._core.copy_in(
                table,
                rows,
                columns=columns,
                schema=schema,
                format=format,
                delimiter=delimiter,
                header=header,
                null=null,
                quote=quote,
                sql=sql,
                source=source,
            )
        )

    def copy_out(
        self,
        table: str | None = None,
        *,
        columns: Sequence[str] | None = None,
        schema: str | None = None,
        format: Format = "binary",
        delimiter: str | None = None,
        header: bool | None = None,
        null: str | None = None,
        quote: str | None = None,
        shape: Shape | None = None,
        sql: str | None = None,
    ) -> CopyOut[Any]:
        """Read a table or the result of a query at once, with PostgreSQL's COPY, which is faster than `stream`.

        With format "binary" an iterator over rows; with "text" and "csv" one over pieces of `bytes`, cut anywhere. They come as
        fast as they are read; nothing else runs on the connection until the end or `close`.

        Args:
            table: its name, or that of a view; a dot is a part of it, see `schema`.
            columns: those to read; by default all of them.
            schema: the schema of the table; by default it is looked up by `search_path`.
            format: "binary", "text" or "csv".
            delimiter, header, null, quote: as `copy_in`.
            shape: what rows become; tuples if not given.
            sql: instead of a table a query without parameters, or a whole `COPY ... TO STDOUT` statement: then pieces of
                `bytes` come, in its format.

        Raises:
            ProgrammingError: a name that cannot be one.
            InterfaceError: an argument that does not go with the others.
            NotSupportedError: on SQLite: use `stream`; and a column whose type has no known binary form.
            When it is read, as `query`.
        """
        return CopyOut._of(
            self._core.copy_out(
                table,
                columns=columns,
                schema=schema,
                format=format,
                delimiter=delimiter,
                header=header,
                null=null,
                quote=quote,
                shape=shape,
                sql=sql,
            )
        )

    def copy_out_to(
        self,
        file: Writable,
        table: str | None = None,
        *,
        columns: Sequence[str] | None = None,
        schema: str | None = None,
        format: Format = "binary",
        delimiter: str | None = None,
        header: bool | None = None,
        null: str | None = None,
        quote: str | None = None,
        sql: str | None = None,
    ) -> int:
        """Write a table or the result of a query to a file, in one of COPY's formats; the number of rows.

        Args:
            file: open for writing, in binary; for "text" and "csv" also as text.
            table, columns, schema, format, delimiter, header, null, quote, sql: as `copy_out`.

        Raises as `copy_out`, and what the file raises.
        """
        return drive(
            self._core.copy_out_to(
                file,
                table,
                columns=columns,
                schema=schema,
                format=format,
                delimiter=delimiter,
                header=header,
                null=null,
                quote=quote,
                sql=sql,
            )
        )


# ferrow.driver.connection.AsyncConnection
class Connection(Bulk):
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

    __slots__ = ()
    _core: AsyncConnection

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

    @property
    def sqlite(self) -> Sqlite:
        """What only SQLite can do: functions in Python, backups, blobs. Raises NotSupportedError on PostgreSQL."""
        return Sqlite._of(self._core.sqlite)

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


# ferrow.driver.sqlite.AsyncSqlite
class Sqlite:
    """The rest of SQLite, for one connection. Made by `conn.sqlite`.

    A connection that an engine lent and that was changed here is not lent again. Functions and collations are plain Python, called while a statement runs: on asyncio in the connection's own thread. They
    and all they refer to last until the connection is closed. One that raises makes the statement fail with an OperationalError whose `__cause__`
    is the exception; one that uses its own connection gets an InterfaceError.
    """

    __slots__ = ("_core",)
    _core: AsyncSqlite

    @classmethod
    def _of(cls, core: AsyncSqlite) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, conn: Connection) -> None:
        self._core = AsyncSqlite(conn._core)

    def create_function(
        self,
        name: str,
        function: Callable[..., Any] | None,
        *,
        arguments: int = -1,
        deterministic: bool = False,
        directonly: bool = True,
    ) -> None:
        """Let SQL call a Python function.

        Args:
            name: what SQL calls it, in any case; a function of SQLite with that name is replaced.
            function: gets int, float, str, bytes or None, and returns what a parameter may be; None removes the one with that
                number of arguments.
            arguments: how many it takes; -1 for any number. One name may have several, with different numbers.
            deterministic: it always gives the same answer for the same arguments. SQLite may call it less often, and take it
                for indexes and generated columns.
            directonly: refuse it in views, triggers, indexes, defaults and CHECK constraints, which whoever wrote the file
                has chosen. Turn this off for functions that do no harm whatever they are called with.

        Raises:
            ProgrammingError: a name that is Ferrow's own or none at all, a number of arguments SQLite does not know, or an
                `async def`.
        """
        drive(
            self._core.create_function(
                name, function, arguments=arguments, deterministic=deterministic, directonly=directonly
            )
        )

    def create_aggregate(
        self,
        name: str,
        cls: Callable[[], Any] | None,
        *,
        arguments: int = -1,
        deterministic: bool = False,
        directonly: bool = True,
    ) -> None:
        """Let SQL call a Python class as an aggregate: one instance per group.

        Args:
            name, arguments, deterministic, directonly: as for `create_function`.
            cls: makes an object with `step(*values)`, called per row, and `finalize()`, which gives the result; also of a
                group without rows. None removes it.

        Raises ProgrammingError as `create_function`, and for a class that lacks a method.
        """
        drive(
            self._core.create_aggregate(
                name, cls, arguments=arguments, deterministic=deterministic, directonly=directonly
            )
        )

    def create_window_function(
        self,
        name: str,
        cls: Callable[[], Any] | None,
        *,
        arguments: int = -1,
        deterministic: bool = False,
        directonly: bool = True,
    ) -> None:
        """Let SQL call a Python class over a window, `name(...) OVER (...)`, and as an aggregate.

        Args:
            name, arguments, deterministic, directonly: as for `create_function`.
            cls: makes an object with `step(*values)` for a row that enters the window, `inverse(*values)` for one that leaves
                it, `value()` for the result so far, and `finalize()` for the last one. None removes it.

        Raises ProgrammingError as `create_aggregate`.
        """
        drive(
            self._core.create_window_function(
                name, cls, arguments=arguments, deterministic=deterministic, directonly=directonly
            )
        )

    def create_collation(self, name: str, compare: Callable[[str, str], int] | None) -> None:
        """Let SQL order texts by a Python function: `ORDER BY x COLLATE name`.

        Args:
            name: what SQL calls it, in any case.
            compare: negative if its first argument comes before the second, positive if after, 0 if they are equal; None
                removes it. It must be an order: what an index or a sort finds is undefined otherwise.

        When it raises, the statement fails and whatever it wrote is undone; inside a transaction in which something was
        written, SQLite's or not, the whole transaction is rolled back.

        Raises ProgrammingError as `create_function`.
        """
        drive(self._core.create_collation(name, compare))

    def backup(
        self,
        target: Connection | str | PathLike[str],
        *,
        pages: int = -1,
        sleep: float = 0.0,
        progress: Callable[[int, int], Any] | None = None,
    ) -> None:
        """Copy this database over another one, while both are open. This connection can be used meanwhile.

        Args:
            target: a connection, idle until the copy is made, or the path of a file. What it held is overwritten at the end; if
                the copy is not completed (an error, a cancellation), it stays as it was.
            pages: to copy at a time; -1 copies all in one go, as of one moment. With less, a writer in another connection
                makes it begin anew.
            sleep: seconds between two steps.
            progress: called after each step with the pages that are left and their total.

        Raises:
            OperationalError: one of the databases is locked for longer than `busy_timeout`, or cannot be read or written.
            ProgrammingError: source and target are the same connection, or one of them is in a transaction.
        """
        drive(
            self._core.backup(
                target._core if isinstance(target, Connection) else target, pages=pages, sleep=sleep, progress=progress
            )
        )

    def restore(
        self,
        source: Connection | str | PathLike[str],
        *,
        pages: int = -1,
        sleep: float = 0.0,
        progress: Callable[[int, int], Any] | None = None,
    ) -> None:
        """Copy another database over this one: `backup` the other way round.

        Args:
            source: a connection, or the path of a file, which must exist.
            pages, sleep, progress: as for `backup`. This connection cannot be used before the end.

        Raises as `backup`.
        """
        drive(
            self._core.restore(
                source._core if isinstance(source, Connection) else source, pages=pages, sleep=sleep, progress=progress
            )
        )

    def serialize(self) -> bytes:
        """The database as the bytes a file would hold, the write-ahead log included."""
        return drive(self._core.serialize())

    def deserialize(self, data: bytes) -> None:
        """Replace the content of this in-memory database by that of a database file.

        Raises DatabaseError if `data` is no database, ProgrammingError if this connection is to a file, or in a transaction.
        """
        drive(self._core.deserialize(data))

    def open_blob(self, table: str, column: str, rowid: int, *, readonly: bool = True, schema: str = "main") -> Blob:
        """Open one value of one row, to read or overwrite parts of it without loading it whole.

        Args:
            table, column: exact names, not quoted; the column holds a BLOB or a text.
            rowid: of the row.
            readonly: False allows writing. An open writable blob holds the write lock of the database.
            schema: `main`, `temp`, or the name of an attached database.

        Raises ProgrammingError if there is no such table, column or row, or a value without bytes, such as NULL.
        """
        return Blob._of(drive(self._core.open_blob(table, column, rowid, readonly=readonly, schema=schema)))

    def load_extension(self, path: str | PathLike[str], entry: str | None = None) -> None:
        """Load a shared library that adds functions to SQLite.

        It runs code of its own in this process. So the connection must have been opened with `allow_extensions=True`; and
        only this method can load one, not SQL.

        Args:
            path: of the library, with or without its suffix.
            entry: the function in it to call first; None for SQLite's guess.

        Raises ProgrammingError if it is not allowed, or the library cannot be loaded.
        """
        drive(self._core.load_extension(path, entry))

    def interrupt(self) -> None:
        """Make what the connection is doing fail with QueryCancelled; nothing happens if it does nothing.

        May be called from any thread and any task.
        """
        self._core.interrupt()

    def last_insert_rowid(self) -> int:
        """The rowid of the last row this connection has inserted; 0 before the first. `INSERT ... RETURNING` says more."""
        return drive(self._core.last_insert_rowid())

    def total_changes(self) -> int:
        """How many rows this connection has inserted, updated and deleted."""
        return drive(self._core.total_changes())

    def limit(self, name: str, value: int | None = None) -> int:
        """One of SQLite's limits (https://sqlite.org/limits.html); gives the one before.

        Args:
            name: as in SQLite without `SQLITE_LIMIT_`, in lower case, e.g. `variable_number`.
            value: a new limit, cut to what SQLite was compiled for; None leaves it.

        Raises ProgrammingError for an unknown name or a negative value.
        """
        return drive(self._core.limit(name, value))

    def __repr__(self) -> str:
        return repr(self._core).replace("AsyncSqlite", "Sqlite", 1)


# ferrow.driver.sqlite_blob.AsyncBlob
class Blob:
    """A value of one row, as a file of fixed length. Made by `conn.sqlite.open_blob`.

    It ends when it is closed, with its connection, and when its row is changed or removed by a statement: then reading and
    writing raise OperationalError. What was written is committed when it is closed, or with the transaction around it.
    """

    __slots__ = ("_core",)
    _core: AsyncBlob

    @classmethod
    def _of(cls, core: AsyncBlob) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, wire: SqliteWire, blob: SqliteBlob) -> None:
        self._core = AsyncBlob(wire, blob)

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, fewer at the end; all that are left if `size` is negative."""
        return drive(self._core.read(size))

    def readinto(self, buffer: Any) -> int:
        """Fill a writable buffer (bytearray, memoryview, array) with the next bytes; how many there were."""
        return drive(self._core.readinto(buffer))

    def write(self, data: Any) -> int:
        """Overwrite the next bytes with those of a bytes-like object; how many.

        Raises ProgrammingError, and writes nothing, if the blob was opened for reading or is too short: it cannot grow.
        """
        return drive(self._core.write(data))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to `offset` from the start (`whence` 0), from here (1) or from the end (2); where that is."""
        return self._core.seek(offset, whence)

    def tell(self) -> int:
        """Where the next bytes are read or written."""
        return self._core.tell()

    def __len__(self) -> int:
        """How many bytes it has."""
        return self._core.__len__()

    @property
    def closed(self) -> bool:
        """Whether it was closed, itself or with its connection."""
        return self._core.closed

    def close(self) -> None:
        """Close it, and commit what was written if there is no transaction around it. Closing twice is fine."""
        drive(self._core.close())

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace("AsyncBlob", "Blob", 1)


# ferrow.driver.transaction.AsyncTransaction
class Transaction(Bulk):
    """A unit of work on one connection: all of it happens or none of it.

    Made by `conn.transaction()`, where the options are explained, and `conn.begin()`. `with conn.transaction() as tx`
    commits at the end and rolls back on any exception. Statements of the connection itself run inside it too.

    Raises:
        ProgrammingError: on use after its end.
        CommitUnknown: when the answer to COMMIT was lost.
    """

    __slots__ = ()
    _core: AsyncTransaction

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
