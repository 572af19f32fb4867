"""PyMySQL, and aiomysql, which is made of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pymysql import err
from pymysql.constants import FIELD_TYPE

from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError
from ferrow.wire.dbapi.drivers.mysql import AUTOCOMMIT, Mysql, kill, reached
from ferrow.wire.mysql.failures import DEADLOCK, HUNG_UP, number, translated
from ferrow.wire.mysql.refused import encoded, must_escape, single
from ferrow.wire.mysql.texts import bound
from ferrow.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc import Params

_NUMBERS: dict[int, type[int] | type[float]] = {
    FIELD_TYPE.SHORT: int,
    FIELD_TYPE.INT24: int,
    FIELD_TYPE.LONG: int,
    FIELD_TYPE.LONGLONG: int,
    FIELD_TYPE.FLOAT: float,
    FIELD_TYPE.DOUBLE: float,
}


class _Before(int):
    """The status that the server had said before a deadlock, of which it says none: its next answer has another one in its place."""


class Pymysql(Mysql):
    """A connection of PyMySQL."""

    name = "PyMySQL"
    cancels = True
    direct = True
    parsed: Mapping[int, type[int] | type[float]] = _NUMBERS

    __slots__ = ("_last",)

    def __init__(self, conn: Any) -> None:
        super().__init__(conn)
        self._last: Any = None  # the result of our last statement

    async def inside(self) -> bool:
        # What the server says of its transaction at the end of rows is not kept: of a query of the program, it is asked again.
        found = self.conn._result
        if self.implicit and found is not None and found is not self._last and found.field_count:
            await self.ping()
        return await super().inside()

    def _used(self) -> bool:
        return type(self.conn.server_status) is not _Before

    async def ping(self) -> None:
        """Have the server say its status."""
        try:
            self.conn.ping(reconnect=False)
        except (err.Error, OSError) as error:
            raise self.told(error, "") from error

    @property
    def closed(self) -> bool:
        return self.conn._sock is None

    def reads(self, sql: Any) -> bool:
        """Whether a statement does nothing but read, and begins no transaction by itself."""
        status = self.conn.server_status
        return (
            isinstance(sql, str)
            and sql.startswith("SELECT")
            and bool(status & AUTOCOMMIT)
            and not (self._failed or self.closed)
            and not (self._own and isinstance(sql, Wording))
        )

    def read(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None) -> Result:
        """`run` of such a statement."""
        if params:
            self._modes.must_read_utf8()
        return self._made(
            self._asked(bound(sql, params, None if kinds is None else kinds.names, reading=self.reading)), shape, sql
        )

    def left_open(self) -> bool:
        """Nothing: a read that is broken off ends the connection."""
        return False

    async def ask(self, text: str) -> Any:
        return self._asked(text)

    def _asked(self, text: str) -> Any:
        conn = self.conn
        query = self.written(text)
        decoders, conn.decoders = conn.decoders, _NUMBERS
        try:
            self.query(query)
            self._last = conn._result
            return single(conn._result, conn._force_close)
        except DatabaseError:
            raise
        except (err.Error, OSError) as error:
            raise self.told(error, text) from error
        finally:
            conn.decoders = decoders

    def query(self, text: bytes) -> None:
        """Send a statement and read its result."""
        self.conn.query(text)

    def written(self, text: str) -> bytes:
        """A statement as it is sent. Raises ProgrammingError for what cannot be sent safely."""
        conn = self.conn
        if not conn.charset.startswith("utf8mb4"):
            raise InterfaceError(f"the connection's charset is {conn.charset}: connect with charset='utf8mb4'")
        must_escape(conn.server_status)
        return encoded(text)

    def told(self, error: BaseException, sql: str) -> DatabaseError:
        """Ours for an error, which may have ended the transaction."""
        made = translated(error, sql)
        if isinstance(made, ConnectionLost) or number(error) in HUNG_UP:
            self.abort()
        elif number(error) in DEADLOCK and self.in_transaction():
            self._fails()
        return made

    def _fails(self) -> None:
        super()._fails()
        self.conn.server_status = _Before(self.conn.server_status)

    def abort(self) -> None:
        """Drop the connection."""
        self.conn._force_close()

    def cancel(self) -> None:
        conn = self.conn
        if not self.closed:
            password = conn.password.decode("latin1") if isinstance(conn.password, bytes) else conn.password
            places = [("user", conn.user), ("password", password), ("unix_socket", conn.unix_socket)]
            places += [] if conn.unix_socket else [("host", conn.host), ("port", conn.port)]
            kill(reached(places), conn.thread_id())

    async def close(self) -> None:
        if not self.closed:
            self.conn.close()


class Aiomysql(Pymysql):
    """A connection of aiomysql."""

    name = "aiomysql"
    awaits = True

    __slots__ = ()

    async def ping(self) -> None:
        try:
            await self.conn.ping(reconnect=False)
        except (err.Error, OSError) as error:
            raise self.told(error, "") from error

    @property
    def closed(self) -> bool:
        return bool(self.conn.closed) or self.conn._reader.at_eof()

    async def ask(self, text: str) -> Any:
        conn = self.conn
        query = self.written(text)
        decoders, conn.decoders = conn.decoders, _NUMBERS
        try:
            sent: Awaitable[Any] = conn.query(query)
            await sent
            self._last = conn._result
            return single(conn._result, conn.close)
        except DatabaseError:
            raise
        except (err.Error, OSError) as error:
            raise self.told(error, text) from error
        finally:
            conn.decoders = decoders

    def abort(self) -> None:
        self.conn.close()

    def cancel(self) -> None:
        conn = self.conn
        if not self.closed:
            places = [("user", conn.user), ("password", conn._password), ("unix_socket", conn.unix_socket)]
            places += [] if conn.unix_socket else [("host", conn.host), ("port", conn.port)]
            kill(reached(places), conn.thread_id())

    async def close(self) -> None:
        if not self.closed:
            await self.conn.ensure_closed()
