"""How a connection of an event loop to PostgreSQL comes about."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from ferrow.wire.aio.protocol import Protocol
from ferrow.wire.news import News
from ferrow.wire.postgresql import address, make_session, unreachable

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings


async def log_in(settings: Settings) -> tuple[Protocol, asyncio.Transport]:
    """Connect and log in. Raises OperationalError; the message names host and port."""
    news = News(settings.notification_queue_size)
    session = make_session(Protocol, settings)
    news.follow(session)
    session.news = news
    timeout = settings.connect_timeout or None
    try:
        async with asyncio.timeout(timeout):
            transport = await _connect(settings, session)
    except TimeoutError:
        raise unreachable(settings, f"no answer within {timeout} seconds") from None
    return session, transport


async def _connect(settings: Settings, session: Protocol) -> asyncio.Transport:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    session.start(ready, loop.call_soon)
    where = address(settings)
    try:
        if isinstance(where, str):
            transport, _ = await loop.create_unix_connection(lambda: session, where)
        else:
            transport, _ = await loop.create_connection(lambda: session, *where)
            sock = transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    except OSError as error:
        ready.cancel()
        raise unreachable(settings, error) from error
    try:
        await ready
    except BaseException:
        transport.abort()
        raise
    if (sock := transport.get_extra_info("socket")) is not None and transport.get_extra_info("sslcontext") is None:
        session.attach(sock.fileno())
    return transport
