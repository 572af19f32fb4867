"""From a connection of an event loop to an encrypted one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ferrow.errors import OperationalError
from ferrow.wire.tls_answer import SSL_REQUEST, HungUp, accepts, is_whole

if TYPE_CHECKING:
    from ferrow.wire.tls import TlsOptions
    from ferrow.wire.tls_context import Secure

_GOODBYE = 1.0  # seconds a server gets to answer the goodbye of TLS; PostgreSQL just hangs up


class Negotiation(asyncio.Protocol):
    """Hears what the server answers before there is TLS, and nothing else."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._answered: asyncio.Future[None] = loop.create_future()
        self._heard = b""

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if is_whole(self._heard):
            self._done()

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()

    def _done(self) -> None:
        if not self._answered.done():
            self._answered.set_result(None)

    async def ask(self, transport: asyncio.Transport) -> bool:
        """Whether the server will speak TLS. Raises OperationalError."""
        transport.write(SSL_REQUEST)
        await self._answered
        return accepts(self._heard)


async def make_secure(options: TlsOptions, mode: str, host: str) -> Secure:
    """As `tls_context.secure`; files are read in a thread."""
    from ferrow.wire.tls_context import secure
    from ferrow.wire.tls_heard import HeardObject

    # By the context, since uvloop takes the `read` of what that makes before it gives it away.
    return await asyncio.get_running_loop().run_in_executor(None, secure, options, mode, host, HeardObject)


async def start_tls(
    transport: asyncio.Transport, protocol: asyncio.BaseProtocol, secure: Secure, place: str
) -> tuple[asyncio.Transport, bytes]:
    """Encrypt what goes over `transport` for `protocol`; its new transport, and the server's certificate.

    Raises OperationalError, which says who was not trusted and why.
    """
    import ssl

    from ferrow.wire.tls_errors import tls_failed
    from ferrow.wire.tls_heard import HeardObject

    loop = asyncio.get_running_loop()
    try:
        encrypted = await loop.start_tls(
            transport,
            protocol,
            secure.context,
            server_hostname=secure.server_hostname,
            # The caller's deadline covers the handshake too.
            ssl_handshake_timeout=86_400.0,
            ssl_shutdown_timeout=_GOODBYE,
        )
        if encrypted is None:
            raise ConnectionAbortedError("the server closed the connection")
        tls = encrypted.get_extra_info("ssl_object")
        if type(tls) is ssl.SSLObject:  # of the program's own context, which stays as it is
            tls.__class__ = HeardObject
        try:
            certificate = secure.check(tls)
        except ssl.SSLError:
            encrypted.abort()
            raise
    except TimeoutError:
        raise
    except RuntimeError:
        if loop.is_closed():
            # Whoever waited here was thrown away with its loop, and asyncio fails to tidy up: nobody is left to be told.
            raise GeneratorExit from None
        raise
    except (OSError, ValueError) as error:  # ValueError: a host that cannot be a name
        raise tls_failed(place, secure, error) from error
    return encrypted, certificate


async def encrypt(
    transport: asyncio.Transport,
    negotiation: Negotiation,
    protocol: asyncio.BaseProtocol,
    secure: Secure,
    place: str,
) -> tuple[asyncio.Transport, bytes] | None:
    """Ask for TLS, unless it begins at once, and start it; None: the server has none, and nothing was said yet."""
    try:
        if not secure.direct and not await negotiation.ask(transport):
            return None
    except HungUp:
        raise
    except OperationalError as error:
        raise type(error)(f"cannot connect to PostgreSQL at {place}: {error}") from None
    return await start_tls(transport, protocol, secure, place)
