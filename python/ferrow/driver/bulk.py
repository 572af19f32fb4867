"""Many rows: what connections and transactions have for results and inputs that are too large to hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from ferrow._core import Shape
from ferrow.driver.copy_in import copy_statement, copy_table
from ferrow.driver.copy_out import AsyncCopyOut, copy_from_server, write_to
from ferrow.driver.copy_sql import Format, Options, is_copy
from ferrow.driver.pipeline import AsyncPipeline
from ferrow.driver.stream import AsyncStream
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow._core import Row
    from ferrow.abc import Params
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.copy_out import Writable
    from ferrow.driver.copy_source import Source

S = TypeVar("S")

_ROWS = Shape.rows()


class AsyncBulk:
    """Streams and COPY, for connections and transactions alike."""

    __slots__ = ()

    def _conn_here(self) -> AsyncConnection:
        """The connection to work on; raises where there is none any more."""
        raise NotImplementedError

    def pipeline(self) -> AsyncPipeline:
        """Statements that do not wait for each other: `async with conn.pipeline() as pipe`.

        `pipe.execute(...)`, `pipe.query(...)` and so on give a `pending` at once; `await pending` waits for that one.
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
        return AsyncPipeline(self._conn_here())

    @overload
    def stream(
        self,
        sql: str,
        params: Params = None,
        *,
        chunk: int = 1000,
        shape: None = None,
        timeout: float | None = None,
    ) -> AsyncStream[Row]: ...
    @overload
    def stream(
        self, sql: str, params: Params = None, *, chunk: int = 1000, shape: Shape[S], timeout: float | None = None
    ) -> AsyncStream[S]: ...
    def stream(
        self,
        sql: str,
        params: Params = None,
        *,
        chunk: int = 1000,
        shape: Shape | None = None,
        timeout: float | None = None,
    ) -> AsyncStream[Any]:
        """The rows of one statement, read in pieces: for results that are too large to hold.

        `async for row in conn.stream(sql)`, or `async with conn.stream(sql) as rows`. At no time more than `chunk` rows are in
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
        return AsyncStream(
            self._conn_here(), sql, params, chunk=chunk, shape=_ROWS if shape is None else shape, timeout=timeout
        )

    async def copy_in(
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
        conn = self._conn_here()
        options = Options(format, delimiter, header, null, quote)
        if sql is not None:
            return await copy_statement(
                conn, sql, source, rest=(table, rows, columns, schema, options), timeout=timeout
            )
        if source is not None:
            raise InterfaceError("source= goes with sql=; with a table pass the rows as the second argument")
        return await copy_table(conn, table, schema, columns, options, rows, timeout)

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
    ) -> AsyncCopyOut[tuple[Any, ...]]: ...
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
    ) -> AsyncCopyOut[S]: ...
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
    ) -> AsyncCopyOut[bytes]: ...
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
    ) -> AsyncCopyOut[Any]: ...
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
    ) -> AsyncCopyOut[Any]: ...
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
    ) -> AsyncCopyOut[Any]:
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
        options = Options(format, delimiter, header, null, quote)
        return copy_from_server(
            self._conn_here(), table, columns, schema, options, sql, decode=True, shape=shape, timeout=timeout
        )

    async def copy_out_to(
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
        options = Options(format, delimiter, header, null, quote)
        out = copy_from_server(self._conn_here(), table, columns, schema, options, sql, decode=False, timeout=timeout)
        binary = format == "binary" and not (sql is not None and is_copy(sql))
        return await write_to(file, out, binary=binary)
