"""LISTEN and NOTIFY on a connection."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Self

from ferrow._core import Shape
from ferrow.driver.channel import checked, checked_payload, listen_sql, unlisten_sql
from ferrow.errors import DatabaseError, InterfaceError, NotSupportedError, ProgrammingError

if TYPE_CHECKING:
    from ferrow.abc import Wire
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.notification import Notification
    from ferrow.wire.inbox import Reader
    from ferrow.wire.news import News

_TUPLES = Shape.tuples()

# The function, not the statement, because a value is a parameter and NOTIFY takes none. No codec is for cstring, as one may be for text.
_NOTIFY = "SELECT pg_catalog.pg_notify(pg_catalog.textin($1), pg_catalog.textin($2))"


async def listen(wire: Wire, channels: tuple[str, ...]) -> None:
    """Listen on channels, all or none."""
    news_of(wire)
    if not channels:
        raise ProgrammingError("listen() needs the name of at least one channel")
    await wire.script(listen_sql([checked(channel) for channel in channels]))


async def unlisten(wire: Wire, channels: tuple[str, ...]) -> None:
    """Stop listening on channels; without any, on all."""
    news_of(wire)
    await wire.script(unlisten_sql([checked(channel) for channel in channels]))


async def notify(wire: Wire, channel: str, payload: str) -> None:
    """Send a notification."""
    if wire.dialect != "postgresql":
        raise _unsupported(wire.dialect)
    await wire.run(_NOTIFY, (checked(channel), checked_payload(payload)), _TUPLES)


def news_of(wire: Wire) -> News:
    """What the server of `wire` says without being asked. Raises NotSupportedError where it says nothing."""
    news = wire.news
    if news is None:
        raise _unsupported(wire.dialect)
    return news


def _unsupported(dialect: str) -> NotSupportedError:
    name = "SQLite" if dialect == "sqlite" else "MariaDB"
    return NotSupportedError(f"{name} has no notifications: listen, notify and their kin need postgresql://")


class NotificationStream:
    """The notifications of one connection, as they come; what `conn.notifications()` gives.

    A step that is cancelled loses nothing: the next one goes on.
    """

    __slots__ = ("_conn", "_over", "_reader", "_stepping", "_timeout", "_wire")

    def __init__(self, conn: AsyncConnection, timeout: float | None) -> None:
        self._reader: Reader | None = None
        self._over = False
        self._stepping = False
        if timeout is not None and (not isinstance(timeout, (int, float)) or not timeout >= 0):
            raise ProgrammingError(f"timeout is a number of seconds from 0 on, or None for no limit, not {timeout!r}")
        self._timeout = None if timeout is None or math.isinf(timeout) else timeout
        self._conn = conn
        self._wire = conn._heard()
        news_of(self._wire)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Notification:
        """The next one. Raises NotificationsLost where some are missing, ConnectionLost when no more can come."""
        if self._over:
            raise StopAsyncIteration
        if self._stepping:
            raise InterfaceError(
                "somebody else waits on this iterator already; call notifications() for one of your own"
            )
        self._stepping = True
        try:
            return await self._step()
        except (DatabaseError, StopAsyncIteration):
            await self.aclose()
            raise
        finally:
            self._stepping = False

    async def _step(self) -> Notification:
        from ferrow.driver.notification import Notification

        reader = self._reader
        if reader is None:
            reader = self._reader = news_of(self._wire).inbox.subscribe()
        while (item := reader.take()) is None:
            if not await self._wire.wait_news(reader, self._timeout):
                raise StopAsyncIteration
        return Notification(*item)

    async def aclose(self) -> None:
        """End the iteration; what was not taken is there for the next one. Closing twice is fine."""
        self._over = True
        if self._reader is not None:
            self._reader.close()

    def __del__(self) -> None:
        # `break` leaves an iterator behind without a word, and the next one is to find what this one did not take.
        if self._reader is not None:
            self._reader.close()
