"""From a blocking socket to TLS over it."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from ferrow.errors import OperationalError
from ferrow.wire.tls_answer import SSL_REQUEST, HungUp, accepts, is_whole

if TYPE_CHECKING:
    import ssl

    from ferrow.wire.tls_context import Secure

_PIECE = 65_536


class Encrypted:
    """TLS between two buffers in memory; somebody else moves what is in them, here and in the core."""

    __slots__ = ("certificate", "incoming", "outgoing", "tls")

    def __init__(self, secure: Secure) -> None:
        import ssl

        self.incoming: ssl.MemoryBIO = ssl.MemoryBIO()
        self.outgoing: ssl.MemoryBIO = ssl.MemoryBIO()
        self.tls: ssl.SSLObject = secure.context.wrap_bio(
            self.incoming, self.outgoing, server_side=False, server_hostname=secure.server_hostname
        )
        self.certificate: bytes = b""

    @property
    def parts(self) -> tuple[ssl.SSLObject, ssl.MemoryBIO, ssl.MemoryBIO]:
        """What the core needs."""
        return self.tls, self.incoming, self.outgoing

    def handshake(self, sock: socket.socket, until: float | None) -> None:
        import ssl

        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush(sock, until)
                _patience(sock, until)
                data = sock.recv(_PIECE)
                if data:
                    self.incoming.write(data)
                else:
                    self.incoming.write_eof()
            except ssl.SSLError:
                self._flush(sock, until)  # why, for the server's log
                raise
        self._flush(sock, until)

    def _flush(self, sock: socket.socket, until: float | None) -> None:
        _patience(sock, until)
        sock.sendall(self.outgoing.read())

    def say(self, sock: socket.socket, message: bytes, until: float | None) -> None:
        self.tls.write(message)
        self._flush(sock, until)


def encrypt(sock: socket.socket, secure: Secure, place: str, until: float | None) -> Encrypted | None:
    """Ask for TLS, unless it begins at once, and start it; None: the server has none, and nothing was said yet.

    `until` is a time of `time.monotonic`. Raises OperationalError, which says who was not trusted and why, and
    TimeoutError.
    """
    try:
        if not secure.direct and not _ask(sock, until):
            return None
    except HungUp:
        raise
    except OperationalError as error:
        raise type(error)(f"cannot connect to PostgreSQL at {place}: {error}") from None
    import ssl

    from ferrow.wire.tls_errors import tls_failed

    try:
        encrypted = Encrypted(secure)
        encrypted.handshake(sock, until)
        encrypted.certificate = secure.check(encrypted.tls)
    except TimeoutError:
        raise
    except (ssl.SSLError, OSError, ValueError) as error:  # ValueError: a host that cannot be a name
        raise tls_failed(place, secure, error) from error
    return encrypted


def _ask(sock: socket.socket, until: float | None) -> bool:
    _patience(sock, until)
    sock.sendall(SSL_REQUEST)
    answer = b""
    while not is_whole(answer):
        _patience(sock, until)
        try:
            data = sock.recv(_PIECE)
        except ConnectionError:
            data = b""
        if not data:
            break
        answer += data
    return accepts(answer)


def _patience(sock: socket.socket, until: float | None) -> None:
    if until is None:
        sock.settimeout(None)
        return
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    sock.settimeout(left)
