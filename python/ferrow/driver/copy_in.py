"""COPY FROM STDIN: rows, or data that are written already, into a table."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from ferrow._core import CopyEncoder, Shape
from ferrow.driver.copy_source import PIECE, check_source, data_of, is_data
from ferrow.driver.copy_sql import Options, check_copy, copier, copy_from, naming, select
from ferrow.errors import InterfaceError, ProgrammingError
from ferrow.identifier import quoted_table

if TYPE_CHECKING:
    from ferrow.abc import Wire, WireCopyIn
    from ferrow.driver.connection import AsyncConnection

_COLUMN = Shape.column(0)

_FIRST = 1 << 14
"""Bytes that are encoded before the COPY begins: some, to find out whether rows fit, and few, because the server waits."""

# What COPY takes when no columns are named: a generated column is not among them.
_WRITABLE = """\
SELECT attname::text FROM pg_catalog.pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum"""


async def copy_statement(
    conn: AsyncConnection, sql: str, source: Any, *, rest: tuple[Any, ...], timeout: float | None = None
) -> int:
    """A whole COPY statement and its data; `rest` are the other arguments, none of which goes with it."""
    wire, world = copier(conn)
    if rest != (None, None, None, None, Options()):
        raise InterfaceError("with sql= the statement itself says table, columns and format; its data are source=")
    if source is None:
        raise InterfaceError("with sql= the data to copy are source=")
    check_source(source, world.name)
    return await copy_data(wire, check_copy(sql, "STDIN"), source, timeout)


async def copy_table(
    conn: AsyncConnection,
    table: str | None,
    schema: str | None,
    columns: Sequence[str] | None,
    options: Options,
    rows: Any,
    timeout: float | None = None,
) -> int:
    """Rows, or data in one of COPY's formats, into a table."""
    wire, world = copier(conn)
    if table is None:
        raise InterfaceError("copy_in takes the name of a table, or sql= with a whole COPY statement")
    if rows is None:
        raise InterfaceError(f"there is nothing to copy into {table!r}: pass the rows as the second argument")
    sql = copy_from(table, schema, columns, options)
    check_source(rows, world.name)
    with naming(table, schema):
        if options.format == "binary":
            return await copy_rows(wire, table, schema, columns, rows, timeout)
        return await copy_data(wire, sql, rows, timeout)


async def copy_data(wire: Wire, sql: str, source: Any, timeout: float | None) -> int:
    """Send what the source gives, as it is."""
    pieces = data_of(source)
    first = await anext(pieces, b"")  # a source that fails at once costs nothing
    sink = await wire.copy_in(sql, timeout)
    return await _sent(sink, _chained(first, pieces))


async def copy_rows(
    wire: Wire, table: str, schema: str | None, columns: Sequence[str] | None, source: Any, timeout: float | None
) -> int:
    """Encode the rows of the source and send them."""
    if hasattr(source, "read") or is_data(source):
        _check_binary(source)
        return await copy_data(wire, copy_from(table, schema, columns, Options()), source, timeout)
    plain: Iterator[Any] | None = None
    rest: AsyncIterator[Any] | None = None
    if hasattr(source, "__aiter__"):
        rest = aiter(source)
        first = [row async for row in _one(rest)]
    else:
        plain = iter(source)
        first = list(_some(plain))
    if first and is_data(first[0]):
        _check_binary(first[0])
        sql = copy_from(table, schema, columns, Options())
        return await copy_data(
            wire, sql, chain(first, plain) if plain is not None else _joined(first[0], rest), timeout
        )
    if columns is None and first and isinstance(first[0], Mapping):
        columns = _keys(first[0])
    encoder, names = await _encoder(wire, table, schema, columns, timeout)
    sql = copy_from(table, schema, names, Options())
    if plain is not None:
        pieces = _encoded(encoder, chain(first, plain) if first else plain)
    else:
        pieces = _encoded_one_by_one(encoder, _joined(first[0], rest) if first else rest)
    piece = await anext(pieces)  # rows that do not fit are refused before the COPY begins, if they come early enough
    sink = await wire.copy_in(sql, timeout)
    return await _sent(sink, _chained(piece, pieces))


def _check_binary(data: object) -> None:
    if isinstance(data, str):
        raise InterfaceError(
            f"a row is a tuple, list, dict or object, not the str {data[:20]!r}; for text say format='csv' or format='text'"
        )


async def _encoder(
    wire: Wire, table: str, schema: str | None, columns: Sequence[str] | None, timeout: float | None
) -> tuple[CopyEncoder, Sequence[str]]:
    if columns is None:
        columns = (await wire.run(_WRITABLE, [quoted_table(table, schema)], _COLUMN, None, timeout)).rows
        if not columns:
            raise ProgrammingError(f"the table {table!r} has no columns that a COPY could fill")
    described = await wire.describe(select(table, schema, columns), timeout)
    return CopyEncoder(*described), columns


def _keys(row: Mapping[Any, Any]) -> list[str]:
    for key in row:
        if not isinstance(key, str):
            raise ProgrammingError(f"the keys of a row are names of columns, not {type(key).__name__}: {key!r}")
    return list(row)


async def _sent(sink: WireCopyIn, pieces: AsyncIterator[bytes | memoryview]) -> int:
    try:
        async for piece in pieces:
            if not await sink.write(piece):
                break  # the server has had enough: it says why
    except Exception as error:
        await sink.fail(f"{type(error).__name__}: {error}")
        raise
    except BaseException:
        sink.leave()  # whoever is cancelled goes at once
        raise
    return await sink.finish()


async def _encoded(encoder: CopyEncoder, rows: Iterator[Any]) -> AsyncIterator[bytes]:
    if encoder.fill(rows, _FIRST):
        yield encoder.take()
    while encoder.fill(rows, PIECE):
        yield encoder.take()
    yield encoder.finish()


async def _encoded_one_by_one(encoder: CopyEncoder, rows: AsyncIterator[Any] | None) -> AsyncIterator[bytes]:
    if rows is not None:
        async for row in rows:
            if encoder.add(row) >= PIECE:
                yield encoder.take()
    yield encoder.finish()


def _some(rows: Iterator[Any]) -> Iterator[Any]:
    """The first row, if there is one."""
    for row in rows:
        yield row
        return


async def _one(rows: AsyncIterator[Any]) -> AsyncIterator[Any]:
    try:
        yield await anext(rows)
    except StopAsyncIteration:
        return


async def _joined(first: Any, rest: AsyncIterator[Any] | None) -> AsyncIterator[Any]:
    yield first
    if rest is not None:
        async for row in rest:
            yield row


async def _chained(
    first: bytes | memoryview, rest: AsyncIterator[bytes | memoryview] | AsyncIterator[bytes]
) -> AsyncIterator[bytes | memoryview]:
    yield first
    async for piece in rest:
        yield piece
