"""Engines over connections that the program has opened itself: one connection, or a pool that makes them."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ferrow.engine.limits import Limits
from ferrow.engine.pair import Pair
from ferrow.engine.source import Source
from ferrow.errors import InterfaceError
from ferrow.wire.dbapi.adopt import Name, check, dialect_of, driver_of
from ferrow.wire.dbapi.hold import Hold
from ferrow.wire.dbapi.settings import GivenSettings

if TYPE_CHECKING:
    from ferrow.abc import Wire, World
    from ferrow.engine.direct import Direct
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.pool import AsyncPool
    from ferrow.wire.dbapi.aio import Threads
    from ferrow.wire.dbapi.drivers.base import Driver

_PATIENCE = 30.0


class GivenSource(Source):
    """One connection, which all pools over it share; it is never closed by them."""

    __slots__ = ("_conn", "_hold", "_threads")

    resets = False  # the session is the program's

    def __init__(self, conn: Any, dialect: Name, paramstyle: str | None) -> None:
        super().__init__(GivenSettings(dialect=dialect, database="", shown=_shown(conn)))
        self._conn = conn
        self._hold = Hold(driver_of(conn, dialect, paramstyle))
        self._threads: Threads | None = None

    async def _opened(self, world: World, seconds: float) -> Wire:
        hold = self._hold
        if hold.driver.closed:
            raise hold.over()
        if world.name == "blocking":
            if hold.driver.awaits or hold.driver.own_thread:
                raise InterfaceError(
                    f"{self.settings.redacted} has to be awaited: use AsyncDatabase, or give a connection that blocks"
                )
            from ferrow.wire.dbapi.blocking import open_blocking

            return open_blocking(hold, self.settings)
        from ferrow.wire.dbapi.aio import Threads, open_aio

        if self._threads is None:
            self._threads = Threads()
        return await open_aio(hold, self.settings, self._conn, self._threads)

    @property
    def driver(self) -> Driver:
        """What uses the connection."""
        return self._hold.driver

    @property
    def flat(self) -> bool:  # type: ignore[override]
        """As `Source.flat`."""
        return self._hold.driver.flat

    def direct(self, pool: AsyncPool) -> Direct | None:
        """As `Source.direct`."""
        driver: Any = self._hold.driver
        if pool.world.name != "blocking" or not driver.direct:
            return None
        from ferrow.engine.direct import Direct

        return Direct(pool, self._hold, driver)

    def closed(self, pool: object) -> None:
        """Its thread ends."""
        if self._threads is not None:
            self._threads.stop()


async def ended(engine: AsyncEngine) -> None:
    """Close the connection that was given, after the pools over it."""
    source = engine._pair.source
    assert isinstance(source, GivenSource)
    if not source.driver.closed:
        await source.driver.close()


def cut_off(engine: AsyncEngine) -> None:
    """Close the pool of an engine without waiting for who uses a connection of it."""
    pool = engine.pool
    pool._closed = True
    for shard in pool._own_shards():
        shard.close()
        for slot in shard.everything():
            with suppress(Exception):
                slot.wire.abort()
    pool.source.closed(pool)


def _shown(conn: Any) -> str:
    return f"{type(conn).__module__.partition('.')[0]}:{type(conn).__qualname__}"


def pair_over(source: Any, dialect: Name | None, acquire_timeout: float | None, paramstyle: str | None = None) -> Pair:
    """Both colours of an engine over a connection, or a `PoolConnector`. Raises InterfaceError for what is neither."""
    from ferrow.wire.dbapi.connector import PoolConnector

    patience = _PATIENCE if acquire_timeout is None else acquire_timeout
    if isinstance(source, PoolConnector):
        from ferrow.engine.connected import ConnectorSource

        pooled = ConnectorSource(source, dialect, paramstyle)
        # A connection goes back after each use: its lifetime here is over as soon as it begins.
        limits = Limits(
            max_size=source.max_size, acquire_timeout=patience, max_lifetime=0, max_idle=0, check_after=math.inf
        )
        return Pair(pooled.settings, limits, multiplex=False, source=pooled)
    check(source)
    given = GivenSource(source, dialect_of(source, dialect), paramstyle)
    limits = Limits(max_size=1, acquire_timeout=patience, max_lifetime=None, max_idle=None, check_after=math.inf)
    return Pair(given.settings, limits, multiplex=False, source=given)
