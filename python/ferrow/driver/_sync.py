"""The sync classes of this room: each method is one line over the async one it is named after.

Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.
"""

# pyright: reportIncompatibleVariableOverride=false
from __future__ import annotations

import io
from typing import TYPE_CHECKING, Generic, overload
from weakref import ref

from ferrow.driver.connection import AsyncConnection
from ferrow.driver.copy_out import AsyncCopyOut
from ferrow.driver.cursor import AsyncCursor
from ferrow.driver.cursor_server import AsyncServerCursor
from ferrow.driver.cursor_sync import ByHand
from ferrow.driver.exceptions import Errors
from ferrow.driver.listener import AsyncListener
from ferrow.driver.pending import AsyncPending, Outcome
from ferrow.driver.pieces import AsyncPieces, Flat, T
from ferrow.driver.pipeline import AsyncPipeline
from ferrow.driver.pipeline_transaction import AsyncPipelineTransaction
from ferrow.driver.rows import R_co
from ferrow.driver.single import Single
from ferrow.driver.sqlite import AsyncSqlite
from ferrow.driver.sqlite_blob import AsyncBlob
from ferrow.driver.statements_sync import FastPath
from ferrow.driver.stream import AsyncStream
from ferrow.driver.transaction import AsyncTransaction
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive, drive_iter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from os import PathLike
    from types import TracebackType
    from typing import Any, Literal, Self

    from ferrow._core import Kinds, Result, Row, Shape, SqliteBlob
    from ferrow.abc import Params, SqliteWire, Status, Wire
    from ferrow.driver.bulk import AsyncBulk, S
    from ferrow.driver.copy_out import Writable
    from ferrow.driver.copy_source import Source
    from ferrow.driver.copy_sql import Format
    from ferrow.driver.cursor import Parameters
    from ferrow.driver.dbapi import AsyncDbapi
    from ferrow.driver.description import Column
    from ferrow.driver.facts import AsyncFacts
    from ferrow.driver.isolation import Isolation
    from ferrow.driver.notices import AsyncNotices
    from ferrow.driver.notification import Gap, Notification
    from ferrow.driver.rows import Made, RowShape
    from ferrow.driver.statements import AsyncStatements
    from ferrow.driver.trace import Trace
    from ferrow.driver.transaction_savepoints import AsyncSavepointing
    from ferrow.driver.transaction_statements import AsyncInside
    from ferrow.types.codec import CodecFormat
    from ferrow.wire.notices import Notice
    from ferrow.wire.pipelining import WirePending, WirePipeline


# ferrow.driver.pieces.AsyncPieces
class Pieces(Flat, Single, Generic[T]):
    """Items of type `T` that come in pieces; read once, from the beginning to the end or to where it is closed.

    `for item in pieces`, or `with pieces as items`, and inside the block loops, `fetch` and `close` in any mixture.
    Leaving a plain loop early closes it; leaving a loop inside the block does not, leaving the block does. One that nobody holds
    any more is closed as well.
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
            InterfaceError: it is closed, or `limit` is no number of rows.
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
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


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

    def __init__(
        self,
        conn: Connection,
        sql: str,
        params: Params,
        *,
        chunk: int,
        shape: Shape,
        timeout: float | None = None,
        kinds: Kinds | None = None,
    ) -> None:
        self._core = AsyncStream(conn._core, sql, params, chunk=chunk, shape=shape, timeout=timeout, kinds=kinds)

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

    def __init__(
        self,
        conn: Connection,
        sql: str,
        query: str | None,
        shape: Shape | None,
        table: str | None = None,
        timeout: float | None = None,
    ) -> None:
        """`query`: what the COPY copies, when it is to be decoded into rows of `shape`; `table`: its name, without a schema."""
        self._core = AsyncCopyOut(conn._core, sql, query, shape, table, timeout)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order, once rows have begun to come; empty for data that are not decoded."""
        return self._core.columns

    @property
    def rowcount(self) -> int:
        """The number of rows, once all have come; -1 before."""
        return self._core.rowcount


# ferrow.driver.pending.AsyncPending
class Pending(Single, Generic[Outcome]):
    """The outcome of one statement of a pipeline: `pending.result()`. (On asyncio a pending can be awaited itself.)

    Whoever does not want it need not wait: an error that nobody takes is raised at the end of the pipeline's block.
    """

    __slots__ = ("_core",)
    _core: AsyncPending[Outcome]

    @classmethod
    def _of(cls, core: AsyncPending[Outcome]) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, wires: WirePipeline, pending: WirePending, pick: Callable[[Result], Outcome]) -> None:
        self._core = AsyncPending(wires, pending, pick)

    def done(self) -> bool:
        """Whether the answer has come. Waits for nothing and sends nothing."""
        return self._core.done()

    def result(self, *, timeout: float | None = None) -> Outcome:
        """Send what is queued and wait for this statement; what the method that queued it returns on a connection.

        May be asked again.

        Args:
            timeout: seconds to wait, more than 0; None for as long as it takes, whatever `command_timeout` says. (A sync
                connection counts the wait for the server, not that for another thread.)

        Raises:
            QueryTimeout: it was not answered in time. It goes on: nothing is cancelled.
            DatabaseError: of the statement, the same as on a connection; or, if an earlier one in its transaction failed, one
                with SQLSTATE 25P02 that names that, and has its error as its cause.
        """
        return drive(self._core.result(timeout=timeout))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.driver.pipeline.AsyncPipeline
class Pipeline(Single):
    """Queues statements; made by `conn.pipeline()`, where more is said."""

    __slots__ = ("_core",)
    _core: AsyncPipeline

    @classmethod
    def _of(cls, core: AsyncPipeline) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, conn: Connection) -> None:
        self._core = AsyncPipeline(conn._core)

    def run(
        self, sql: str, params: Params = None, shape: Shape | None = None, kinds: Kinds | None = None
    ) -> Pending[Result]:
        """Queue one statement. Arguments are those of `Connection.run`. Raises InterfaceError outside of the block."""
        return Pending._of(self._core.run(sql, params, shape, kinds))

    def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape | None = None, kinds: Kinds | None = None
    ) -> Pending[Result]:
        """Queue one statement with many rows of parameters, all or nothing. Arguments are those of `Connection.run_many`."""
        return Pending._of(self._core.run_many(sql, rows, shape, kinds))

    def query(self, sql: str, params: Params = None) -> Pending[list[Row]]:
        """Queue a statement; its pending has all the rows. Arguments are those of `Connection.query`."""
        return Pending._of(self._core.query(sql, params))

    def query_one(self, sql: str, params: Params = None) -> Pending[Row]:
        """Queue a statement that returns exactly one row; its pending has that, and raises as `Connection.query_one`.

        NoResultFound and MultipleResultsFound are raised where the pending is asked, and nowhere else.
        """
        return Pending._of(self._core.query_one(sql, params))

    def execute(self, sql: str, params: Params = None) -> Pending[int]:
        """Queue a statement; its pending has the number of rows it affected. Arguments are those of `Connection.execute`."""
        return Pending._of(self._core.execute(sql, params))

    def script(self, sql: str) -> Pending[None]:
        """Queue several statements, separated by semicolons, without parameters and without results.

        Its pending gives None, or raises as `Connection.script`. Raises InterfaceError outside of the pipeline's block.
        """
        return Pending._of(self._core.script(sql))

    def transaction(
        self, *, isolation: Isolation | None = None, readonly: bool = False, deferrable: bool = False
    ) -> PipelineTransaction:
        """A transaction around a part of the pipeline: `with pipe.transaction():`. Nothing waits, not even its end.

        BEGIN goes out together with the first statement of the block, COMMIT right behind the last. What is committed is all
        or nothing: if a statement fails, those behind it are not run, COMMIT is a rollback, and the end of the pipeline (or
        whoever asks for the statement) raises the error. An exception that leaves the block queues a ROLLBACK.

        Args:
            isolation, readonly, deferrable: as `Connection.transaction`.

        Raises:
            ProgrammingError: the connection is in a transaction; its statements are all a part of that.
        """
        return PipelineTransaction._of(
            self._core.transaction(isolation=isolation, readonly=readonly, deferrable=deferrable)
        )

    def sync(self, *, timeout: float | None = None) -> None:
        """Send what is queued, and wait until all of it has been answered. Raises no error of a statement.

        Args:
            timeout: as for `Pending.result`.

        Raises:
            QueryTimeout: not everything was answered in time. Nothing is cancelled.
        """
        drive(self._core.sync(timeout=timeout))

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.driver.pipeline_transaction.AsyncPipelineTransaction
class PipelineTransaction(Single):
    """Made by `pipe.transaction()`, where more is said. Its statements are those of the pipeline that are queued in its block."""

    __slots__ = ("_core",)
    _core: AsyncPipelineTransaction

    @classmethod
    def _of(cls, core: AsyncPipelineTransaction) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(self, pipe: Pipeline, isolation: str | None, readonly: bool, deferrable: bool) -> None:
        self._core = AsyncPipelineTransaction(pipe._core, isolation, readonly, deferrable)

    def __enter__(self) -> None:
        drive(self._core.__aenter__())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.driver.bulk.AsyncBulk
class Bulk:
    """Streams and COPY, for connections and transactions alike."""

    __slots__ = ()
    _core: AsyncBulk

    def pipeline(self) -> Pipeline:
        """Statements that do not wait for each other: `with conn.pipeline() as pipe`.

        `pipe.execute(...)`, `pipe.query(...)` and so on give a `pending` at once; `pending` waits for that one.
        They run in order. Outside a transaction each commits by itself, and an error is that of one statement alone; inside one
        those behind an error are not run, and say which one it was. The end of the block waits for all, and raises the first
        error that nobody has taken; after an exception it waits all the same. Other statements of the connection take
        their turn behind what is queued.

        On PostgreSQL nothing waits for the server in between. A sync pipeline sends 64 KiB at a time and reads answers meanwhile,
        so however long it is no more than that is queued; an async one keeps what the socket has not taken: call `sync`
        now and then. Results are kept by who keeps their pendings, errors until the end of the block. On SQLite, which has nobody
        to wait for, statements run one after the other.

        Raises, when the block begins:
            InterfaceError: a stream or a COPY has the connection.
            ProgrammingError: a pipeline is open on it.
        And at its end:
            DatabaseError: of the first statement that failed.
            CommitUnknown: the connection was lost before the COMMIT of a `pipe.transaction()` was answered.
        """
        return Pipeline._of(self._core.pipeline())

    @overload
    def stream(
        self, sql: str, params: Params = None, *, chunk: int = 1000, shape: None = None, timeout: float | None = None
    ) -> Stream[Row]: ...

    @overload
    def stream(
        self, sql: str, params: Params = None, *, chunk: int = 1000, shape: Shape[S], timeout: float | None = None
    ) -> Stream[S]: ...

    def stream(
        self,
        sql: str,
        params: Params = None,
        *,
        chunk: int = 1000,
        shape: Shape | None = None,
        timeout: float | None = None,
    ) -> Stream[Any]:
        """The rows of one statement, read in pieces: for results that are too large to hold.

        `for row in conn.stream(sql)`, or `with conn.stream(sql) as rows`. At no time more than `chunk` rows are in
        memory. Inside a transaction other statements and other streams may run between the pieces; the stream ends with the
        transaction. Outside one, a stream holds a transaction of its own: until it is closed other statements of this
        connection are refused; it commits at its end, and rolls back when an exception leaves its `with` block, or when a loop
        without such a block is left early.

        Args:
            sql, params: as `query`.
            chunk: rows fetched at a time, at least 1.
            shape: what rows become; `Row`s if not given.
            timeout: seconds, as for `query`; they bound each wait: for its beginning, for each piece, for its end.

        Raises:
            InterfaceError: `chunk` or `timeout` is not positive.
            When it is read, as `query`.
        """
        return Stream._of(self._core.stream(sql, params, chunk=chunk, shape=shape, timeout=timeout))

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
        timeout: float | None = None,
    ) -> int:
        """Write many rows into a table at once, with PostgreSQL's COPY; the number of rows.

        All rows are written or none. An exception raised by the iterable ends the COPY, undoes it, and is raised here; inside
        a transaction the transaction has failed then, as after any other error. Nothing else runs on the connection meanwhile.

        Args:
            table: its name; a dot is a part of it, see `schema`.
            rows: with format "binary" an iterable of rows, on an async connection also an asynchronous one. A row is a tuple
                or list (in the order of the columns), a dict (by their names) or any object with attributes of their names (a model: its own).
                With "text" and "csv": `bytes` or `str` in that format, an iterable of them cut anywhere, or a file that is
                open for reading. A file or `bytes` with "binary" must hold COPY's own binary format.
            columns: those to fill; by default all of the table, or the keys of the first row where that is a dict.
            schema: the schema of the table; by default it is looked up by `search_path`.
            format: "binary", "text" or "csv".
            delimiter, header, null, quote: of the text formats: a character (tab; csv: comma), whether there is a first line
                with names, what stands for NULL (`\\N`; csv: nothing), a character (csv only: `"`).
            sql, source: instead of all that, a whole `COPY ... FROM STDIN` statement and its data.
            timeout: seconds, as for `query`; they bound each wait for the server, not the whole.

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
                timeout=timeout,
            )
        )

    @overload
    def copy_out(
        self,
        table: str,
        *,
        columns: Sequence[str] | None = None,
        schema: str | None = None,
        format: Literal["binary"] = "binary",
        shape: None = None,
        timeout: float | None = None,
    ) -> CopyOut[tuple[Any, ...]]: ...

    @overload
    def copy_out(
        self,
        table: str | None = None,
        *,
        columns: Sequence[str] | None = None,
        schema: str | None = None,
        format: Literal["binary"] = "binary",
        shape: Shape[S],
        sql: str | None = None,
        timeout: float | None = None,
    ) -> CopyOut[S]: ...

    @overload
    def copy_out(
        self,
        table: str | None = None,
        *,
        columns: Sequence[str] | None = None,
        schema: str | None = None,
        format: Literal["text", "csv"],
        delimiter: str | None = None,
        header: bool | None = None,
        null: str | None = None,
        quote: str | None = None,
        sql: str | None = None,
        timeout: float | None = None,
    ) -> CopyOut[bytes]: ...

    @overload
    def copy_out(
        self,
        table: str | None = None,
        *,
        columns: Sequence[str] | None = None,
        schema: str | None = None,
        format: Literal["binary"] = "binary",
        shape: None = None,
        sql: str | None = None,
        timeout: float | None = None,
    ) -> CopyOut[Any]: ...

    @overload
    def copy_out(
        self,
        table: str | None = None,
        *,
        columns: Sequence[str] | None = None,
        schema: str | None = None,
        format: Format,
        delimiter: str | None = None,
        header: bool | None = None,
        null: str | None = None,
        quote: str | None = None,
        shape: Shape | None = None,
        sql: str | None = None,
        timeout: float | None = None,
    ) -> CopyOut[Any]: ...

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
        timeout: float | None = None,
    ) -> CopyOut[Any]:
        """Read a table or the result of a query at once, with PostgreSQL's COPY, which is faster than `stream`.

        With format "binary" an iterator over rows; with "text" and "csv" one over pieces of `bytes`, cut anywhere. They come as
        fast as they are read; nothing else runs on the connection until the end or `close`: other tasks and threads wait for that.

        Args:
            table: its name, or that of a view; a dot is a part of it, see `schema`.
            columns: those to read; by default all of them.
            schema: the schema of the table; by default it is looked up by `search_path`.
            format: "binary", "text" or "csv".
            delimiter, header, null, quote: as `copy_in`.
            shape: what rows become; tuples if not given.
            sql: instead of a table a query without parameters, or a whole `COPY ... TO STDOUT` statement: then pieces of
                `bytes` come, in its format.
            timeout: as `copy_in`.

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
                timeout=timeout,
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
        timeout: float | None = None,
    ) -> int:
        """Write a table or the result of a query to a file, in one of COPY's formats; the number of rows.

        Args:
            file: open for writing, in binary; for "text" and "csv" also as text.
            table, columns, schema, format, delimiter, header, null, quote, sql, timeout: as `copy_out`.

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
                timeout=timeout,
            )
        )


# ferrow.driver.statements.AsyncStatements
class Statements(FastPath):
    """Running SQL, for connections."""

    __slots__ = ()
    _core: AsyncStatements

    def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape[Made] | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result[Made]:
        """Run one statement once per row of parameters, all or nothing; the rows it returns are concatenated in order.

        Args:
            sql: one statement with native placeholders.
            rows: a list or tuple of values for each time it runs; they may come from an iterator.
            shape: what returned rows become; `Row`s if not given.
            kinds: of the parameters, where the database does not describe them (SQLite).
            timeout: as `query`, for all rows together.

        On PostgreSQL a list of 50 rows or more for a plain INSERT goes as arrays of 1000 rows (docs/driver.md, "Many rows").

        Raises as `query`; a DataError for a value has the 1-based numbers `row` and `parameter`.
        """
        return drive(self._core.run_many(sql, rows, shape, kinds, timeout))

    def execute_batch(self, queries: Sequence[str], timeout: float | None = None) -> list[int]:
        """Run several statements without parameters, all or nothing; how many rows each of them affected.

        They are sent together and answered together. An empty statement counts 0. For one statement with many rows of
        parameters there is `run_many`.

        Args:
            queries: a statement each. BEGIN, COMMIT, SAVEPOINT and their kind are refused, as is COPY from or to the client.
            timeout: as `query`, for all of them together.

        Raises:
            InterfaceError: `queries` is not a list of str.
            DatabaseError: what the first statement that failed raised; `error.statement` is its 1-based number,
                `error.query` its text. Outside a transaction nothing of the batch is kept; inside one PostgreSQL
                accepts nothing but a rollback afterwards, and SQLite goes on without the batch.
        """
        return drive(self._core.execute_batch(queries, timeout))

    def prepare(self, sql: str, timeout: float | None = None) -> str:
        """Prepare a statement, so that its first use costs no more than the next, and return its identifier: the text itself.

        `query` and `execute` prepare what they are given, and keep it, by themselves. `timeout` is as for `query`.
        Raises ProgrammingError for wrong SQL.
        """
        return drive(self._core.prepare(sql, timeout))

    def clear_cache(self) -> None:
        """Give up all prepared statements of this connection, here and on the server; what runs next is prepared anew.

        Raises InterfaceError on a connection that is closed, or that a stream or a COPY has.
        """
        drive(self._core.clear_cache())

    def script(self, sql: str, timeout: float | None = None) -> None:
        """Run several statements, separated by semicolons, without parameters and without results.

        Outside a transaction PostgreSQL runs them as one: all take effect, or none. SQLite commits each by itself, and those
        before one that fails stay. COPY from or to the client is none of them (NotSupportedError), and in a transaction's block neither
        is what ends that (ProgrammingError). `timeout`, and what else is raised, are as for `query`.
        """
        drive(self._core.script(sql, timeout))

    def set_codec(
        self,
        type_name: str,
        *,
        encode: Callable[[Any], Any] | None = None,
        decode: Callable[[Any], Any] | None = None,
        format: CodecFormat = "text",
        schema: str | None = None,
    ) -> None:
        """Read and write the values of a type your own way on this connection, from the next statement on.

        Without functions, what is built in is used again. The prepared statements of the connection are forgotten.

        Args:
            type_name: the type's name, not that of an array: its arrays, composites and ranges use the codec as well. On SQLite,
                the type that columns are declared with.
            encode: from a Python value to what `format` says; None: as built in.
            decode: from what `format` says to a Python value; None: as built in.
            format: `"text"` (str), `"binary"` (bytes) or `"value"` (the Python value without a codec).
            schema: of the type; None: a type of this name in any schema.

        Raises:
            InterfaceError: as `ferrow.types.Codec`, or the connection belongs to an engine, whose next borrower would
                meet the codec: pass `codecs=[...]` to `create_engine`.
            NotSupportedError: on SQLite, a schema, or `"binary"` for a type that is stored as numbers or texts; on MariaDB.
        """
        self._core.set_codec(type_name, encode=encode, decode=decode, format=format, schema=schema)


# ferrow.driver.notices.AsyncNotices
class Notices:
    """LISTEN, NOTIFY and notices, for connections."""

    __slots__ = ()
    _core: AsyncNotices

    def listen(self, *channels: str) -> None:
        """Have what is notified on these channels sent to this connection, until `unlisten`; all of them or none.

        Inside a transaction it takes effect at the commit. Names are taken exactly as they are, upper and lower case included.
        `notifications` gives what comes; up to `notification_queue_size` of them (a connection option, 10,000) are kept.

        Raises:
            ProgrammingError: a name that is empty, contains NUL or has more than 63 bytes in UTF-8.
            NotSupportedError: on SQLite.
        """
        drive(self._core.listen(*channels))

    def unlisten(self, *channels: str) -> None:
        """Stop listening on these channels; without any, on all of them. Raises as `listen`."""
        drive(self._core.unlisten(*channels))

    def notify(self, channel: str, payload: str = "") -> None:
        """Notify everybody who listens on `channel`; inside a transaction at its commit, and equal notifications only once.

        Raises:
            ProgrammingError: a channel as for `listen`.
            DataError: a payload that is no text, contains NUL or has more than 7999 bytes in UTF-8.
            NotSupportedError: on SQLite.
        """
        drive(self._core.notify(channel, payload))

    def notifications(self, timeout: float | None = None) -> Iterator[Notification]:
        """What was notified on the channels listened to, as it comes: `for notification in conn.notifications()`.

        Other statements may run meanwhile. Of several iterators each sees everything, from its first step on; what comes while
        there is none is kept for the next.

        Args:
            timeout: ends after this many seconds without a notification; 0 gives what is there, None never ends.

        Raises:
            ConnectionLost: the connection has ended, and everything that came before was given.
            NotificationsLost: some were dropped, because they came faster than they were taken. Call again to go on.
            NotSupportedError: on SQLite.
        """
        return drive_iter(self._core.notifications(timeout))

    def on_notice(self, handler: Callable[[Notice], object] | None) -> None:
        """Call `handler` with every notice of the server, in addition to the log (`ferrow.notices`); None: no more.

        It is a plain function, and must not use the connection. What it raises goes to the log, unless it ends the program (`KeyboardInterrupt`,
        `SystemExit`). SQLite has no notices.
        On a blocking connection, the notices of a statement that has run into its deadline may come in another thread, the one
        that cancels it.
        """
        self._core.on_notice(handler)


# ferrow.driver.facts.AsyncFacts
class Facts:
    """Names, numbers and states, for connections."""

    __slots__ = ()
    _core: AsyncFacts

    @property
    def dialect(self) -> str:
        """`postgresql` or `sqlite`."""
        return self._core.dialect

    @property
    def server_version(self) -> str:
        """What the server calls its version, e.g. `16.4 (Debian 16.4-1)`; on SQLite that of the library, e.g. `3.50.2`."""
        return self._core.server_version

    @property
    def server_version_num(self) -> int:
        """The same as a number that compares: 160004, 3050002 for SQLite 3.50.2, 101114 for MariaDB 10.11.14; 0 if the server does not say."""
        return self._core.server_version_num

    @property
    def status(self) -> Status:
        """Transaction status, as the server last reported it: a str, `idle`, `transaction` or `failed`. Raises InterfaceError if closed."""
        return self._core.status

    @property
    def backend_pid(self) -> int | None:
        """Number of the server process that serves the connection, as in `pg_stat_activity`; None on SQLite."""
        return self._core.backend_pid

    def ping(self) -> bool:
        """Whether the database answers, also inside a transaction that has failed. Never raises a database error."""
        return drive(self._core.ping())

    def info(self) -> dict[str, Any]:
        """How the connection is. Asks the server whether it answers; never raises a database error.

        Keys: `dialect`; `closed`; `healthy` (as `ping`); `status` (of the transaction); `server_version`, `server_version_num`;
        `backend_pid` (None on SQLite); `cached_statements` (how many are kept); `unnamed_statements` (whether they are sent
        with every execution, as behind a pooler); `parameters` (what the server reports of its settings, by name). What is
        not known of a closed connection is None, 0, False or empty.
        """
        return drive(self._core.info())


# ferrow.driver.dbapi.AsyncDbapi
class Dbapi:
    """Cursors, commit and rollback, for connections."""

    __slots__ = ()
    _core: AsyncDbapi

    @overload
    def cursor(self, *, rows: Literal["tuple"] = "tuple") -> Cursor[tuple[Any, ...]]: ...

    @overload
    def cursor(self, *, rows: Literal["row"]) -> Cursor[Row]: ...

    @overload
    def cursor(self, *, rows: Literal["dict"]) -> Cursor[dict[str, Any]]: ...

    @overload
    def cursor(self, *, rows: RowShape) -> Cursor: ...

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


# ferrow.driver.connection.AsyncConnection
class Connection(Errors, Statements, Bulk, Dbapi, Facts, Notices, Single):
    """One connection to PostgreSQL or SQLite.

    `with Connection(url) as conn`, or `conn = Connection.connect(url)`. The block closes it at its end; what its
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

    __slots__ = ("_core", "__weakref__")
    _core: AsyncConnection

    @classmethod
    def _of(cls, core: AsyncConnection) -> Self:
        known = None if core._twin is None else core._twin()
        if isinstance(known, cls):
            return known
        self = cls.__new__(cls)
        self._core = core
        core._twin = ref(self)
        return self

    def __init__(
        self,
        url: str | None = None,
        *,
        connection_string: str | None = None,
        autocommit: bool = False,
        trace: Callable[[Trace], object] | None = None,
        trace_values: bool = False,
        **options: Any,
    ) -> None:
        self._core = AsyncConnection(
            url,
            connection_string=connection_string,
            world=BLOCKING,
            autocommit=autocommit,
            trace=trace,
            trace_values=trace_values,
            **options,
        )
        self._core._twin = ref(self)
        drive(self._core.open())

    @classmethod
    def over(cls, wire: Wire) -> Self:
        """A connection over a wire that somebody else opened, and will close."""
        return cls._of(AsyncConnection.over(wire, world=BLOCKING))

    @classmethod
    def connect(cls, url: str | None = None, **options: Any) -> Self:
        """Connect and return the connection: the class and `open` in one call. Arguments are those of the class, errors those of both."""
        return cls._of(drive(AsyncConnection.connect(url, world=BLOCKING, **options)))

    def open(self) -> None:
        """Connect; nothing happens when connected already.

        Raises:
            OperationalError: when connecting fails.
            InterfaceError: the connection was closed or lost; make another one.
        """
        drive(self._core.open())

    @property
    def wire(self) -> Wire:
        """The wire underneath. Raises InterfaceError when the connection is not open.

        One that was lost while idle is, for as long as no statement has said why.
        """
        return self._core.wire

    @property
    def sqlite(self) -> Sqlite:
        """What only SQLite can do: functions in Python, backups, blobs. Raises NotSupportedError on PostgreSQL."""
        return Sqlite._of(self._core.sqlite)

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

        Raises, when it begins:
            DataError: an unknown isolation level.
            ProgrammingError: options for a transaction inside another one.
        """
        return Transaction._of(self._core.transaction(isolation=isolation, readonly=readonly, deferrable=deferrable))

    def begin(
        self,
        *,
        isolation: Isolation | None = None,
        readonly: bool = False,
        deferrable: bool = False,
        timeout: float | None = None,
    ) -> Transaction:
        """Begin a transaction and return it; usable as a context manager or with `commit` and `rollback`.

        PostgreSQL is told together with the first statement, and not at all of a transaction without one.

        As a block: `with conn.begin() as tx`. `isolation`, `readonly` and `deferrable` are those of
        `transaction`, and so are the errors; `timeout` (seconds, as for `query`) is for BEGIN alone, which on
        PostgreSQL waits for nothing but the end of a statement that is being cancelled.
        """
        return Transaction._of(
            drive(self._core.begin(isolation=isolation, readonly=readonly, deferrable=deferrable, timeout=timeout))
        )

    def trace(self, handler: Callable[[Trace], object] | None, *, values: bool = False) -> None:
        """Call `handler` with a `Trace` after every statement of this connection; None: no more.

        It is a plain function, and must not use the connection (InterfaceError). What it raises goes to the log
        (`ferrow.statements`). While a stream holds the connection, it takes effect when the stream ends.

        Args:
            handler: one at a time; it replaces the one before.
            values: whether traces hold the parameters, which may be secret.
        """
        self._core.trace(handler, values=values)

    def close(self) -> None:
        """Close the connection for good, and its cursors; an open transaction, also that of cursors, is rolled back. Closing twice is fine.

        A statement of another task or thread fails at once with ConnectionLost. SQLite takes back what such a statement has written, and
        `close` waits until the file is closed, but no longer than 5 s for a function in Python: then its thread closes the file.
        """
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
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.driver.cursor.AsyncCursor
class Cursor(ByHand[R_co], Single, Generic[R_co]):
    """Runs statements and keeps the rows of the last one until they are fetched. Made by `conn.cursor()`.

    Placeholders are the database's own, `:1`, `:name`, `%s` or `%(name)s`; one style per statement. The whole result is read when the
    statement is executed, so cursors of one connection do not disturb each other.
    """

    __slots__ = ("_core", "__weakref__")
    _core: AsyncCursor[R_co]

    @classmethod
    def _of(cls, core: AsyncCursor[R_co]) -> Self:
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

        Raises NotSupportedError on other databases, and else as `execute`.
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
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.driver.cursor_server.AsyncServerCursor
class ServerCursor(Cursor):
    """As `Cursor`, but a query's rows are read in pieces, and other statements may run meanwhile. On PostgreSQL.

    Without a transaction, that is with `autocommit`, it holds one of its own, and the connection, until it is closed or read to its end.
    `rollback` of the connection closes it, too. A statement that changes something is run to its end, since nobody may ever fetch from it.
    """

    __slots__ = ()
    _core: AsyncServerCursor

    def __init__(self, conn: Connection) -> None:
        self._core = AsyncServerCursor(conn._core)

    @property
    def description(self) -> tuple[Column, ...] | None:
        """As that of `Cursor`."""
        return self._core.description

    def execute(self, sql: str, params: Parameters = None) -> Self:
        """As that of `Cursor`."""
        core = drive(self._core.execute(sql, params))
        return self if core is self._core else self._of(core)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> Self:
        """As that of `Cursor`."""
        core = drive(self._core.executemany(sql, rows))
        return self if core is self._core else self._of(core)

    def fetchone(self) -> Any:
        """As that of `Cursor`."""
        return drive(self._core.fetchone())

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """As that of `Cursor`, but nothing where there is no result: SQLAlchemy asks before it looks."""
        return drive(self._core.fetchmany(size))

    def fetchall(self) -> list[Any]:
        """As that of `Cursor`."""
        return drive(self._core.fetchall())

    def close(self) -> None:
        """As that of `Cursor`."""
        drive(self._core.close())

    def __iter__(self) -> Self:
        core = self._core.__aiter__()
        return self if core is self._core else self._of(core)

    def __next__(self) -> Any:
        try:
            return drive(self._core.__anext__())
        except StopAsyncIteration:
            raise StopIteration from None


# ferrow.driver.sqlite.AsyncSqlite
class Sqlite(Single):
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

        Raises DatabaseError if `data` is no database, ProgrammingError if it is no bytes, or if this connection is to a file, or in
        a transaction.
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

    def encoded(self, type_name: str, value: Any) -> int | float | str | bytes | None:
        """What the codec for a declared type writes of a value: for places of a statement where it is not used by itself.

        A codec is used where a parameter stands alone beside a column or goes into it. Elsewhere, as in `lower(feeling) = ?` or
        for the column of a view, a parameter is written as if there were no codec. What this gives is what a statement is given; a column
        of numbers makes a number of a text.

        Args:
            type_name: as columns are declared with it, e.g. `mood`.
            value: what the codec encodes; None stays None.

        Raises ProgrammingError if the connection has no codec of that name that encodes, DataError as a statement would.
        """
        return drive(self._core.encoded(type_name, value))

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
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.driver.sqlite_blob.AsyncBlob
class Blob(Single):
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
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.driver.transaction_statements.AsyncInside
class Inside:
    """The part of a transaction that runs statements."""

    __slots__ = ()
    _core: AsyncInside

    def run(
        self,
        sql: str,
        params: Params = None,
        shape: Shape[Made] | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result[Made]:
        """Run one statement inside the transaction, its rows in any shape. Arguments are those of `Connection.run`.

        Raises:
            ProgrammingError: the transaction has ended or was not started; or as `Connection.run`.
            QueryTimeout: `timeout` seconds passed; the transaction has failed then, as after any other error of a statement.
        """
        return drive(self._core.run(sql, params, shape, kinds, timeout))

    def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape[Made] | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result[Made]:
        """Run one statement for many rows of parameters inside the transaction. Arguments are those of `Connection.run_many`.

        An error says at which row it was. `timeout` is for all of them together; what is raised is as for `run`.
        """
        return drive(self._core.run_many(sql, rows, shape, kinds, timeout))

    def query(self, sql: str, params: Params = None, timeout: float | None = None) -> list[Row]:
        """Run a statement and return all its rows. Arguments (`timeout` too) and errors are those of `Connection.query`."""
        return drive(self._core.query(sql, params, timeout))

    def query_one(self, sql: str, params: Params = None, timeout: float | None = None) -> Row:
        """Run a statement that returns exactly one row. Arguments, with `timeout`, and errors are as for `Connection.query_one`."""
        return drive(self._core.query_one(sql, params, timeout))

    def execute(self, sql: str, params: Params = None, timeout: float | None = None) -> int:
        """Run a statement and return how many rows it affected; 0 where none are counted.

        Arguments (`timeout` too) are those of `Connection.execute`; errors as for `run`.
        """
        return drive(self._core.execute(sql, params, timeout))

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]], timeout: float | None = None) -> int:
        """Run a statement once per row of parameters, and return how many rows that affected; 0 where none are counted.

        `timeout` is for all of them together, as for `query`.
        """
        return drive(self._core.execute_many(sql, rows, timeout))

    def execute_batch(self, queries: Sequence[str], timeout: float | None = None) -> list[int]:
        """As `Connection.execute_batch`, inside the transaction: it fails, `timeout` included, as one statement there would."""
        return drive(self._core.execute_batch(queries, timeout))

    def script(self, sql: str, timeout: float | None = None) -> None:
        """Run several statements, separated by semicolons, without parameters and without results. `timeout` as for `query`."""
        drive(self._core.script(sql, timeout))

    def notify(self, channel: str, payload: str = "") -> None:
        """As `Connection.notify`: sent when the transaction is committed, and not at all when it is rolled back."""
        drive(self._core.notify(channel, payload))


# ferrow.driver.transaction_savepoints.AsyncSavepointing
class Savepointing:
    """The part of a transaction that sets savepoints by name."""

    __slots__ = ()
    _core: AsyncSavepointing

    def savepoint(self, name: str) -> None:
        """Set a savepoint to go back to with `rollback_to`. For a block, `transaction()` sets and ends one by itself.

        Args:
            name: 1 to 63 letters (A-Z, a-z), digits and `_`. Set again, it hides the earlier one of the same name.

        Raises:
            DataError: for another name.
            ProgrammingError: the transaction has ended, or a nested one is open inside it.
        """
        drive(self._core.savepoint(name))

    def rollback_to(self, name: str) -> None:
        """Undo what was done since `savepoint(name)`, errors included. The savepoint stays, those set after it are gone.

        Raises:
            ProgrammingError: there is no such savepoint, the transaction has ended, or a nested one is open inside it.
            OperationalError: SQLite has rolled back the whole transaction by itself, or MariaDB has, behind a deadlock.
        """
        drive(self._core.rollback_to(name))

    def release_savepoint(self, name: str) -> None:
        """Forget a savepoint and those set after it; what was done since stays. Raises ProgrammingError as `rollback_to`."""
        drive(self._core.release_savepoint(name))


# ferrow.driver.transaction.AsyncTransaction
class Transaction(Inside, Savepointing, Bulk, Single):
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

    def start(self, timeout: float | None = None) -> None:
        """Begin, or set the savepoint, within `timeout` seconds as for `query`. Raises ProgrammingError when started before."""
        drive(self._core.start(timeout))

    def commit(self, *, timeout: float | None = None) -> None:
        """Make the work permanent (a nested transaction: keep it as part of the outer one).

        Args:
            timeout: seconds, as for `query`.

        Raises:
            OperationalError: an earlier statement in it failed; everything was rolled back.
            CommitUnknown: the connection was lost, or `timeout` passed, before COMMIT was answered.
            ProgrammingError: it was not started, or has ended, or a nested one is open inside it.
            InterfaceError: `timeout` is not positive. The transaction goes on.
        """
        drive(self._core.commit(timeout=timeout))

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

    def set_isolation_level(self, level: Isolation) -> None:
        """Set the isolation level, before the first statement. SQLite, always serializable, accepts every level and keeps its own.

        Args:
            level: as for `transaction`.

        Raises:
            DataError: an unknown level.
            NotSupportedError: on MariaDB and MySQL, which take it before a transaction begins: `transaction(isolation=...)`.
            ProgrammingError: a statement was made already, the transaction is nested, or it has ended.
        """
        drive(self._core.set_isolation_level(level))

    def set_read_only(self, readonly: bool) -> None:
        """Refuse writes from here on, or allow them (only before the first statement).

        Raises:
            DataError: `readonly` is not a bool.
            NotSupportedError: on MariaDB and MySQL, as for `set_isolation_level`.
            ProgrammingError: `False` after a statement, the transaction is nested, or it has ended.
        """
        drive(self._core.set_read_only(readonly))

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
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)


# ferrow.driver.listener.AsyncListener
class Listener(Single):
    """Listens on channels over a connection of its own, and connects again by itself when that is lost.

        with Listener(url, "jobs") as listener:
            for event in listener:
                match event:
                    case Notification(channel, payload): ...
                    case Gap(): ...  # read the table: notifications may be missing

    After a reconnect a `Gap` comes before any later notification, and nothing comes twice. The first connection is made at the
    start of the block, and its errors are raised there. Later ones are tried again, after delays that double from `min_backoff`
    to `max_backoff`; what trying again cannot mend (wrong password, no such database, no right to connect) is raised.

    One task iterates; others (in sync code: threads) may call `listen`, `unlisten` and `close` meanwhile.

    Args:
        url: `postgresql://user:password@host:port/database`.
        channels: their names, exactly as given to `notify`.
        min_backoff: seconds before the first attempt to connect again.
        max_backoff: seconds between attempts at most.
        heartbeat: seconds after which the server is asked for a sign of life, and within which it must give one; else the
            connection counts as lost. Only while somebody iterates.
        trace: as of a connection; also called after each sign of life, whose statement is empty.
        options: connection options that win over those of the URL, e.g. `connect_timeout` (seconds).

    Raises:
        ProgrammingError: a name that cannot be that of a channel.
        InterfaceError: a malformed URL, an unknown option, an impossible number.
        NotSupportedError: only PostgreSQL has notifications.
    """

    __slots__ = ("_core",)
    _core: AsyncListener

    @classmethod
    def _of(cls, core: AsyncListener) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self

    def __init__(
        self,
        url: str,
        *channels: str,
        min_backoff: float = 0.1,
        max_backoff: float = 30.0,
        heartbeat: float = 30.0,
        trace: Callable[[Trace], object] | None = None,
        **options: Any,
    ) -> None:
        self._core = AsyncListener(
            url,
            *channels,
            world=BLOCKING,
            min_backoff=min_backoff,
            max_backoff=max_backoff,
            heartbeat=heartbeat,
            trace=trace,
            **options,
        )

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels it listens on."""
        return self._core.channels

    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._core.is_closed()

    def open(self) -> None:
        """Connect and listen; nothing happens when that was done before. Raises OperationalError when it fails."""
        drive(self._core.open())

    def listen(self, *channels: str) -> None:
        """Listen on more channels, from now on. Without a connection at the moment: from the next one on.

        Raises ProgrammingError for a name that cannot be that of a channel.
        """
        drive(self._core.listen(*channels))

    def unlisten(self, *channels: str) -> None:
        """Stop listening on channels; without any, on all of them. No notification of theirs comes afterwards."""
        drive(self._core.unlisten(*channels))

    def close(self) -> None:
        """Close the connection and end the iteration of another task or, in sync code, thread. Closing twice is fine."""
        drive(self._core.close())

    def __iter__(self) -> Self:
        core = self._core.__aiter__()
        return self if core is self._core else self._of(core)

    def __next__(self) -> Notification | Gap:
        """The next notification, or the gap before it. A step that is cancelled loses nothing."""
        try:
            return drive(self._core.__anext__())
        except StopAsyncIteration:
            raise StopIteration from None

    def __enter__(self) -> Self:
        core = drive(self._core.__aenter__())
        return self if core is self._core else self._of(core)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        drive(self._core.__aexit__(kind, error, traceback))

    def __repr__(self) -> str:
        return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)
