"""How a connection of an event loop to PostgreSQL comes about."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ferrow.errors import DatabaseError
from ferrow.wire.aio.hashing import hash_elsewhere
from ferrow.wire.aio.protocol import Errand, Protocol
from ferrow.wire.news import News
from ferrow.wire.postgresql import address, encryptions, make_session, place, unreachable
from ferrow.wire.tls_answer import NoAnswer

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings
    from ferrow.wire.tls_context import Secure

P = TypeVar("P", bound=asyncio.BaseProtocol)


async def log_in(settings: Settings) -> tuple[Protocol, asyncio.Transport]:
    """Connect and log in. Raises OperationalError; the message names host and port."""
    timeout = settings.connect_timeout or None
    try:
        async with asyncio.timeout(timeout):
            return await _connect_one(settings)
    except TimeoutError:
        raise unreachable(settings, f"no answer within {timeout} seconds") from None


async def _connect_one(settings: Settings) -> tuple[Protocol, asyncio.Transport]:
    """In the ways, encrypted or not, in which it may be made: the next one where the server does not take this one."""
    modes = encryptions(settings)
    failure: DatabaseError | None = None
    for mode in modes:
        session = _new_session(settings)
        try:
            if mode is None:
                return session, await _plain(settings, session)
            return session, await _encrypted(settings, session, mode, or_plain=None in modes[modes.index(mode) :])
        except Unreached as error:
            raise unreachable(settings, error.reason) from error.reason
        except NoAnswer:
            raise
        except DatabaseError as error:
            if failure is not None:
                error.add_note(f"Before that, {'in plain text' if mode else 'encrypted'}: {failure}")
            failure = error
    assert failure is not None
    raise failure


class Unreached(Exception):
    """There is no connection to try anything on."""

    def __init__(self, reason: OSError) -> None:
        self.reason = reason


async def _open(settings: Settings, make: Callable[[], P]) -> tuple[asyncio.Transport, P]:
    loop = asyncio.get_running_loop()
    where = address(settings)
    try:
        if isinstance(where, str):
            return await loop.create_unix_connection(make, where)
        transport, protocol = await loop.create_connection(make, *where)
    except OSError as error:
        raise Unreached(error) from error
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return transport, protocol


def _new_session(settings: Settings) -> Protocol:
    news = News(settings.notification_queue_size)
    session = make_session(Protocol, settings)
    news.follow(session)
    session.news = news
    session.on_hashing = hash_elsewhere
    return session


def _start(session: Protocol) -> asyncio.Future[None]:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    session.start(ready, loop.call_soon)
    return ready


async def _plain(settings: Settings, session: Protocol) -> asyncio.Transport:
    ready = _start(session)
    try:
        transport, _ = await _open(settings, lambda: session)
    except BaseException:
        ready.cancel()
        raise
    return await _logged_in(transport, ready)


async def _encrypted(settings: Settings, session: Protocol, mode: str, *, or_plain: bool) -> asyncio.Transport:
    from ferrow.wire.aio.tls import Negotiation, encrypt, make_secure

    loop = asyncio.get_running_loop()
    secure = await make_secure(settings.tls, mode, settings.host or "localhost")
    transport, negotiation = await _open(settings, lambda: Negotiation(loop))
    try:
        tls = await encrypt(transport, negotiation, session, secure, place(settings))
        if tls is None and not or_plain:
            from ferrow.wire.tls_errors import no_tls

            raise no_tls(place(settings), secure)
        ready = _start(session)
        if tls is None:
            transport.set_protocol(session)
        else:
            session.socket_transport = transport
            transport, certificate = tls
            session.secure = secure
            session.secured(certificate, secure.verified)
        # It is the session's transport from the start, to which nobody else says so.
        session.connection_made(transport)
    except BaseException:
        if not loop.is_closed():
            transport.abort()
        raise
    return await _logged_in(transport, ready)


async def _logged_in(transport: asyncio.Transport, ready: asyncio.Future[None]) -> asyncio.Transport:
    try:
        await ready
    except BaseException:
        transport.abort()
        raise
    return transport


async def open_errand(settings: Settings, secure: Secure | None) -> tuple[asyncio.Transport, Errand]:
    """A connection that says one thing: in TLS where the session is, whose `secure` this is. Raises OSError, OperationalError."""
    loop = asyncio.get_running_loop()
    try:
        if secure is None:
            return await _open(settings, lambda: Errand(loop))

        from ferrow.wire.aio.tls import Negotiation, encrypt

        transport, negotiation = await _open(settings, lambda: Negotiation(loop))
        errand = Errand(loop)
        try:
            tls = await encrypt(transport, negotiation, errand, secure, place(settings))
            if tls is None:
                from ferrow.wire.tls_errors import no_tls

                raise no_tls(place(settings), secure)
        except BaseException:
            if not loop.is_closed():  # else nothing can be closed, but goes with its last reference
                transport.abort()
            raise
        return tls[0], errand
    except Unreached as error:
        raise error.reason from None
