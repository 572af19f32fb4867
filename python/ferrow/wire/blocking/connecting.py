"""How a blocking connection to PostgreSQL comes about."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ferrow._core import PgSession, Shape
from ferrow.errors import QueryTimeout
from ferrow.wire.blocking.look_up import look_up
from ferrow.wire.budget import silence
from ferrow.wire.drive import drive
from ferrow.wire.failures import unreachable
from ferrow.wire.keepalive import tune
from ferrow.wire.news import News
from ferrow.wire.password import asked, refuse_awaitable
from ferrow.wire.postgresql import make_session
from ferrow.wire.reach import reach

if TYPE_CHECKING:
    from ferrow.wire.host import Host
    from ferrow.wire.settings import Settings

Connection = tuple[PgSession, socket.socket, News]

_TUPLES = Shape.tuples()


def log_in(settings: Settings) -> tuple[PgSession, socket.socket, News, Settings]:
    """Connect and log in; the session, and the settings that lead to the server it is on.

    Raises OperationalError; the message names the hosts.
    """
    (session, sock, news), there = drive(reach(settings, BlockingWay(settings)))
    return session, sock, news, there


class BlockingWay:
    """The way to a server for a thread that waits."""

    __slots__ = ("_settings",)

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def password(self, timeout: float | None) -> str | None:
        answer = asked(self._settings)
        if answer is None or isinstance(answer, str):
            return answer
        raise refuse_awaitable(answer)

    async def look_up(self, name: str, port: int, timeout: float | None) -> Sequence[str]:
        return look_up(name, port, timeout)

    async def log_in(self, host: Host, password: str | None, timeout: float | None) -> Connection:
        news = News(self._settings.notification_queue_size)
        session = make_session(PgSession, self._settings, password)
        news.follow(session)
        end = None if timeout is None else time.monotonic() + timeout
        try:
            sock = _connect_one(self._settings, host, timeout)
        except TimeoutError as error:
            raise (silence(timeout) if error.errno is None else error) from None
        try:
            session.attach(sock.fileno())
            session.connect_blocking(None if end is None else max(0.0, end - time.monotonic()))
        except QueryTimeout:
            sock.close()
            raise silence(timeout) from None
        except BaseException:
            sock.close()
            raise
        return session, sock, news

    async def ask(self, connection: Connection, sql: str, timeout: float | None) -> object:
        try:
            return connection[0].run_blocking(sql, (), _TUPLES, timeout).rows[0][0]
        except QueryTimeout:
            raise silence(timeout) from None

    def parameter(self, connection: Connection, name: str) -> str | None:
        return connection[0].parameter(name)

    def drop(self, connection: Connection) -> None:
        session, sock, _ = connection
        try:
            if session.ended is None:
                sock.send(session.terminate(), socket.MSG_DONTWAIT)
        except OSError:
            pass  # it is gone already
        session.abandon("Connection is closed")
        sock.close()


def open_socket(settings: Settings, timeout: float | None) -> socket.socket:
    """A blocking socket to the first server of the settings. Raises OperationalError, also after `timeout` seconds."""
    host = settings.hosts[0]
    try:
        return _connect_one(settings, host, timeout)
    except OSError as error:
        raise unreachable(host, error) from error


def _connect_one(settings: Settings, host: Host, timeout: float | None) -> socket.socket:
    where = host.target
    if isinstance(where, str):
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.settimeout(timeout)
            sock.connect(where)
            if settings.requirepeer is not None:
                from ferrow.wire.peer import check_peer

                check_peer(sock, settings.requirepeer)
        except BaseException:
            sock.close()
            raise
    else:
        sock = socket.create_connection(where, timeout)
        try:
            tune(sock, settings.keepalive)
        except BaseException:
            sock.close()
            raise
    sock.setblocking(True)
    return sock
