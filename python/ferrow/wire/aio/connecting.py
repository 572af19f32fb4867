"""How a connection of an event loop to PostgreSQL comes about."""

from __future__ import annotations

import asyncio
import inspect
import socket
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, TypeVar

from ferrow._core import Shape
from ferrow.wire.aio.protocol import Protocol
from ferrow.wire.budget import silence
from ferrow.wire.keepalive import tune
from ferrow.wire.news import News
from ferrow.wire.password import checked
from ferrow.wire.postgresql import address, make_session
from ferrow.wire.reach import reach

if TYPE_CHECKING:
    from ferrow.wire.settings import PasswordFunction, Secret, Settings

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
        return checked(await _within(timeout, answer) if inspect.isawaitable(answer) else answer)

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
    """Connect to the one address of the settings and log in. Raises OSError, and what the server said."""
    session = _new_session(settings)
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    session.start(ready, loop.call_soon)
    try:
        transport = await open_transport(settings, session)
    except BaseException:
        ready.cancel()
        raise
    try:
        await ready
    except BaseException:
        transport.abort()
        raise
    if (sock := transport.get_extra_info("socket")) is not None and transport.get_extra_info("sslcontext") is None:
        session.attach(sock.fileno())
    return session, transport


def _new_session(settings: Settings) -> Protocol:
    news = News(settings.notification_queue_size)
    session = make_session(Protocol, settings)
    news.follow(session)
    session.news = news
    return session


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
