"""mysqlclient (MySQLdb), whose results are made to look like PyMySQL's."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import MySQLdb  # pyright: ignore[reportMissingImports]

from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError
from ferrow.wire.dbapi.drivers.mysql import Mysql
from ferrow.wire.mysql import codes
from ferrow.wire.mysql.failures import DEADLOCK, HUNG_UP, number, translated
from ferrow.wire.mysql.refused import NO_BACKSLASH, encoded, must_escape, single
from ferrow.wire.mysql.session import is_mariadb

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params

_IN_TRANSACTION = "SELECT @@in_transaction"
# MySQL has no such variable, but refuses in a transaction what is about the next one. It stays what it would have been.
_PROBE = "SET @@transaction_read_only = @@session.transaction_read_only"
_REFUSED = 1568
_NONE = -1  # what an error leaves of the rows of a statement
_ENDS = ("COMMIT", "ROLLBACK")
_BINARY = 128  # the flag by which mysqlclient tells bytes from texts in its converters
_BYTES_OR_TEXT = ((_BINARY, bytes), (None, str))
_TEXTS = dict.fromkeys(range(256), str) | dict.fromkeys(
    (
        codes.BIT,
        codes.TINY_BLOB,
        codes.MEDIUM_BLOB,
        codes.LONG_BLOB,
        codes.BLOB,
        codes.VARCHAR,
        codes.VAR_STRING,
        codes.STRING,
        codes.GEOMETRY,
    ),
    _BYTES_OR_TEXT,
)
"""Converters that leave every value what the server has sent: a text, or bytes."""


class Mysqlclient(Mysql):
    """A connection of mysqlclient. It does not show whether a transaction is open, which the server is therefore asked for."""

    name = "mysqlclient"

    __slots__ = ("_inside",)

    def __init__(self, conn: Any) -> None:
        super().__init__(conn)
        self._inside: bool | None = None  # what is known since our last statement

    async def inside(self) -> bool:
        self._inside = None
        return await super().inside()

    def _used(self) -> bool:
        return bool(self.conn.affected_rows() != _NONE)

    def in_transaction(self) -> bool:
        if self._failed:
            return True
        if self._inside is None:
            self._inside = not self.closed and self._asked()
        return self._inside

    @property
    def implicit(self) -> bool:
        return not self.conn.get_autocommit()

    @property
    def closed(self) -> bool:
        return not self.conn.open

    def _asked(self) -> bool:
        try:
            if is_mariadb(self.version):
                return str(self._query(_IN_TRANSACTION).rows[0][0]) == "1"
            self._query(_PROBE)
        except MySQLdb.Error as error:
            if number(error) == _REFUSED:
                return True
            raise self._told(error, "") from error
        return False

    def _told(self, error: Exception, sql: str) -> DatabaseError:
        """Ours for an error, which may have ended the transaction, or the connection: mysqlclient goes on taking that for open."""
        made = translated(error, sql)
        if isinstance(made, ConnectionLost) or number(error) in HUNG_UP:
            if not self.closed:
                self.conn.close()
        elif number(error) in DEADLOCK:
            self._fails()
        return made

    async def _look(self) -> None:
        # Whether there was one is not known; outside of one we roll back, which is the end of that.
        with suppress(DatabaseError):  # the connection is gone, and with it the transaction
            if not (self._failed or self.closed or self._asked()):
                self._fails()

    async def setup(self) -> None:
        self._in_utf8()
        await super().setup()

    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Any:
        self._in_utf8()
        must_escape(NO_BACKSLASH if self._plain_backslash() else 0)
        return await super().run(sql, params, shape, kinds)

    def _in_utf8(self) -> None:
        """The session is set to UTF-8, in which the program's own statements would have to be written, too."""
        charset = self.conn.character_set_name()
        if not charset.startswith("utf8mb4"):
            raise InterfaceError(f"the connection's charset is {charset}: connect with charset='utf8mb4'")

    def _plain_backslash(self) -> bool:
        """Whether backslashes in texts are nothing special to the server, as the client library has last heard of it."""
        try:
            return bool(self.conn.escape_string(b"'") != b"\\'")
        except MySQLdb.Error:  # MySQL's own library refuses to answer in that mode
            return True

    def _query(self, text: str) -> Any:
        sent = encoded(text)
        conn = self.conn
        theirs, conn.converter = conn.converter, _TEXTS
        try:
            conn.query(sent)
            found = conn.store_result()
        finally:
            conn.converter = theirs
        said = conn.info()
        fields = [] if found is None else found.describe()
        made = SimpleNamespace(
            field_count=len(fields),
            fields=[
                SimpleNamespace(name=name, type_code=code, length=length, scale=scale)
                for name, code, _, length, _, scale, _ in fields
            ],
            rows=() if found is None else found.fetch_row(0, 0),
            affected_rows=conn.affected_rows() if found is None else 0,
            insert_id=conn.insert_id() if found is None else 0,
            message=said.encode() if isinstance(said, str) else said,
            has_next=conn.next_result() != -1,
        )
        return single(made, conn.close)

    async def ask(self, text: str) -> Any:
        self._inside = None
        try:
            return self._query(text)
        except DatabaseError:
            raise
        except MySQLdb.Error as error:
            raise self._told(error, text) from error

    async def say(self, sql: str) -> None:
        await super().say(sql)
        if sql in _ENDS:
            self._inside = False

    def cancel(self) -> None:
        """Nothing: a second connection would need the password, which this one does not tell."""

    async def close(self) -> None:
        with suppress(MySQLdb.Error):
            self.conn.close()
