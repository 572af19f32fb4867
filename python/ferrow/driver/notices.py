"""What a connection hears without asking: notifications of others and remarks of the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from ferrow.driver import listening
from ferrow.driver.tracing import check_handler

if TYPE_CHECKING:
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.notification import Notification
    from ferrow.wire.notices import Notice


class AsyncNotices:
    """LISTEN, NOTIFY and notices, for connections."""

    __slots__ = ()

    def _conn_here(self) -> AsyncConnection:
        """The connection to work on."""
        raise NotImplementedError

    async def listen(self, *channels: str) -> None:
        """Have what is notified on these channels sent to this connection, until `unlisten`; all of them or none.

        Inside a transaction it takes effect at the commit. Names are taken exactly as they are, upper and lower case included.
        `notifications` gives what comes; up to `notification_queue_size` of them (a connection option, 10,000) are kept.

        Raises:
            ProgrammingError: a name that is empty, contains NUL or has more than 63 bytes in UTF-8.
            NotSupportedError: on SQLite.
        """
        await listening.listen(self._conn_here().wire, channels)

    async def unlisten(self, *channels: str) -> None:
        """Stop listening on these channels; without any, on all of them. Raises as `listen`."""
        await listening.unlisten(self._conn_here().wire, channels)

    async def notify(self, channel: str, payload: str = "") -> None:
        """Notify everybody who listens on `channel`; inside a transaction at its commit, and equal notifications only once.

        Raises:
            ProgrammingError: a channel as for `listen`.
            DataError: a payload that is no text, contains NUL or has more than 7999 bytes in UTF-8.
            NotSupportedError: on SQLite.
        """
        await listening.notify(self._conn_here().wire, channel, payload)

    def notifications(self, timeout: float | None = None) -> AsyncIterator[Notification]:
        """What was notified on the channels listened to, as it comes: `async for notification in conn.notifications()`.

        Other statements may run meanwhile. Of several iterators each sees everything, from its first step on; what comes while
        there is none is kept for the next.

        Args:
            timeout: ends after this many seconds without a notification; 0 gives what is there, None never ends.

        Raises:
            ConnectionLost: the connection has ended, and everything that came before was given.
            NotificationsLost: some were dropped, because they came faster than they were taken. Call again to go on.
            NotSupportedError: on SQLite.
        """
        return listening.NotificationStream(self._conn_here(), timeout)

    def on_notice(self, handler: Callable[[Notice], object] | None) -> None:
        """Call `handler` with every notice of the server, in addition to the log (`ferrow.notices`); None: no more.

        It is a plain function, and must not use the connection. What it raises goes to the log, unless it ends the program (`KeyboardInterrupt`,
        `SystemExit`). SQLite has no notices.
        On a blocking connection, the notices of a statement that has run into its deadline may come in another thread, the one
        that cancels it.
        """
        if handler is not None:
            check_handler(handler, "notice")
        news = self._conn_here().wire.news
        if news is not None:
            news.notices.handler = handler
