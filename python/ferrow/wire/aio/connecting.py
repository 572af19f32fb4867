"""How a connection of an event loop to PostgreSQL comes about."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, TypeVar

from ferrow._core import Shape
from ferrow.errors import DatabaseError
from ferrow.wire.aio.hashing import hash_elsewhere
from ferrow.wire.aio.protocol import Errand, Protocol
from ferrow.wire.budget import silence
from ferrow.wire.keepalive import tune
from ferrow.wire.news import News
from ferrow.wire.password import checked
from ferrow.wire.postgresql import address, encryptions, make_session, place
from ferrow.wire.reach import reach
from ferrow.wire.tls_answer import StrangeAnswer

if TYPE_CHECKING:
    from ferrow.wire.settings import PasswordFunction, Secret, Settings
    from ferrow.wire.tls_context import Secure

T = TypeVar("T")
Connection = tuple[Protocol, asyncio.Transport]

_TUPLES = Shape.tuples()


async def log_in(settings: Settings) -> tuple[Protocol, asyncio.Transport, Settings]:
    """Connect and log in; the session, and the settings that lead to the server it is on.

    Raises OperationalError; the message names the hosts.
    """
    (session, transport), there = await reach(settings, AsyncioWay())
    return session, transport, there


class AsyncioWay:
    """The way to a server for an event loop, which goes on meanwhile. Cancelled anywhere, it leaves no socket behind."""

    __slots__ = ()

    async def password(self, function: PasswordFunction, timeout: float | None) -> Secret | None:
        answer = function()
        return checked(await _within(timeout, answer) if isinstance(answer, Awaitable) else answer)

    async def look_up(self, name: str, port: int, timeout: float | None) -> Sequence[str]:
        found = await _within(timeout, asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM))
        return [*dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found)]

    async def log_in(self, there: Settings, timeout: float | None) -> Connection:
        return await _within(timeout, _connect_one(there))

    async def ask(self, connection: Connection, sql: str, timeout: float | None) -> object:
        session, _ = connection
        answer = asyncio.get_running_loop().create_future()
        session.submit(sql, (), _TUPLES, answer)
        result = await _within(timeout, answer)
        return result.rows[0][0]

    def parameter(self, connection: Connection, name: str) -> str | None:
        return connection[0].parameter(name)

    def drop(self, connection: Connection) -> None:
        session, transport = connection
        if session.ended is None:
            transport.write(session.terminate())
        session.abandon("Connection is closed")
        transport.close()


async def _connect_one(settings: Settings) -> Connection:
    """Connect to the one address of the settings and log in: encrypted or not, the next way where the server does not take one.

    Raises OSError, and what the server said.
    """
    modes = encryptions(settings)
    failure: DatabaseError | None = None
    for mode in modes:
        session = _new_session(settings)
        try:
            if mode is None:
                return session, await _plain(settings, session)
            return session, await _encrypted(settings, session, mode, or_plain=None in modes[modes.index(mode) :])
        except StrangeAnswer:
            raise
        except DatabaseError as error:
            if failure is not None:
                error.add_note(f"Before that, {'in plain text' if mode else 'encrypted'}: {failure}")
            failure = error
    assert failure is not None
    raise failure


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
    session.start(ready, loop.call_soon, loop.create_future)
    return ready


async def _plain(settings: Settings, session: Protocol) -> asyncio.Transport:
    ready = _start(session)
    try:
        transport = await open_transport(settings, session)
    except BaseException:
        ready.cancel()
        raise
    transport = await _logged_in(transport, ready)
    if (sock := transport.get_extra_info("socket")) is not None:
        session.attach(sock.fileno())
    return transport


async def _encrypted(settings: Settings, session: Protocol, mode: str, *, or_plain: bool) -> asyncio.Transport:
    from ferrow.wire.aio.tls import Negotiation, encrypt, make_secure

    loop = asyncio.get_running_loop()
    secure = await make_secure(settings.tls, mode, settings.hosts[0].name)
    negotiation = Negotiation(loop)
    transport = await open_transport(settings, negotiation)
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
            session.tls = transport.get_extra_info("ssl_object")
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


async def open_transport(settings: Settings, protocol: asyncio.BaseProtocol) -> asyncio.Transport:
    """A transport to the one address of the settings, with its socket set up. Raises OSError."""
    loop = asyncio.get_running_loop()
    where = address(settings)
    if not isinstance(where, str):
        transport, _ = await loop.create_connection(lambda: protocol, *where)
        try:
            tune(transport.get_extra_info("socket"), settings.keepalive)
        except BaseException:
            transport.abort()
            raise
        return transport
    if settings.requirepeer is None and not where.startswith("\0"):
        transport, _ = await loop.create_unix_connection(lambda: protocol, where)
        return transport
    # libuv does not know abstract sockets, and a peer is looked at before anything is said to it.
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.setblocking(False)
        await loop.sock_connect(sock, where)
        if settings.requirepeer is not None:
            from ferrow.wire.peer import check_peer

            check_peer(sock, settings.requirepeer)
        transport, _ = await loop.create_unix_connection(lambda: protocol, sock=sock)
    except BaseException:
        sock.close()
        raise
    return transport


async def open_errand(settings: Settings, secure: Secure | None) -> tuple[asyncio.Transport, Errand]:
    """A connection that says one thing: in TLS where the session is, whose `secure` this is. Raises OSError, OperationalError."""
    loop = asyncio.get_running_loop()
    errand = Errand(loop)
    if secure is None:
        return await open_transport(settings, errand), errand

    from ferrow.wire.aio.tls import Negotiation, encrypt

    negotiation = Negotiation(loop)
    transport = await open_transport(settings, negotiation)
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


async def _within(timeout: float | None, work: Awaitable[T]) -> T:
    """What `work` gives. Raises NoAnswer after `timeout` seconds; a TimeoutError of its own goes through."""
    limit = asyncio.timeout(timeout)
    try:
        async with limit:
            return await work
    except TimeoutError:
        if limit.expired():
            raise silence(timeout) from None
        raise
