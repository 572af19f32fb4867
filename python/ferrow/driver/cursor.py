"""Cursors (PEP 249)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeAlias

from ferrow._core import Shape
from ferrow.abc import async_only
from ferrow.driver.call import call_sql
from ferrow.driver.description import Column, described
from ferrow.driver.fetch import CLOSED, DISCONNECTED, NO_RESULT, Nothing, checked_size, many, moved, position
from ferrow.driver.placeholders import Translated, listed, translated
from ferrow.driver.rows import R_co, RowShape
from ferrow.driver.single import Single
from ferrow.errors import NotSupportedError, ProgrammingError, nearest

if TYPE_CHECKING:
    from ferrow._core import Result
    from ferrow.abc import Wire
    from ferrow.driver.connection import AsyncConnection

Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any] | None
"""Values by position, by name, or none."""

_SHAPES = {"tuple": Shape.tuples(), "row": Shape.rows(), "dict": Shape.dicts()}

_NO_CALL = {
    "sqlite": "callproc: SQLite has no stored procedures; SELECT a function instead",
    "mysql": "callproc is for functions of PostgreSQL; on MariaDB and MySQL SELECT a function, or CALL a procedure",
}


class AsyncCursor(Single, Generic[R_co]):
    """Runs statements and keeps the rows of the last one until they are fetched. Made by `conn.cursor()`.

    Placeholders are the database's own, `:1`, `:name`, `%s` or `%(name)s`; one style per statement. The whole result is read when the
    statement is executed, so cursors of one connection do not disturb each other.
    """

    __slots__ = ("__weakref__", "_closed_count", "_conn", "_query", "_rest", "_result", "_shape", "_size")

    def __init__(self, conn: AsyncConnection, *, rows: RowShape = "tuple") -> None:
        if rows not in _SHAPES:
            raise ProgrammingError(f"rows={rows!r} is none of the shapes of a cursor. {nearest(str(rows), _SHAPES)}")
        self._conn = conn
        self._shape = _SHAPES[rows]
        self._rest: Iterator[R_co] = NO_RESULT
        self._result: Result[R_co] | None = None
        self._query: str | None = None
        self._size = 1
        self._closed_count = -1
        conn._implicit.made(self)

    @property
    def connection(self) -> AsyncConnection:
        """The connection that made the cursor."""
        return self._conn

    @property
    def arraysize(self) -> int:
        """How many rows `fetchmany` fetches by default: 1 unless set."""
        return self._size

    @arraysize.setter
    def arraysize(self, value: int) -> None:
        self._size = checked_size(value)

    @property
    def query(self) -> str | None:
        """The SQL text that was sent last, with the database's own placeholders; None before."""
        return self._query

    @property
    def description(self) -> tuple[Column, ...] | None:
        """Name, type code, display size, internal size, precision, scale and None per column; None without a result.

        The type code is PostgreSQL's OID of the type, and compares equal to `STRING`, `NUMBER`, ...; on SQLite it comes from the declared
        type, and is None where there is none. Sizes (characters), precision and scale are those of the declaration, as in
        `varchar(20)` and `numeric(10, 2)`, on PostgreSQL.
        """
        return None if self._result is None else described(self._result)

    @property
    def rowcount(self) -> int:
        """Rows that the last statement affected or returned; for `executemany` of all rows; -1 where nothing is counted.

        It outlives the cursor's closing.
        """
        result = self._result
        if result is None:
            return self._closed_count
        # SHOW and EXPLAIN return rows that PostgreSQL does not count.
        return len(result.rows) if result.rowcount < 0 and result.returns_rows else result.rowcount

    @property
    def rownumber(self) -> int | None:
        """Index, from 0, of the row that the next fetch begins with; None without a result."""
        return (
            None if self._result is None or not self._result.returns_rows else position(self._rest, self._result.rows)
        )

    @property
    def lastrowid(self) -> int | None:
        """The row id that the last INSERT gave its last row, on SQLite; None for other statements and on PostgreSQL."""
        return None if self._result is None else self._result.last_rowid

    @async_only
    async def execute(self, sql: str, params: Parameters = None) -> Self:
        """Run one statement, in the transaction of the connection, and return the cursor.

        Args:
            sql: one statement.
            params: a list or tuple for placeholders by position, a mapping for those by name; None leaves the text as it is.

        Raises:
            ProgrammingError: wrong SQL, mixed styles of placeholders, missing or extra parameters.
            DataError: a value that does not fit the type of its parameter.
            InterfaceError: the cursor or the connection is closed.
        """
        wire = self._conn.wire
        statement = self._start(wire, sql, params)
        values = statement.values(params)
        if statement.begins and self._conn._implicit.wanted(wire):
            await self._conn._implicit.begin(self._conn, wire)
        self._take(await wire.run(statement.sql, values, self._shape))
        return self

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> Self:
        """Run one statement once per row of parameters, all or nothing; the rows it returns can be fetched in order.

        Args:
            sql: one statement.
            rows: lists or tuples for placeholders by position, mappings for those by name.

        Raises as `execute`.
        """
        every = rows if isinstance(rows, list | tuple) else listed(rows)
        wire = self._conn.wire
        statement = self._start(wire, sql, every[0] if every else ())
        values = statement.rows(every)
        if statement.begins and self._conn._implicit.wanted(wire):
            await self._conn._implicit.begin(self._conn, wire)
        self._take(await wire.run_many(statement.sql, values, self._shape))
        return self

    async def callproc(
        self, name: str, params: Sequence[Any] | Mapping[str, Any] = ()
    ) -> Sequence[Any] | Mapping[str, Any]:
        """Call a function of PostgreSQL and return `params` as they are; what it returns can be fetched.

        Args:
            name: of the function, exactly as it is stored; `schema.name` names its schema.
            params: its arguments, or a mapping of their names to values.

        Raises NotSupportedError on other databases, and else as `execute`.
        """
        if self._conn.dialect != "postgresql":
            raise NotSupportedError(_NO_CALL[self._conn.dialect])
        await self.execute(*call_sql(name, params))
        return params

    def _start(self, wire: Wire, sql: str, params: Any) -> Translated:
        """Forget the last result; a statement that fails leaves none."""
        if self._rest is CLOSED:
            next(CLOSED)
        self._result = None
        self._rest = NO_RESULT
        # To ask for it takes as long as all the rest of a short statement.
        reading = wire.reading if isinstance(sql, str) and "\\" in sql else wire.dialect
        statement = translated(reading, sql, params)
        self._query = statement.sql
        return statement

    def _take(self, result: Result[R_co]) -> None:
        self._result = result
        if result.returns_rows:
            self._rest = iter(result.rows)

    @async_only
    async def fetchone(self) -> R_co | None:
        """The next row, or None when there is none left. Raises ProgrammingError when the last statement returned no rows."""
        return next(self._rest, None)

    @async_only
    async def fetchmany(self, size: int | None = None) -> list[R_co]:
        """The next `size` rows (default: `arraysize`), fewer at the end. Raises as `fetchone`."""
        return many(self._rest, self._size if size is None else size)

    @async_only
    async def fetchall(self) -> list[R_co]:
        """The rows that are left. Raises as `fetchone`."""
        return [*self._rest]

    async def scroll(self, value: int, mode: Literal["relative", "absolute"] = "relative") -> None:
        """Move within the result: by `value` rows, or to the row with that index.

        Raises IndexError, and stays, if there is no such row.
        """
        if mode not in ("relative", "absolute"):
            raise ProgrammingError(f"mode={mode!r}: scroll moves 'relative' or 'absolute'")
        if self._result is None or not self._result.returns_rows:
            next(self._rest)  # says why there is nothing to move in
            return
        rows = self._result.rows
        self._rest = moved(rows, value if mode == "absolute" else position(self._rest, rows) + value)

    async def nextset(self) -> None:
        """Not supported: a statement has one result. Raises NotSupportedError."""
        self._check()
        raise NotSupportedError("nextset: a statement has one result; execute the next statement")

    async def setinputsizes(self, sizes: Sequence[Any]) -> None:
        """Does nothing: the database says what types parameters have."""
        self._check()

    async def setoutputsize(self, size: int, column: int | None = None) -> None:
        """Does nothing: values of any size are fetched whole."""
        self._check()

    async def close(self) -> None:
        """Forget the result. Using the cursor afterwards is an InterfaceError; closing it again is fine."""
        self._end(CLOSED)

    def _end(self, rest: Nothing) -> None:
        self._closed_count = self.rowcount
        self._rest = rest
        self._result = None

    def _check(self) -> None:
        if self._rest is CLOSED or self._rest is DISCONNECTED:
            next(self._rest)

    @async_only
    def __aiter__(self) -> Self:
        return self

    @async_only
    async def __anext__(self) -> R_co:
        for row in self._rest:
            return row
        raise StopAsyncIteration

    async def __aenter__(self) -> Self:
        if self._rest is CLOSED:
            next(self._rest)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        state = "closed" if self._rest is CLOSED else f"rowcount={self.rowcount}"
        return f"<{type(self).__name__} {state} on {self._conn._wire!r}>"
