"""psycopg 3, blocking and asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg  # pyright: ignore[reportMissingImports]  # LGPL: the user's
from psycopg.rows import tuple_row  # pyright: ignore[reportMissingImports]

from ferrow._core import Result
from ferrow.lexical import reported
from ferrow.wire.dbapi.drivers.postgresql import Postgresql, diagnosed, sent
from ferrow.wire.dbapi.drivers.postgresql_values import readers

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params

_IDLE = psycopg.pq.TransactionStatus.IDLE
_FAILED = psycopg.pq.TransactionStatus.INERROR
_INSIDE = psycopg.pq.TransactionStatus.INTRANS
_KEPT = 100  # rows
_STATEMENTS = 500
_UNKNOWN = psycopg.pq.TransactionStatus.UNKNOWN


class Psycopg(Postgresql):
    """A connection of psycopg. Its raw cursors take our placeholders."""

    name = "psycopg"
    cancels = True
    direct = True

    __slots__ = ("_columns", "_cursor", "_within")

    def __init__(self, conn: Any) -> None:
        super().__init__(conn)
        self._cursor: Any = None
        self._columns: dict[str, tuple[str, ...]] = {}  # of statements that name them
        self._within = False  # what is read belongs to a transaction of the program

    def in_transaction(self) -> bool:
        return self.conn.pgconn.transaction_status not in (_IDLE, _UNKNOWN)

    def failed(self) -> bool:
        return bool(self.conn.pgconn.transaction_status == _FAILED)

    @property
    def closed(self) -> bool:
        return bool(self.conn.closed)

    @property
    def reading(self) -> str:
        return reported(self.conn.info.parameter_status("standard_conforming_strings"))

    @property
    def version(self) -> str:
        return self.conn.info.parameter_status("server_version") or ""

    @property
    def pid(self) -> int | None:
        return int(self.conn.info.backend_pid)

    async def ask(self, sql: str, values: list[Any] | None) -> tuple[list[str] | None, Sequence[Sequence[Any]], int]:
        # One cursor for all: to make one takes longer than many a statement. It is ours alone while we have the connection.
        cursor, self._cursor = self._cursor, None
        try:
            if cursor is None:
                cursor = psycopg.RawCursor(self.conn, row_factory=tuple_row)
            cursor.execute(sql, values)  # pyright: ignore[reportArgumentType]  # psycopg wants literals
            names = _names(cursor)
            rows = () if names is None else cursor.fetchall()
            if len(rows) <= _KEPT:  # it holds on to its result until the next
                self._cursor = cursor
            return names, rows, cursor.rowcount
        except psycopg.Error as error:
            raise diagnosed(error, error.sqlstate, sql) from error

    def reads(self, sql: Any) -> bool:
        """Whether a statement does nothing but read, in a transaction of the program or in none."""
        status = self.conn.pgconn.transaction_status
        self._within = status == _INSIDE
        return sql.__class__ is str and sql.startswith("SELECT") and (self._within or status == _IDLE)

    def read(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        """`run` of such a statement; outside of a transaction it begins none that stays."""
        conn = self.conn
        if self._within or conn.autocommit:
            return self._read(sql, params, shape, kinds)
        conn.autocommit = self._forced = True
        try:
            return self._read(sql, params, shape, kinds)
        finally:
            if conn.pgconn.transaction_status == _IDLE:  # else `left_open` tells, and who undoes it sets it back
                conn.autocommit = self._forced = False

    def _read(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        cursor, self._cursor = self._cursor, None
        try:
            if cursor is None:
                cursor = psycopg.RawCursor(self.conn, row_factory=tuple_row)
            cursor.execute(sql, sent(params, kinds))  # pyright: ignore[reportArgumentType]
            known = self._columns.get(sql)
            columns = known or _names(cursor)
            rows = () if columns is None else cursor.fetchall()
            if len(rows) <= _KEPT:
                self._cursor = cursor
            if columns is None:  # SELECT INTO
                return Result.shaped((), shape, (), rowcount=cursor.rowcount, status="SELECT")
        except psycopg.Error as error:
            raise diagnosed(error, error.sqlstate, sql) from error
        promised = shape.kinds
        made = None if promised is None else readers(promised.names)
        result = Result.shaped(rows, shape, columns, rowcount=len(rows), status="SELECT", readers=made)
        if known is None and promised is not None and len(self._columns) < _STATEMENTS:
            self._columns[sql] = result.columns
        return result

    def left_open(self) -> bool:
        """Whether a read that was broken off still runs, or has left a transaction that is not the program's."""
        return not self._within and self.in_transaction()

    def cancel(self) -> None:
        with suppress(psycopg.Error):
            self.conn.cancel()


class AsyncPsycopg(Psycopg):
    """A connection of psycopg that is awaited."""

    awaits = True

    __slots__ = ("_cancelling",)

    def __init__(self, conn: Any) -> None:
        super().__init__(conn)
        self._cancelling: set[asyncio.Task[Any]] = set()

    async def ask(self, sql: str, values: list[Any] | None) -> tuple[list[str] | None, Sequence[Sequence[Any]], int]:
        cursor, self._cursor = self._cursor, None
        try:
            if cursor is None:
                cursor = psycopg.AsyncRawCursor(self.conn, row_factory=tuple_row)
            await cursor.execute(sql, values)  # pyright: ignore[reportArgumentType]  # psycopg wants literals
            names = _names(cursor)
            rows = () if names is None else await cursor.fetchall()
            if len(rows) <= _KEPT:
                self._cursor = cursor
            return names, rows, cursor.rowcount
        except psycopg.Error as error:
            raise diagnosed(error, error.sqlstate, sql) from error

    async def alone(self, on: bool) -> None:
        conn = self.conn
        if on:
            if not conn.autocommit:
                await conn.set_autocommit(True)
                self._forced = True
        elif self._forced:
            await conn.set_autocommit(False)
            self._forced = False

    def cancel(self) -> None:
        task = asyncio.ensure_future(self._cancel())
        self._cancelling.add(task)
        task.add_done_callback(self._cancelling.discard)

    async def _cancel(self) -> None:
        with suppress(psycopg.Error):
            await self.conn.cancel_safe()

    async def close(self) -> None:
        await self.conn.close()


def _names(cursor: Any) -> list[str] | None:
    """The names of a result's columns, None if it has none. (`description` makes an object of each.)"""
    result = cursor.pgresult
    count = result.nfields
    if not count:
        return None
    encoding = cursor._encoding
    return [result.fname(place).decode(encoding) for place in range(count)]
