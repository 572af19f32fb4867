"""What event loops talk to: the session itself, and a connection that only cancels."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ferrow._core import PgSession

if TYPE_CHECKING:
    import ssl

    from ferrow.wire.news import News
    from ferrow.wire.tls_context import Secure


class Protocol(PgSession, asyncio.BufferedProtocol):
    """The session as event loops know it: they ask `isinstance`; the methods are the core's, but for the rare ones."""

    __slots__ = ("news", "secure", "socket_transport", "tls", "writable")

    news: News

    secure: Secure | None
    """How the connection is encrypted."""

    socket_transport: asyncio.Transport | None
    """The transport below that of TLS, which has no patience for a goodbye that nobody answers; None without TLS."""

    tls: ssl.SSLObject | None
    """What encrypts and decrypts for the transport; None without TLS."""

    writable: asyncio.Future[None] | None
    """Done when the transport's buffer has room again; None as long as it has. Only a COPY sends so much that it asks."""

    def __init__(self, **options: Any) -> None:
        self.writable = None
        self.secure = None
        self.socket_transport = None
        self.tls = None

    def pause_writing(self) -> None:
        self.writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        if self.writable is not None and not self.writable.done():
            self.writable.set_result(None)
        self.writable = None

    def connection_lost(self, exc: BaseException | None) -> None:
        if self.tls is not None:
            self._hear_rest(self.tls)
            exc = exc or getattr(self.tls, "failure", None)
            self.tls = None
        super().connection_lost(exc)
        self.resume_writing()
        self.news.inbox.wake()

    def _hear_rest(self, tls: ssl.SSLObject) -> None:
        """What came before the end and was not decrypted yet.

        A loop's TLS reads once more when the server hangs up, and gives away what is more than one reading: the answer of a server
        that says much and ends, and why it does (asyncio as of Python 3.11, and uvloop).
        """
        import ssl

        while self.ended is None:
            view = self.get_buffer(-1)
            try:
                data = tls.read(len(view))
            except ssl.SSLError:  # SSLWantReadError: that was all
                return
            if not data:
                return
            view[: len(data)] = data
            self.buffer_updated(len(data))


class Errand(asyncio.Protocol):
    """A connection that says one thing and waits for the other side to hang up."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.ended: asyncio.Future[None] = loop.create_future()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)
