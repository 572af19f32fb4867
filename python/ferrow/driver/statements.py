"""Statements of a connection: run, prepared, and how their values are read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.abc import async_only
from ferrow.driver.batch import statements
from ferrow.driver.given_rows import check_rows
from ferrow.driver.inside import leave_to_block
from ferrow.driver.one import exactly_one

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Row
    from ferrow.abc import Params, Wire
    from ferrow.driver.rows import Made
    from ferrow.driver.transaction import AsyncTransaction
    from ferrow.types.codec import CodecFormat

ROWS = Shape.rows()


class AsyncStatements:
    """Running SQL, for connections."""

    __slots__ = ()

    if TYPE_CHECKING:
        _wire: Wire | None
        _stack: list[AsyncTransaction]

        @property
        def wire(self) -> Wire:
            """The wire underneath."""
            ...

    # `_wire or wire`: the property looks whether the connection is closed, which the wire does again for each statement.

    @async_only
    async def run(
        self,
        sql: str,
        params: Params = None,
        shape: Shape[Made] | None = None,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result[Made]:
        """Run one statement; its rows come in the asked shape, with what else is known of the result.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: as many values as placeholders; encoded by the type the server describes.
            shape: what rows become, e.g. `Shape.tuples()`; `Row`s if not given.
            kinds: of the parameters, where the database does not describe them (SQLite).
            timeout: as `query`.

        Raises as `query`.
        """
        return await (self._wire or self.wire).run(sql, params, shape or ROWS, kinds, timeout)

    async def run_many(
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
        check_rows(rows)
        return await (self._wire or self.wire).run_many(sql, rows, shape or ROWS, kinds, timeout)

    @async_only
    async def query(self, sql: str, params: Params = None, timeout: float | None = None) -> list[Row]:
        """Run one statement and return all its rows.

        Args:
            sql: one statement with native placeholders (`$1`; on SQLite `?`, `?1` or `:name`).
            params: a list or tuple with as many values as placeholders; a dict for SQLite's `:name`.
            timeout: seconds, more than 0, after which QueryTimeout is raised and the statement is cancelled in the background;
                None is the connection's `command_timeout`, math.inf no limit.

        Raises:
            ProgrammingError: wrong SQL, or another number of parameters.
            DataError: a value that does not fit the type of its parameter.
            IntegrityError: a constraint was violated, e.g. UniqueViolation.
            OperationalError: ConnectionLost, QueryCancelled, QueryTimeout, DeadlockDetected, SerializationFailure and the like.
            InterfaceError: the connection is closed.
        """
        return (await (self._wire or self.wire).run(sql, params, ROWS, None, timeout)).rows

    @async_only
    async def query_one(self, sql: str, params: Params = None, timeout: float | None = None) -> Row:
        """Run a statement that returns exactly one row, and return that. Arguments are those of `query`,
        `timeout` too.

        Raises:
            NoResultFound: there is none (also a LookupError).
            MultipleResultsFound: there are several.
            ProgrammingError, DataError: as `query`.
        """
        rows: list[Row] = (await (self._wire or self.wire).run(sql, params, ROWS, None, timeout)).rows
        return rows[0] if len(rows) == 1 else exactly_one(rows, sql)

    @async_only
    async def execute(self, sql: str, params: Params = None, timeout: float | None = None) -> int:
        """Run a statement and return the number of rows it affected; 0 for statements that do not count rows.

        Also with RETURNING: `query` gives the rows. A SELECT counts the rows it returns. `timeout`, and what is raised, are as
        for `query`.
        """
        return max(0, (await (self._wire or self.wire).run(sql, params, ROWS, None, timeout)).rowcount)

    async def execute_batch(self, queries: Sequence[str], timeout: float | None = None) -> list[int]:
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
        found = statements(queries)
        wire = self.wire
        return await wire.batch(found, timeout) if found else []

    async def prepare(self, sql: str, timeout: float | None = None) -> str:
        """Prepare a statement, so that its first use costs no more than the next, and return its identifier: the text itself.

        `query` and `execute` prepare what they are given, and keep it, by themselves. `timeout` is as for `query`.
        Raises ProgrammingError for wrong SQL.
        """
        await self.wire.prepare(sql, timeout)
        return sql

    async def clear_cache(self) -> None:
        """Give up all prepared statements of this connection, here and on the server; what runs next is prepared anew.

        Raises InterfaceError on a connection that is closed, or that a stream or a COPY has.
        """
        await self.wire.clear_cache()

    async def script(self, sql: str, timeout: float | None = None) -> None:
        """Run several statements, separated by semicolons, without parameters and without results.

        Outside a transaction PostgreSQL runs them as one: all take effect, or none. SQLite commits each by itself, and those
        before one that fails stay. COPY from or to the client is none of them (NotSupportedError), and in a transaction's block neither
        is what ends that (ProgrammingError). `timeout`, and what else is raised, are as for `query`.
        """
        if self._stack:
            leave_to_block(sql)
        await (self._wire or self.wire).script(sql, timeout)

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
        from ferrow.types.codec import Codec

        self.wire.set_codec(Codec(type_name, encode=encode, decode=decode, format=format, schema=schema))
