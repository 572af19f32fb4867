"""A COPY of rows, which are encoded here: in its binary format, or in text where a type has no binary form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from ferrow._core import CopyEncoder, Shape
from ferrow.driver.copy_data import copy_data, sending
from ferrow.driver.copy_domains import domains_of
from ferrow.driver.copy_models import attributes, columns_of
from ferrow.driver.copy_source import PIECE, is_data
from ferrow.driver.copy_sql import Format, Options, copy_from, select
from ferrow.errors import DatabaseError, InterfaceError, ProgrammingError
from ferrow.hints import of_frame
from ferrow.identifier import quoted_table

if TYPE_CHECKING:
    from ferrow.abc import WireCopyIn
    from ferrow.driver.connection import AsyncConnection

_COLUMN = Shape.column(0)

_FIRST = 1 << 14
"""Bytes that are encoded before the COPY begins: some, to find out whether rows fit, and few, because the server waits."""

_OTHER_TYPES = "42804"
"""SQLSTATE of a server that is sent values of a composite type as it was before."""

_NO_BINARY = "42883"
"""SQLSTATE of a type that a COPY in binary cannot have."""

# What COPY takes when no columns are named: a generated column is not among them. No codec is for cstring, as one may be for text.
_WRITABLE = """\
SELECT pg_catalog.nameout(attname) FROM pg_catalog.pg_attribute
WHERE attrelid = pg_catalog.to_regclass(pg_catalog.textin($1)) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum"""


async def copy_rows(
    conn: AsyncConnection,
    table: str,
    schema: str | None,
    columns: Sequence[str] | None,
    source: Any,
    timeout: float | None,
) -> int:
    """Encode the rows of the source and send them.

    The source takes the time it likes, so each step asks for the wire anew: a stream may have taken it meanwhile.
    """
    if hasattr(source, "read") or is_data(source):
        _check_binary(source)
        return await copy_data(conn, copy_from(table, schema, columns, Options()), source, timeout)
    if (frame := of_frame(source)) is not None:
        raise InterfaceError(frame)
    if type(source) in (list, tuple):
        count = await _as_before(conn, table, schema, columns, source, timeout)
        if count is not None:
            return count
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
            conn, sql, chain(first, plain) if plain is not None else _joined(first[0], rest), timeout
        )
    if first:
        columns = (
            _keys(first[0]) if columns is None and isinstance(first[0], Mapping) else columns_of(first[0], columns)
        )
    encoder, names = await _encoder(conn, table, schema, columns, timeout)
    sql = copy_from(table, schema, names, Options(encoder.format))
    # Rows that do not fit are refused before the COPY begins, if they come early enough.
    if plain is not None:
        rows = source if type(source) is list else chain(first, plain)
        more = encoder.fill(rows, _FIRST)
        return await _sent(await conn.wire.copy_in(sql, timeout), encoder, rows, more)
    pieces = _filled(encoder, _joined(first[0], rest) if first else rest)
    more = await anext(pieces)
    return await _sent_one_by_one(await conn.wire.copy_in(sql, timeout), encoder, pieces, more)


async def _as_before(
    conn: AsyncConnection,
    table: str,
    schema: str | None,
    columns: Sequence[str] | None,
    source: Sequence[Any],
    timeout: float | None,
) -> int | None:
    """The same with what the columns were the last time, which saves asking for them before the COPY.

    What they are now is told with its beginning, and nothing is sent before. None, and nothing is written, where they are
    others or not known: the rows of a list can be read once more.
    """
    if not source:
        return None
    columns = _keys(source[0]) if columns is None and isinstance(source[0], Mapping) else columns_of(source[0], columns)
    if columns is None:
        return None
    query = _query(table, schema, tuple(columns))
    known = conn.wire.remembered(query)
    if known is None:
        return None
    domains = await domains_of(conn.wire, known, table, schema, timeout, anew=False)
    rows = source if type(source) is list else iter(source)
    try:
        encoder = CopyEncoder(*known[:3], attributes, domains)
        more = encoder.fill(rows, _FIRST)
    except Exception:
        return None  # whether they fit the columns as they are now is found out by asking
    try:
        sink = await conn.wire.copy_in(_copy(table, schema, tuple(columns), encoder.format), timeout, query)
    except DatabaseError as error:
        if error.sqlstate == _NO_BINARY:  # a column has become of one
            return None
        raise
    if sink.described != known[:2]:
        await sink.fail("the columns have changed")
        return None
    try:
        return await _sent(sink, encoder, rows, more)
    except DatabaseError as error:
        if error.sqlstate == _OTHER_TYPES:
            return None
        raise


@lru_cache(256)
def _copy(table: str, schema: str | None, columns: tuple[str, ...], format: Format) -> str:
    return copy_from(table, schema, columns, Options(format))


@lru_cache(256)
def _query(table: str, schema: str | None, columns: tuple[str, ...]) -> str:
    """The query that has the columns of the COPY."""
    return select(table, schema, columns)


def _check_binary(data: object) -> None:
    if isinstance(data, str):
        raise InterfaceError(
            f"a row is a tuple, list, dict or object, not the str {data[:20]!r}; for text say format='csv' or format='text'"
        )


async def _encoder(
    conn: AsyncConnection, table: str, schema: str | None, columns: Sequence[str] | None, timeout: float | None
) -> tuple[CopyEncoder, Sequence[str]]:
    if columns is None:
        columns = (await conn.wire.run(_WRITABLE, [quoted_table(table, schema)], _COLUMN, None, timeout)).rows
        if not columns:
            await conn.wire.describe(select(table, schema, None), timeout)  # raises if there is no such table
            raise ProgrammingError(f"the table {table!r} has no columns that a COPY could fill")
    described = await conn.wire.describe(select(table, schema, columns), timeout)
    domains = await domains_of(conn.wire, described, table, schema, timeout, anew=True)
    return CopyEncoder(*described[:3], attributes, domains), columns


def _keys(row: Mapping[Any, Any]) -> list[str]:
    for key in row:
        if not isinstance(key, str):
            raise ProgrammingError(f"the keys of a row are names of columns, not {type(key).__name__}: {key!r}")
    return list(row)


async def _sent(sink: WireCopyIn, encoder: CopyEncoder, rows: Iterator[Any] | list[Any], more: bool) -> int:
    """Send what has been encoded, and the rest, if there is more."""
    async with sending(sink):
        # False: the server has had enough, and says why in the end.
        while more and await sink.write(encoder):
            more = encoder.fill(rows, PIECE)
        encoder.end()
    return await sink.finish(encoder)


async def _sent_one_by_one(sink: WireCopyIn, encoder: CopyEncoder, pieces: AsyncIterator[bool], more: bool) -> int:
    async with sending(sink):
        while more and await sink.write(encoder):
            more = await anext(pieces)
        encoder.end()
    return await sink.finish(encoder)


async def _filled(encoder: CopyEncoder, rows: AsyncIterator[Any] | None) -> AsyncIterator[bool]:
    """Whether there are more rows, each time that there is a piece to send."""
    if rows is not None:
        async for row in rows:
            if encoder.add(row) >= PIECE:
                yield True
    yield False


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
