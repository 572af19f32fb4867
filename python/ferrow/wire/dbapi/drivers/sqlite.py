"""Python's sqlite3. What it stores and reads goes through our own core, so that both may share a file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ferrow._core import sqlite_read, sqlite_result, sqlite_values
from ferrow.errors import DataError, InterfaceError, from_sqlite
from ferrow.hints import no_statement
from ferrow.wire.dbapi.drivers import sqlite_numbers
from ferrow.wire.dbapi.drivers.base import Driver
from ferrow.wire.dbapi.drivers.sqlite_cursor import SqliteCursor
from ferrow.wire.dbapi.drivers.sqlite_functions import register
from ferrow.wire.dbapi.drivers.sqlite_many import inserted
from ferrow.wire.dbapi.drivers.sqlite_names import fit
from ferrow.wire.dbapi.drivers.sqlite_pending import always, pending
from ferrow.wire.dbapi.drivers.sqlite_script import statements
from ferrow.wire.dbapi.rewritten import many_rows
from ferrow.wire.sqlite_copies import theirs

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc import Params
    from ferrow.errors import DatabaseError

_STATEMENTS = 500
_INSERTS = ("INSERT", "insert", "REPLACE", "replace")
_READ_ONLY = "BEGIN READ ONLY"
_ENDS = ("COMMIT", "ROLLBACK")
_GONE = "Cannot operate on a closed database."


class Sqlite(Driver):
    """A connection of sqlite3, in any of its modes of transactions.

    In the old one (`isolation_level` is a text) a statement that writes begins a transaction by itself, with `autocommit=False`
    (Python 3.12) there always is one. A transaction of ours begins and ends in words of SQL, which all modes leave alone but that last one:
    it is turned off meanwhile.
    """

    dialect = "sqlite"
    name = "sqlite3"
    cancels = True
    insists = True
    flat = True
    direct = True

    __slots__ = ("_columns", "_cursor", "_modes", "_off", "_refusing", "conn")

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn: Any = conn
        self._modes = hasattr(type(conn), "autocommit")  # and so may always be in a transaction
        self._off = False  # whether autocommit=False is turned off
        self._refusing = False
        self._cursor: sqlite3.Cursor | None = None
        self._columns: dict[str, tuple[str, ...]] = {}  # of statements that name them

    async def setup(self) -> None:
        try:
            register(self.conn)
            with closing(self.conn.cursor(sqlite3.Cursor)) as cursor:
                cursor.row_factory = None
                _, _, path = cursor.execute("PRAGMA database_list").fetchone()
        except sqlite3.Error as error:
            raise translated(error, None) from error
        theirs(self, path if isinstance(path, str) else os.fsdecode(path or b""))

    # --- state -------------------------------------------------------------------------------------------------------

    def in_transaction(self) -> bool:
        return bool(self.conn.in_transaction)  # it asks no thread

    def begun(self) -> bool:
        conn = self.conn
        if not (self._modes and always(conn)):
            return bool(conn.in_transaction)
        try:
            return pending(conn)
        except sqlite3.Error as error:
            raise translated(error, None) from error

    async def alone(self, on: bool) -> None:
        conn: Any = self.conn
        if on:
            if self._modes and always(conn):
                conn.autocommit = True  # which commits: nothing, or it would be the program's transaction
                self._off = True
        elif self._off:
            self._off = False
            conn.autocommit = False

    @property
    def closed(self) -> bool:
        try:
            # It asks no thread, unlike most, and no mutex: newer SQLites have one around all that a statement may change.
            self.conn.isolation_level  # noqa: B018
        except sqlite3.ProgrammingError:
            return True
        return False

    @property
    def version(self) -> str:
        return sqlite3.sqlite_version

    # --- statements --------------------------------------------------------------------------------------------------

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        conn = self.conn
        if not isinstance(sql, str):
            raise InterfaceError(no_statement(sql))
        if conn.text_factory is not str:
            return await self._as_text(sql, params, shape, kinds)
        try:
            cursor = conn.cursor(sqlite3.Cursor)
            cursor.row_factory = None
            try:
                _execute(cursor, sql, params, kinds)
                description = cursor.description
                if description is None:
                    inserted = cursor.lastrowid if sql.lstrip().startswith(_INSERTS) else None
                    affected = cursor.rowcount
                    if affected < 0 and sql.lstrip()[:4].upper() == "WITH":  # which sqlite3 does not take for a change
                        affected = cursor.execute("SELECT changes()").fetchone()[0]
                    return sqlite_result([], shape, (), rowcount=affected, last_rowid=inserted)
                rows = cursor.fetchall()
                return sqlite_result(rows, shape, [column[0] for column in description], rowcount=len(rows))
            finally:
                cursor.close()
        except sqlite3.Error as error:
            raise translated(error, sql) from error
        except UnicodeEncodeError as error:
            raise DataError(f"the statement holds a lone surrogate, which UTF-8 cannot write: {error}") from error

    async def _as_text(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        """As `run`, where the program reads texts as something else."""
        conn = self.conn
        theirs, conn.text_factory = conn.text_factory, str
        try:
            return await self.run(sql, params, shape, kinds)
        finally:
            conn.text_factory = theirs

    def reads(self, sql: Any) -> bool:
        """Whether a statement does nothing but read: a transaction of the program it is a part of, and begins none that stays.

        Nor where the program reads texts as something else, has a transaction open at all times, or a Python that takes numbers for
        names: `run` sees to that.
        """
        conn = self.conn
        return (
            sql.__class__ is str
            and sql.startswith("SELECT")
            and conn.text_factory is str
            and not (self._modes and (always(conn) or (sqlite_numbers.MISTAKEN and "?1" in sql)))
        )

    def read(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        """`run` of such a statement, by one cursor for all of them: to make one takes as long as to find a row."""
        try:
            cursor = self._cursor
            if cursor is None:
                cursor = self._cursor = self.conn.cursor(sqlite3.Cursor)
                cursor.row_factory = None
            fit(sql, params)
            columns = self._columns.get(sql)
            result = sqlite_read(cursor, sql, params or None, shape, kinds, columns)
        except sqlite3.Error as error:
            self._cursor = None
            raise translated(error, sql) from error
        except UnicodeEncodeError as error:
            raise DataError(f"the statement holds a lone surrogate, which UTF-8 cannot write: {error}") from error
        if columns is None and shape.kinds is not None and len(self._columns) < _STATEMENTS:
            self._columns[sql] = result.columns
        return result

    def left_open(self) -> bool:
        """Nothing: no read begins a transaction here."""
        return False

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]], shape: Shape, kinds: Kinds | None) -> Result:
        many = many_rows(sql, self.dialect) if len(rows) > 1 and self.conn.text_factory is str else None
        if many is not None and (flat := many.flat(rows)) is not None:
            try:
                return inserted(self.conn, many, flat, shape, kinds)
            except sqlite3.Error as error:
                raise translated(error, sql) from error
        if not sql.lstrip()[:7].upper().startswith(("INSERT", "UPDATE", "DELETE")) or "RETURNING" in sql.upper():
            return await super().run_many(sql, [*rows], shape, kinds)
        try:
            for place, row in enumerate(rows, 1):
                fit(sql, row, place)
            stored = [sqlite_values(row, kinds, place) for place, row in enumerate(rows, 1)]
            with closing(self.conn.cursor(sqlite3.Cursor)) as cursor:
                text = sql
                if sqlite_numbers.MISTAKEN and len({*map(len, stored)}) == 1:
                    text = sqlite_numbers.positional(sql, stored[0])[0]
                    stored = [sqlite_numbers.positional(sql, row)[1] for row in stored]
                cursor.executemany(text, stored)
                return sqlite_result([], shape, (), rowcount=max(0, cursor.rowcount))
        except sqlite3.Error as error:
            raise translated(error, sql) from error

    async def open_cursor(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Any:
        reads = sql.lstrip()[:6].upper().startswith(("SELECT", "VALUES", "WITH"))
        if not reads or self.conn.text_factory is not str:
            return await super().open_cursor(sql, params, shape, kinds)
        try:
            cursor = self.conn.cursor(sqlite3.Cursor)
            cursor.row_factory = None
            _execute(cursor, sql, params, kinds)
        except sqlite3.Error as error:
            raise translated(error, sql) from error
        return SqliteCursor(cursor, shape, sql, translated)

    async def say(self, sql: str) -> None:
        try:
            if sql == _READ_ONLY:
                self._refusing = True
                self.conn.execute("BEGIN").close()
                self.conn.execute("PRAGMA query_only = ON").close()
            elif sql in _ENDS:
                self._end(sql)
            else:
                self.conn.execute(sql).close()
        except sqlite3.Error as error:
            raise translated(error, sql) from error

    def _end(self, sql: str) -> None:
        try:
            # In words: the driver's own calls do nothing where it believes that there is no transaction.
            if not self.conn.in_transaction:
                (self.conn.commit if sql == "COMMIT" else self.conn.rollback)()
            else:
                self.conn.execute(sql).close()
        finally:
            if self._refusing and not self.conn.in_transaction:
                self._refusing = False
                self.conn.execute("PRAGMA query_only = OFF").close()

    def split(self, sql: str) -> list[str]:
        return statements(sql)

    def cancel(self) -> None:
        self.conn.interrupt()


def _execute(cursor: sqlite3.Cursor, sql: str, params: Params, kinds: Kinds | None) -> None:
    fit(sql, params)
    values: Any = sqlite_values(params, kinds) if params else ()
    if sqlite_numbers.MISTAKEN and values:
        sql, values = sqlite_numbers.positional(sql, values)
    cursor.execute(sql, values)


def translated(error: sqlite3.Error, sql: str | None) -> DatabaseError:
    """Ours for an error of sqlite3."""
    code = getattr(error, "sqlite_errorcode", None)
    message = str(error)
    if code is None:  # found by the module itself
        made: DatabaseError
        if message == _GONE:
            made = InterfaceError("Connection is closed")
        elif isinstance(error, sqlite3.DataError):
            made = DataError(message)
        else:
            made = from_sqlite(1, message, sql)
        made.query = sql
        return made
    return from_sqlite(code, message, sql)
