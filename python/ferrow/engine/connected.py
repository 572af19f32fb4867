"""Connections of a `PoolConnector`, each borrowed for as long as something is done with it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ferrow.engine.source import Source
from ferrow.errors import InterfaceError
from ferrow.wire.dbapi.adopt import Name, dialect_of, driver_of
from ferrow.wire.dbapi.hold import Hold
from ferrow.wire.dbapi.settings import GivenSettings

if TYPE_CHECKING:
    from ferrow.abc import Wire, World
    from ferrow.wire.dbapi.connector import PoolConnector
    from ferrow.wire.dbapi.connector_queue import Member


class ConnectorSource(Source):
    """Opening is borrowing, closing is giving back."""

    __slots__ = ("_connector", "_paramstyle", "_stated")

    _stated: Name

    resets = False

    def __init__(self, connector: PoolConnector, dialect: Name | None, paramstyle: str | None) -> None:
        name = connector.database() if dialect is None else dialect
        if name is None:
            raise InterfaceError(
                "what the connections of this pool are to cannot be told from its function: say it, e.g. Database(pool, PostgresDialect())"
            )
        super().__init__(GivenSettings(dialect=name, database="", shown=f"pool:{name}"))
        self._connector = connector
        self._stated = name
        self._paramstyle = paramstyle

    async def _opened(self, world: World, seconds: float) -> Wire:
        timeout = None if math.isinf(seconds) else max(0.0, seconds)
        if world.name == "blocking":
            member = self._connector.take(timeout)
        else:
            member = await self._connector.take_async(timeout)
        try:
            return await self._wire(world, member)
        except BaseException:
            self._connector.drop(member)
            raise

    def touched(self, wire: Wire) -> None:
        """Its session is reset when it goes back."""
        wire.touch()  # type: ignore[attr-defined]  # a wire of a connection that somebody else has opened

    async def _wire(self, world: World, member: Member) -> Wire:
        conn = member.conn
        hold: Any = member.extra
        if hold is None:
            hold = member.extra = Hold(driver_of(conn, dialect_of(conn, self._stated), self._paramstyle))
        giving = _Giving(self._connector, member)
        if world.name == "blocking":
            if hold.driver.awaits or hold.driver.own_thread:
                raise InterfaceError("the connections of this pool are awaited: use AsyncDatabase")
            from ferrow.wire.dbapi.blocking import open_blocking

            return open_blocking(hold, self.settings, giving)
        from ferrow.wire.dbapi.aio import Threads, open_aio

        if member.threads is None:
            member.threads = Threads()
        return await open_aio(hold, self.settings, conn, member.threads, giving)


class _Giving:
    """How a wire gives its connection back."""

    __slots__ = ("_connector", "_member")

    def __init__(self, connector: PoolConnector, member: Member) -> None:
        self._connector = connector
        self._member = member

    async def back(self, *, touched: bool) -> None:
        """In order."""
        await self._connector.give_back(self._member, touched=touched)

    def drop(self) -> None:
        """In no order that anybody knows."""
        self._connector.drop(self._member)
