"""COPY TO STDOUT: a table or the result of a query, as rows or as data in one of COPY's formats."""

from __future__ import annotations

import codecs
import io
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Protocol, cast

from ferrow._core import CopyDecoder, Shape
from ferrow.driver.copy_sql import (
    Options,
    check_copy,
    copier,
    copy_query,
    is_copy,
    naming,
    other_encoding,
    select,
    telling_of_texts,
    with_texts,
)
from ferrow.driver.given_sql import check_sql
from ferrow.driver.held import world_of
from ferrow.driver.pieces import AsyncPieces, T
from ferrow.errors import InterfaceError
from ferrow.wire.deadline import limit
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ferrow.abc import WireCopyOut, World
    from ferrow.driver.connection import AsyncConnection


_TUPLES = Shape.tuples()


class Writable(Protocol):
    """A file open for writing, in binary or as text; its `write` may also be a coroutine function."""

    def write(self, data: Any, /) -> Any:
        """Write `bytes`, or `str`."""
        ...


class AsyncCopyOut(AsyncPieces[T]):
    """What a COPY TO STDOUT gives: rows, or pieces of bytes. Made by `conn.copy_out()`, where more is said.

    While it is open nothing else runs on its connection. Closed before the end, outside a transaction the server is told to
    stop; inside one the rest is read and dropped, because a cancelled statement would cost the whole transaction.
    """

    __slots__ = ("_columns", "_conn", "_decoder", "_query", "_shape", "_source", "_sql", "_table", "_timeout")

    _what = "the COPY"

    def __init__(
        self,
        conn: AsyncConnection,
        sql: str,
        query: str | None,
        shape: Shape | None,
        table: str | None = None,
        timeout: float | None = None,
    ) -> None:
        """`query`: what the COPY copies, when it is to be decoded into rows of `shape`; `table`: its name, without a schema."""
        super().__init__()
        limit(timeout, None)  # refused now, not when it begins
        self._timeout = timeout
        self._conn = conn
        self._sql = sql
        self._query = query
        self._shape = shape
        self._table = table
        self._source: WireCopyOut | None = None
        self._decoder: CopyDecoder | None = None
        self._columns: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order, once rows have begun to come; empty for data that are not decoded."""
        return self._columns

    @property
    def rowcount(self) -> int:
        """The number of rows, once all have come; -1 before."""
        return -1 if self._source is None else self._source.rowcount

    def _world(self) -> World:
        return world_of(self._conn)

    async def _begin(self) -> None:
        wire = self._conn.wire
        with naming(self._table, None):
            if self._query is not None and self._shape is not None:
                described = await wire.describe(self._query, self._timeout)
                texts = described.types.as_text(described.type_codes)
                if any(texts):
                    self._sql = copy_query(with_texts(self._query, texts), Options())
                self._decoder = CopyDecoder(described.columns, described.type_codes, self._shape, described.types)
                self._columns = described.columns
                wire = self._conn.wire  # asked for anew: meanwhile a stream may have taken it
                with telling_of_texts(described.columns, texts):
                    self._source = await wire.copy_out(self._sql, self._timeout)
                return
            self._source = await wire.copy_out(self._sql, self._timeout)

    async def _piece(self, limit: int | None) -> list[T]:
        source, decoder = self._source, self._decoder
        if source is None:
            return []
        while (data := await source.read()) is not None:
            if decoder is None:
                return cast("list[T]", [data])
            if rows := decoder.feed(data):
                return rows
        if decoder is not None:
            decoder.finish()
        return []

    def _ending(self) -> None:
        if self._source is not None:
            drive(
                self._source.close()
            )  # waits for nothing: what comes is dropped, and the next statement waits for that

    async def _end(self, complete: bool) -> None:
        if self._source is not None:
            await self._source.close()


def copy_from_server(
    conn: AsyncConnection,
    table: str | None,
    columns: Sequence[str] | None,
    schema: str | None,
    options: Options,
    sql: str | None,
    *,
    decode: bool,
    shape: Shape | None = None,
    timeout: float | None = None,
) -> AsyncCopyOut[Any]:
    """The COPY of a table, of a query or of a whole statement; in binary format its rows, if `decode`, else its data."""
    copier(conn)
    if (table is None) == (sql is None):
        raise InterfaceError("copy_out takes either the name of a table or sql=, and exactly one of them")
    decode = decode and options.format == "binary"
    if shape is not None and not decode:
        raise InterfaceError(f"a shape is for rows, and format {options.format!r} gives bytes: leave it out")
    if table is not None:
        query = select(table, schema, columns)
    elif columns is not None or schema is not None:
        raise InterfaceError("with sql= the statement itself says columns and schema")
    else:
        check_sql(sql)
        query = sql or ""
    if is_copy(query):
        if options != Options() or shape is not None:
            raise InterfaceError("a whole COPY statement says format and options itself, and gives bytes")
        return AsyncCopyOut(conn, check_copy(query, "STDOUT"), None, None, timeout=timeout)
    statement = copy_query(query, options)
    alone = table if schema is None else None
    if not decode:
        return AsyncCopyOut(conn, statement, None, None, alone, timeout)
    return AsyncCopyOut(conn, statement, query, _TUPLES if shape is None else shape, alone, timeout)


async def write_to(file: Writable, out: AsyncCopyOut[Any], *, binary: bool) -> int:
    """Write the data of a COPY to a file; the number of rows."""
    if not hasattr(file, "write"):
        raise InterfaceError(f"{type(file).__name__} {file!r} is no open file: pass what open(path, 'wb') gives")
    decode = None
    if isinstance(file, io.TextIOBase):
        if binary:
            raise InterfaceError('a file opened as text cannot hold format="binary": open it with mode "wb"')
        if (encoding := other_encoding(out._sql)) is not None:
            raise InterfaceError(
                f"a file opened as text takes UTF-8, not ENCODING {encoding!r}: open it with mode 'wb'"
            )
        # A piece may end inside a character.
        decode = codecs.getincrementaldecoder("utf-8")().decode
    async with out:
        async for data in out:
            if isinstance(file, io.RawIOBase):
                _write_all(file, data)
                continue
            written = file.write(data if decode is None else decode(data))
            if isinstance(written, Awaitable):
                await written
    return out.rowcount


def _write_all(file: io.RawIOBase, data: bytes) -> None:
    """A file without a buffer, such as a pipe, takes as much as it likes."""
    rest = memoryview(data)
    while rest:
        count = file.write(rest)
        if count is None:
            raise BlockingIOError(f"{file!r} takes no more for now: give a file that waits")
        rest = rest[count:]
