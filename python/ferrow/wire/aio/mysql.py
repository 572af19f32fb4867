"""The asyncio MariaDB wire, over aiomysql."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from ferrow.errors import DatabaseError, NotSupportedError, OperationalError
from ferrow.wire.aio.reentrant import TaskLock
from ferrow.wire.deadline import late
from ferrow.wire.mysql.opening import MISSING, attempts, check_version, kill

try:
    from aiomysql.connection import Connection
    from pymysql import err
    from pymysql.constants import CLIENT
except ImportError:
    raise NotSupportedError(MISSING) from None

from ferrow.wire.mysql.failures import unreachable
from ferrow.wire.mysql.packed import SET_OPTION, answered
from ferrow.wire.mysql.session import setup
from ferrow.wire.mysql.tls import about_tls
from ferrow.wire.mysql.tracked import SESSION_TRACK, tracks
from ferrow.wire.mysql.wire import MysqlWire

if TYPE_CHECKING:
    from ferrow.wire.mysql.modes import Manner
    from ferrow.wire.settings import Settings


class _Quiet(Connection):  # type: ignore[misc]  # it has no types
    """A connection that is told what the server sets, and closed without a word when nobody has it any more, as the other wires are.

    aiomysql's own warns, and fails where the loop has ended before. And it would go on in plain text, password included, with a
    server that says it has no TLS.
    """

    async def _request_authentication(self) -> None:
        if self._ssl_context and not self.server_capabilities & CLIENT.SSL:
            raise err.OperationalError(2026, "SSL connection error: TLS is required but the server does not support it")
        self.client_flag |= SESSION_TRACK & self.server_capabilities
        await super()._request_authentication()

    def __del__(self) -> None:
        writer, self._writer = self.__dict__.get("_writer"), None
        if writer is not None:
            _shut(writer.transport)


def _shut(transport: Any) -> None:
    try:
        transport.abort()
    except RuntimeError:  # its loop has ended, and does not close it any more
        sock, transport._sock = getattr(transport, "_sock", None), None
        if sock is not None:
            sock.close()


async def open_mysql(settings: Settings) -> AsyncioMysqlWire:
    """Connect. Raises OperationalError or one of its kind, naming the server, never the password."""
    *others, last = attempts(settings)
    for given in others:
        try:
            return await _open(settings, given)
        except OperationalError as error:
            if error.__cause__ is None or not about_tls(error.__cause__):
                raise
    return await _open(settings, last)


async def _open(settings: Settings, given: dict[str, Any]) -> AsyncioMysqlWire:
    conn = _Quiet(db=given.pop("database", None), **given)
    # aiomysql would let several statements come in one text, and an injected one among them.
    conn.client_flag &= ~CLIENT.MULTI_STATEMENTS
    try:
        async with asyncio.timeout(settings.connect_timeout or None):
            await conn._connect()
            check_version(conn.get_server_info())  # first: another server does not understand the setup
            await conn.query(setup(conn.get_server_info()))
            told = tracks(conn._result)
    except (err.Error, OSError) as error:
        conn.close()
        raise unreachable(
            error.__cause__ if isinstance(error.__cause__, OSError) else error, settings.redacted
        ) from error
    except BaseException:
        conn.close()
        raise
    return AsyncioMysqlWire(conn, settings, told)


class AsyncioMysqlWire(MysqlWire):
    """One connection of one event loop. Concurrent statements run in the order in which they were made.

    A caller that is cancelled leaves at once, and its connection with it: the server is told to end what runs.
    """

    __slots__ = ("_lock", "_turn")

    def __init__(self, conn: Any, settings: Settings, tracks: bool) -> None:
        super().__init__(conn, settings, tracks)
        self._lock = asyncio.Lock()
        self._turn = TaskLock()

    async def _ask(self, sql: bytes, seconds: float | None, what: str, *, pieces: bool, manner: Manner | None) -> Any:
        conn = self._conn

        async def send(text: bytes) -> Any:
            if text:
                await conn.query(text, unbuffered=pieces)
            else:
                await conn.ping(reconnect=False)
            return conn._result

        async def query() -> Any:
            return await self._asked(send, sql, what, manner)

        return await self._timed(query, seconds, what)

    async def _ask_all(
        self, sql: bytes, seconds: float | None, what: str, answers: list[Any], manner: Manner | None
    ) -> Exception | None:
        conn = self._conn

        async def first() -> Any:
            await conn.query(sql)
            return conn._result

        async def more() -> Any:
            await conn.next_result()
            return conn._result

        async def query() -> Exception | None:
            self._must_be(manner)
            return await answered(self, self._option, first, more, err.Error, answers)

        error: Exception | None = await self._timed(query, seconds, what)
        return error

    async def _option(self, value: bytes) -> None:
        await self._conn._execute_command(SET_OPTION, value)
        await self._conn._read_packet()

    async def _timed(self, work: Callable[[], Coroutine[Any, Any, Any]], seconds: float | None, what: str) -> Any:
        try:
            async with asyncio.timeout(seconds):
                return await self._alone(work)
        except TimeoutError:
            raise late(seconds or 0.0, what) from None

    async def _take_turn(self, seconds: float | None, what: str) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise late(seconds or 0.0, what, sent=False) from None

    async def _alone(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        async with self._lock:
            try:
                return await work()
            except (err.Error, OSError, DatabaseError):
                raise
            except BaseException:
                pid = self._conn.thread_id()
                self.abort()  # the answer would be taken for that of the next statement
                kill(self._settings, pid)
                raise

    async def next_row(self, result: Any, seconds: float | None, what: str) -> Any:
        return await self._timed(result._read_rowdata_packet_unbuffered, seconds, what)

    def probe(self) -> bool:
        if self.closed or self._open is not None or self._lock.locked():
            return not self.closed
        reader = self._conn._reader
        if reader._buffer or reader.exception() is not None:  # unasked the server says nothing but that it hangs up
            self.abort()
        return not self.closed

    async def close(self) -> None:
        if self.closed:
            return
        if (self._open is not None and self._open.reading) or asyncio.get_running_loop() is not self._conn.loop:
            self.abort()
            return
        writer = self._conn._writer
        try:
            async with asyncio.timeout(1):
                await self._conn.ensure_closed()
                # TLS takes its leave in turn; a loop that ends before that leaves the socket open.
                await writer.wait_closed()
        except (err.Error, OSError, TimeoutError):
            self.abort()
            _shut(writer.transport)

    def abort(self) -> None:
        self._leave_rows()
        writer, self._conn._writer, self._conn._reader = self._conn._writer, None, None
        if writer is not None:
            _shut(writer.transport)

    @property
    def _left(self) -> bool:
        return self._conn._reader is not None and self._conn._reader.at_eof()

    @property
    def closed(self) -> bool:
        return self._conn._reader is None or self._conn._reader.at_eof()
