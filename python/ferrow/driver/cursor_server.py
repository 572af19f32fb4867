"""Cursors (PEP 249) whose rows stay on the server until they are fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

from ferrow.driver.cursor import AsyncCursor, Parameters
from ferrow.driver.description import Column, described
from ferrow.driver.fetch import NO_RESULT, checked_size
from ferrow.driver.stream import AsyncStream
from ferrow.driver.tokens import tokens

if TYPE_CHECKING:
    from ferrow.abc.pieces import Portal
    from ferrow.driver.connection import AsyncConnection

CHUNK = 1000
"""Rows of a piece, where nobody says how many he wants."""

_READS = frozenset({"SELECT", "VALUES", "TABLE"})
_CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)


class AsyncServerCursor(AsyncCursor):
    """As `AsyncCursor`, but a query's rows are read in pieces, and other statements may run meanwhile. On PostgreSQL.

    Without a transaction, that is with `autocommit`, it holds one of its own, and the connection, until it is closed or read to its end.
    `rollback` of the connection closes it, too. A statement that changes something is run to its end, since nobody may ever fetch from it.
    """

    __slots__ = ("_stream",)

    def __init__(self, conn: AsyncConnection) -> None:
        super().__init__(conn)
        self._stream: AsyncStream[Any] | None = None

    @property
    def description(self) -> tuple[Column, ...] | None:
        """As that of `AsyncCursor`."""
        stream = self._stream
        return super().description if stream is None else described(cast("Portal", stream._cursor).opened)

    async def execute(self, sql: str, params: Parameters = None) -> Self:
        """As that of `AsyncCursor`."""
        await self._leave()
        if not _reads(sql):
            return await super().execute(sql, params)
        conn = self._conn
        wire = conn.wire
        statement = self._start(wire, sql, params)
        values = statement.values(params)
        if conn._implicit.wanted(wire):
            await conn._implicit.begin(conn, wire)
        stream = AsyncStream[Any](conn, statement.sql, () if values is None else values, chunk=CHUNK, shape=self._shape)
        await stream.__aenter__()
        if not cast("Portal", stream._cursor).opened.returns_rows:  # SELECT INTO
            await stream.close()
            return await super().execute(sql, params)
        self._stream = stream
        conn._implicit.streams(stream)
        return self

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> Self:
        """As that of `AsyncCursor`."""
        await self._leave()
        return await super().executemany(sql, rows)

    async def fetchone(self) -> Any:
        """As that of `AsyncCursor`."""
        if self._stream is None:
            return await super().fetchone()
        self._check()
        return await anext(self._stream, None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """As that of `AsyncCursor`, but nothing where there is no result: SQLAlchemy asks before it looks."""
        if self._stream is None:
            return [] if self._rest is NO_RESULT else await super().fetchmany(size)
        self._check()
        wanted = checked_size(self._size if size is None else size)
        rows: list[Any] = []
        while len(rows) < wanted and (piece := await self._stream.fetch(wanted - len(rows))):
            rows += piece
        return rows

    async def fetchall(self) -> list[Any]:
        """As that of `AsyncCursor`."""
        if self._stream is None:
            return await super().fetchall()
        self._check()
        rows: list[Any] = []
        while piece := await self._stream.fetch():
            rows += piece
        return rows

    async def close(self) -> None:
        """As that of `AsyncCursor`."""
        await self._leave()
        await super().close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        if self._stream is None:
            return await super().__anext__()
        self._check()
        return await self._stream.__anext__()

    async def _leave(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.close()


def _reads(sql: str) -> bool:
    first = next((token.text.upper() for token in tokens(sql, "postgresql") if token.kind == "word"), "")
    return first in _READS or (first == "WITH" and _CHANGES.search(sql) is None)
