"""How a blocking connection to PostgreSQL comes about."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING

from ferrow.errors import DatabaseError, QueryTimeout
from ferrow.wire.blocking.session import BlockingSession
from ferrow.wire.news import News
from ferrow.wire.postgresql import address, encryptions, make_session, place, unreachable
from ferrow.wire.tls_answer import NoAnswer

if TYPE_CHECKING:
    from ferrow.wire.blocking.tls import Encrypted
    from ferrow.wire.settings import Settings
    from ferrow.wire.tls_context import Secure


def log_in(settings: Settings) -> tuple[BlockingSession, socket.socket, News]:
    """Connect and log in. Raises OperationalError; the message names host and port."""
    timeout = settings.connect_timeout or None
    try:
        return _connect_one(settings, None if timeout is None else time.monotonic() + timeout)
    except (QueryTimeout, TimeoutError):
        raise unreachable(settings, f"no answer within {timeout} seconds") from None


def _connect_one(settings: Settings, until: float | None) -> tuple[BlockingSession, socket.socket, News]:
    """In the ways, encrypted or not, in which it may be made: the next one where the server does not take this one."""
    modes = encryptions(settings)
    failure: DatabaseError | None = None
    for mode in modes:
        news = News(settings.notification_queue_size)
        session = make_session(BlockingSession, settings)
        news.follow(session)
        secure = None if mode is None else _secure(settings, mode)
        sock = open_socket(settings, _left(until))
        try:
            _start(settings, session, sock, secure, until, or_plain=None in modes[modes.index(mode) :])
        except (QueryTimeout, NoAnswer):
            sock.close()
            raise
        except DatabaseError as error:
            sock.close()
            if failure is not None:
                error.add_note(f"Before that, {'in plain text' if mode else 'encrypted'}: {failure}")
            failure = error
        except BaseException:
            sock.close()
            raise
        else:
            return session, sock, news
    assert failure is not None
    raise failure


def _start(
    settings: Settings,
    session: BlockingSession,
    sock: socket.socket,
    secure: Secure | None,
    until: float | None,
    *,
    or_plain: bool,
) -> None:
    encrypted = None if secure is None else _encrypt(settings, sock, secure, until, or_plain=or_plain)
    sock.setblocking(True)
    if encrypted is None or secure is None:
        session.attach(sock.fileno())
    else:
        session.secure = secure
        session.secured(encrypted.certificate, secure.verified)
        session.attach(sock.fileno(), encrypted.parts)
    session.connect_blocking(_left(until))


def _secure(settings: Settings, mode: str) -> Secure:
    from ferrow.wire.tls_context import secure

    return secure(settings.tls, mode, settings.host or "localhost")


def _encrypt(
    settings: Settings, sock: socket.socket, secure: Secure, until: float | None, *, or_plain: bool
) -> Encrypted | None:
    from ferrow.wire.blocking.tls import encrypt

    encrypted = encrypt(sock, secure, place(settings), until)
    if encrypted is None and not or_plain:
        from ferrow.wire.tls_errors import no_tls

        raise no_tls(place(settings), secure)
    return encrypted


def _left(until: float | None) -> float | None:
    return None if until is None else max(0.001, until - time.monotonic())


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


class Errand:
    """A connection that says one thing and waits for the other side to hang up."""

    __slots__ = ("_encrypted", "_sock", "_until")

    def __init__(self, sock: socket.socket, encrypted: Encrypted | None, until: float) -> None:
        self._sock = sock
        self._encrypted = encrypted
        self._until = until

    def run(self, message: bytes) -> None:
        """Raises OSError, TimeoutError among them."""
        self._sock.settimeout(_left(self._until))
        if self._encrypted is None:
            self._sock.sendall(message)
        else:
            self._encrypted.say(self._sock, message, self._until)
        with contextlib.suppress(ConnectionError):
            while self._sock.recv(65_536):  # what TLS still has to say
                self._sock.settimeout(_left(self._until))

    def close(self) -> None:
        self._sock.close()


def open_errand(settings: Settings, secure: Secure | None, timeout: float) -> Errand:
    """A connection for one message: in TLS where the session is, whose `secure` this is.

    `timeout` in seconds, for everything. Raises OperationalError, OSError.
    """
    until = time.monotonic() + timeout
    sock = open_socket(settings, timeout)
    try:
        encrypted = None if secure is None else _encrypt(settings, sock, secure, until, or_plain=False)
    except BaseException:
        sock.close()
        raise
    return Errand(sock, encrypted, until)
