"""How a blocking connection to PostgreSQL comes about."""

from __future__ import annotations

import inspect
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
from ferrow.wire.password import checked, refuse_awaitable
from ferrow.wire.postgresql import address, make_session
from ferrow.wire.reach import reach

if TYPE_CHECKING:
    from ferrow.wire.settings import PasswordFunction, Secret, Settings

Connection = tuple[PgSession, socket.socket, News]

_TUPLES = Shape.tuples()


def log_in(settings: Settings) -> tuple[PgSession, socket.socket, News, Settings]:
    """Connect and log in; the session, and the settings that lead to the server it is on.

    Raises OperationalError; the message names the hosts.
    """
    (session, sock, news), there = drive(reach(settings, BlockingWay()))
    return session, sock, news, there


class BlockingWay:
    """The way to a server for a thread that waits."""

    __slots__ = ()

    async def password(self, function: PasswordFunction, timeout: float | None) -> Secret | None:
        answer = function()
        if inspect.isawaitable(answer):
            raise refuse_awaitable(answer)
        return checked(answer)

    async def look_up(self, name: str, port: int, timeout: float | None) -> Sequence[str]:
        return look_up(name, port, timeout)

    async def log_in(self, there: Settings, timeout: float | None) -> Connection:
        until = None if timeout is None else time.monotonic() + timeout
        try:
            return _connect_one(there, until)
        except QueryTimeout:
            raise silence(timeout) from None
        except TimeoutError as error:
            raise (silence(timeout) if error.errno is None else error) from None

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


def _connect_one(settings: Settings, until: float | None) -> Connection:
    """Connect to the one address of the settings and log in. Raises OSError, QueryTimeout, and what the server said."""
    news = News(settings.notification_queue_size)
    session = make_session(PgSession, settings)
    news.follow(session)
    sock = _open(settings, _left(until))
    try:
        session.attach(sock.fileno())
        session.connect_blocking(_left(until))
    except BaseException:
        sock.close()
        raise
    return session, sock, news


def _left(until: float | None) -> float | None:
    return None if until is None else max(0.001, until - time.monotonic())


def open_socket(settings: Settings, timeout: float | None) -> socket.socket:
    """A blocking socket to the one address of the settings. Raises OperationalError, also after `timeout` seconds."""
    try:
        return _open(settings, timeout)
    except OSError as error:
        raise unreachable(settings.hosts[0], error) from error


def _open(settings: Settings, timeout: float | None) -> socket.socket:
    where = address(settings)
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
