"""The blocking MariaDB wire, over PyMySQL."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

from ferrow.errors import DatabaseError, InterfaceError, NotSupportedError
from ferrow.process import pid
from ferrow.wire.blocking.watch import readable
from ferrow.wire.deadline import late
from ferrow.wire.mysql.opening import MISSING, attempts, check_version, kill

try:
    from pymysql import err
    from pymysql.connections import Connection
except ImportError:
    raise NotSupportedError(MISSING) from None

from ferrow.wire.mysql.budget import Deadline
from ferrow.wire.mysql.failures import unreachable
from ferrow.wire.mysql.packed import SET_OPTION, answered
from ferrow.wire.mysql.session import setup
from ferrow.wire.mysql.tls import about_tls
from ferrow.wire.mysql.tracked import SESSION_TRACK, tracks
from ferrow.wire.mysql.wire import MysqlWire

if TYPE_CHECKING:
    from ferrow.wire.mysql.modes import Manner
    from ferrow.wire.settings import Settings


class _Told(Connection):  # type: ignore[misc]  # it has no types
    """A connection that is told what the server sets."""

    def _request_authentication(self) -> None:
        self.client_flag |= SESSION_TRACK & self.server_capabilities  # pyright: ignore[reportAttributeAccessIssue]  # its stubs lack it
        super()._request_authentication()  # pyright: ignore[reportAttributeAccessIssue]  # and this


def open_mysql(settings: Settings) -> BlockingMysqlWire:
    """Connect. Raises OperationalError or one of its kind, naming the server, never the password."""
    try:
        conn = connected(settings, {})
    except (err.Error, OSError) as error:
        raise unreachable(error, str(settings.redacted)) from error
    try:
        check_version(conn.get_server_info())  # first: another server does not understand the setup
        conn.query(setup(conn.get_server_info()))
        told = tracks(conn._result)
    except (err.Error, OSError) as error:
        conn._force_close()
        raise unreachable(error, str(settings.redacted)) from error
    except BaseException:
        conn._force_close()
        raise
    return BlockingMysqlWire(conn, settings, told)


def connected(settings: Settings, more: Mapping[str, Any]) -> Any:
    """PyMySQL's connection, in the first way of TLS that works. Raises its errors."""
    *others, last = attempts(settings)
    for given in others:
        try:
            return _connected({**given, **more})
        except (err.Error, OSError) as error:
            if not about_tls(error):
                raise
    return _connected({**last, **more})


def _connected(given: dict[str, Any]) -> Any:
    # Without a context PyMySQL would try TLS by itself.
    return _Told(**given, ssl_disabled=given["ssl"] is None)


class BlockingMysqlWire(MysqlWire):
    """One connection. Threads may share it: each statement runs alone."""

    __slots__ = ("_lock", "_turn")

    def __init__(self, conn: Any, settings: Settings, tracks: bool) -> None:
        super().__init__(conn, settings, tracks)
        self._lock = threading.Lock()
        self._turn = threading.RLock()

    async def _ask(self, sql: bytes, seconds: float | None, what: str, *, pieces: bool, manner: Manner | None) -> Any:
        conn = self._conn

        async def send(text: bytes) -> Any:
            if text:
                conn.query(text, unbuffered=pieces)
            else:
                conn.ping(reconnect=False)
            return conn._result

        async def query() -> Any:
            return await self._asked(send, sql, what, manner)

        return await self._alone(query, seconds, what)

    async def _ask_all(
        self, sql: bytes, seconds: float | None, what: str, answers: list[Any], manner: Manner | None
    ) -> Exception | None:
        conn = self._conn
        deadline = Deadline(seconds)

        async def first() -> Any:
            conn.query(sql)
            return conn._result

        async def more() -> Any:
            conn._read_timeout = None if seconds is None else deadline.left()
            conn.next_result()
            return conn._result

        async def query() -> Exception | None:
            self._must_be(manner)
            return await answered(self, self._option, first, more, err.Error, answers)

        error: Exception | None = await self._alone(query, seconds, what)
        return error

    async def _option(self, value: bytes) -> None:
        self._conn._execute_command(SET_OPTION, value)
        self._conn._read_packet()

    async def _alone(self, work: Callable[[], Awaitable[Any]], seconds: float | None, what: str) -> Any:
        conn = self._conn
        with self._lock:
            # PyMySQL's is for each wait; the server is silent until it is done.
            conn._read_timeout = seconds
            begun = monotonic()
            try:
                return await work()
            except err.OperationalError as error:
                if seconds is not None and self.closed and monotonic() - begun >= seconds * 0.95:
                    kill(self._settings, conn.thread_id())
                    raise late(seconds, what) from None
                raise error
            except (err.Error, DatabaseError):
                raise
            except BaseException:
                self.abort()  # whoever interrupts leaves the answer behind
                kill(self._settings, conn.thread_id())
                raise

    async def _take_turn(self, seconds: float | None, what: str) -> None:
        if not self._turn.acquire(timeout=-1 if seconds is None else min(seconds, threading.TIMEOUT_MAX)):
            raise late(seconds or 0.0, what, sent=False)

    async def next_row(self, result: Any, seconds: float | None, what: str) -> Any:
        async def row() -> Any:
            return result._read_rowdata_packet_unbuffered()

        return await self._alone(row, seconds, what)

    def probe(self) -> bool:
        if self.closed or self._open is not None or not self._lock.acquire(blocking=False):
            return not self.closed
        try:
            # Unasked the server says nothing but that it hangs up.
            if readable(self._conn._sock):
                self.abort()
            return not self.closed
        finally:
            self._lock.release()

    async def close(self) -> None:
        if self.closed:
            return
        if self._pid != pid() or (self._open is not None and self._open.reading):
            self.abort()  # the parent's, to whose server nothing may be said; or rows are on their way
            return
        try:
            self._conn.close()
        except (err.Error, OSError, InterfaceError):
            self.abort()

    def abort(self) -> None:
        self._leave_rows()
        self._conn._force_close()

    @property
    def closed(self) -> bool:
        return self._conn._sock is None
