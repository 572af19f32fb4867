"""How a blocking connection to PostgreSQL comes about."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from ferrow._core import PgSession
from ferrow.errors import QueryTimeout
from ferrow.wire.news import News
from ferrow.wire.postgresql import address, make_session, unreachable

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings


def log_in(settings: Settings) -> tuple[PgSession, socket.socket, News]:
    """Connect and log in. Raises OperationalError; the message names host and port."""
    news = News(settings.notification_queue_size)
    session = make_session(PgSession, settings)
    news.follow(session)
    timeout = settings.connect_timeout or None
    sock = open_socket(settings, timeout)
    try:
        session.attach(sock.fileno())
        session.connect_blocking(timeout)
    except QueryTimeout:
        sock.close()
        raise unreachable(settings, f"no answer within {timeout} seconds") from None
    except BaseException:
        sock.close()
        raise
    return session, sock, news


def open_socket(settings: Settings, timeout: float | None) -> socket.socket:
    """A blocking socket to the server. Raises OperationalError after `timeout` seconds, or for any other reason."""
    where = address(settings)
    try:
        if isinstance(where, str):
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(timeout)
            try:
                sock.connect(where)
            except BaseException:
                sock.close()
                raise
        else:
            sock = socket.create_connection(where, timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    except OSError as error:
        raise unreachable(settings, error) from error
    sock.setblocking(True)
    return sock
