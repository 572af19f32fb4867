"""How a blocking connection to PostgreSQL comes about."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Awaitable, Sequence
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING

from ferrow._core import Shape
from ferrow.errors import DatabaseError, QueryTimeout
from ferrow.wire.blocking.look_up import look_up
from ferrow.wire.blocking.quiet import Quiet
from ferrow.wire.blocking.session import BlockingSession
from ferrow.wire.budget import silence
from ferrow.wire.drive import drive
from ferrow.wire.keepalive import tune
from ferrow.wire.news import News
from ferrow.wire.password import checked, refuse_awaitable
from ferrow.wire.postgresql import address, encryptions, make_session, place
from ferrow.wire.reach import reach
from ferrow.wire.tls_answer import StrangeAnswer

if TYPE_CHECKING:
    from ferrow.wire.blocking.tls import Encrypted
    from ferrow.wire.settings import PasswordFunction, Secret, Settings
    from ferrow.wire.tls_context import Secure

Connection = tuple[BlockingSession, socket.socket, News]

_TUPLES = Shape.tuples()


def log_in(settings: Settings) -> tuple[BlockingSession, socket.socket, News, Settings]:
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
        if isinstance(answer, Awaitable):
            raise refuse_awaitable(answer)
        return checked(answer)

    async def look_up(self, name: str, port: int, timeout: float | None) -> Sequence[str]:
        return look_up(name, port, timeout)

    async def log_in(self, there: Settings, timeout: float | None) -> Connection:
        until = None if timeout is None else time.monotonic() + min(timeout, TIMEOUT_MAX)
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
    """Connect to the one address of the settings and log in: encrypted or not, the next way where the server does not take one.

    Raises OSError, QueryTimeout, and what the server said.
    """
    modes = encryptions(settings)
    failure: DatabaseError | None = None
    for mode in modes:
        news = News(settings.notification_queue_size)
        session = make_session(BlockingSession, settings)
        news.follow(session)
        secure = None if mode is None else _secure(settings, mode)
        sock = _open(settings, _left(until))
        try:
            _start(settings, session, sock, secure, until, or_plain=None in modes[modes.index(mode) :])
        except (QueryTimeout, StrangeAnswer):
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

    return secure(settings.tls, mode, settings.hosts[0].name)


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
        sock = _dial(where, timeout)
        try:
            tune(sock, settings.keepalive)
        except BaseException:
            sock.close()
            raise
    quiet = Quiet(sock.family, sock.type, sock.proto, fileno=sock.detach())
    quiet.setblocking(True)
    return quiet


def _dial(where: tuple[str, int], timeout: float | None) -> socket.socket:
    if not where[0].replace(".", "").isdigit():
        return socket.create_connection(where, timeout)
    # An IPv4 address, as a look-up gives it. Having it looked up would import the encoding of names, a third of the first login.
    sock = socket.socket(socket.AF_INET)
    try:
        sock.settimeout(timeout)
        sock.connect(where)
    except BaseException:
        sock.close()
        raise
    return sock


class Errand:
    """A connection that says one thing and waits for the other side to hang up."""

    __slots__ = ("_encrypted", "_sock", "_until")

    def __init__(self, sock: socket.socket, encrypted: Encrypted | None, until: float) -> None:
        self._sock = sock
        self._encrypted = encrypted
        self._until = until

    @property
    def sock(self) -> socket.socket:
        """For another thread, which may shut it down."""
        return self._sock

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
    sock = _open(settings, timeout)
    try:
        encrypted = None if secure is None else _encrypt(settings, sock, secure, until, or_plain=False)
    except BaseException:
        sock.close()
        raise
    return Errand(sock, encrypted, until)
