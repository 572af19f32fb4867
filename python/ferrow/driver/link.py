"""One connection of a listener, for as long as it holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from ferrow.driver.channel import listen_sql, unlisten_sql
from ferrow.driver.listening import news_of
from ferrow.driver.tracing import traced
from ferrow.errors import ConnectionLost, QueryTimeout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ferrow.abc import Wire, World
    from ferrow.driver.trace import Trace
    from ferrow.wire.inbox import Item
    from ferrow.wire.settings import Settings


class Link:
    """A wire that is asked for a sign of life every `heartbeat` seconds, and dropped when none comes in as many."""

    __slots__ = ("proven", "since", "_asked", "_heartbeat", "_reader", "_wire", "_world")

    def __init__(self, wire: Wire, world: World, heartbeat: float) -> None:
        self._wire = wire
        self._world = world
        self._heartbeat = heartbeat
        self._reader = news_of(wire).inbox.subscribe()
        self._asked = world.now()
        self.since: datetime = datetime.now(UTC)
        """When the last question was asked that has been answered: everything notified before it has arrived."""
        self.proven: bool = False
        """Whether it has done more than open."""

    @classmethod
    async def open(
        cls, world: World, settings: Settings, heartbeat: float, trace: Callable[[Trace], object] | None
    ) -> Self:
        """Connect. Raises OperationalError or one of its kind."""
        return cls(traced(await world.open(settings), trace), world, heartbeat)

    async def listen(self, channels: Iterable[str]) -> None:
        """Listen on checked channels, all or none."""
        await self._ask(listen_sql(channels))

    async def unlisten(self, channels: Iterable[str]) -> None:
        """Stop listening on checked channels; without any, on all."""
        await self._ask(unlisten_sql(channels))

    async def receive(self) -> Item:
        """The next notification. Raises ConnectionLost and, where some are missing, NotificationsLost."""
        while (item := self._reader.take()) is None:
            left = self._asked + self._heartbeat - self._world.now()
            if left > 0:
                await self._wire.wait_news(self._reader, left)
            elif not self._reader.ready():
                await self._ask("")
                self.proven = True
        self.proven = True
        return item

    async def _ask(self, sql: str) -> None:
        now, at = datetime.now(UTC), self._world.now()
        try:
            await self._wire.script(sql, self._heartbeat)
        except QueryTimeout:
            self._wire.abort()
            reason = f"the server did not answer within {self._heartbeat:g} seconds, so the connection was dropped"
            raise ConnectionLost(reason) from None
        self.since, self._asked = now, at

    @property
    def closed(self) -> bool:
        """Whether the connection has ended."""
        return self._wire.closed

    async def close(self) -> None:
        """End the connection; who waits on it is woken."""
        if self._wire.busy:
            self._wire.abort()  # in the middle of a question, whose answer may take as long as the heartbeat
        else:
            await self._wire.close()

    def abort(self) -> None:
        """Drop the connection at once."""
        self._wire.abort()
