"""What a database was made of, the engine over it, and what closing means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.engine.create import create_engine
from ferrow.engine.engine import AsyncEngine
from ferrow.engine.given import cut_off, ended, pair_over
from ferrow.repository.dialect import name_of
from ferrow.wire.dbapi.connector import PoolConnector
from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.abc import World


_PATIENCE = 30.0


class Given:
    """An engine, and whatever it is over. `connection`: what the program has opened itself, None if that is an engine."""

    __slots__ = ("_owned", "connection", "engine")

    def __init__(self, engine: AsyncEngine, connection: Any = None, *, owned: bool = False) -> None:
        self.engine: AsyncEngine = engine
        self.connection: Any = connection
        self._owned = owned

    async def close(self, *, close_pool: bool) -> None:
        """Let go of what was given: a connection is closed, an engine or pool when asked."""
        if self.connection is None:
            if self._owned or close_pool:
                await self.engine.close()
            return
        await self.engine.close()
        if isinstance(self.connection, PoolConnector):
            if close_pool:
                await self.connection.aclose()
        else:
            await ended(self.engine)

    def close_now(self, *, close_pool: bool) -> None:
        """As `close`, without waiting for what is in use: that is cut off."""
        if self.connection is None:
            if self._owned or close_pool:
                cut_off(self.engine)
            return
        cut_off(self.engine)
        if isinstance(self.connection, PoolConnector):
            if close_pool:
                self.connection.close()
        else:
            drive(ended(self.engine))


def given(source: Any, dialect: Any, world: World | None, acquire_timeout: float | None) -> Given:
    """The engine over a source. Raises InterfaceError for what is none."""
    from ferrow.wire.aio import ASYNCIO

    wanted = name_of(dialect)
    colour = ASYNCIO if world is None else world
    if isinstance(source, str):
        made = create_engine(source, acquire_timeout=_PATIENCE if acquire_timeout is None else acquire_timeout)
        return Given(coloured(made, colour), owned=True)
    if isinstance(source, AsyncEngine) or isinstance(getattr(source, "_core", None), AsyncEngine):
        return Given(coloured(source, colour))
    pair = pair_over(source, wanted, acquire_timeout, getattr(dialect, "driver_paramstyle", None))
    return Given(coloured(pair.engine, colour), source)


def coloured(engine: Any, world: World) -> AsyncEngine:
    """The engine of this world, of an engine of either."""
    if isinstance(engine, AsyncEngine):
        return engine if engine.world is world else engine.sync._core
    core: AsyncEngine = engine._core
    return core if core.world is world else engine.aio
