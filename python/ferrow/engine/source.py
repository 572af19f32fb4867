"""Where the connections of an engine come from: its settings, with a deadline on top."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ferrow.abc import Wire, World
    from ferrow.driver.trace import Trace
    from ferrow.engine.direct import Direct
    from ferrow.engine.pool import AsyncPool
    from ferrow.wire.settings import Settings


class Source:
    """Opens connections to one database, for pools of either colour."""

    __slots__ = ("settings", "trace", "trace_values")

    resets = True
    """Whether what outlives a transaction is undone before a connection is lent again."""
    flat = False
    """Whether its wires take many rows one after the other (FlatRows)."""

    def __init__(self, settings: Settings) -> None:
        self.settings: Settings = settings
        self.trace: Callable[[Trace], object] | None = None
        self.trace_values: bool = False

    async def open(self, world: World, seconds: float) -> Wire:
        """A new connection within `seconds`; `connect_timeout` of the settings is for each address on the way."""
        wire = await self._opened(world, seconds)
        if self.trace is None:
            return wire
        from ferrow.driver.tracing import traced

        return traced(wire, self.trace, values=self.trace_values)

    async def _opened(self, world: World, seconds: float) -> Wire:
        if math.isinf(seconds):
            return await world.open(self.settings)
        return await world.open(self.settings.replace(connect_deadline=max(seconds, 0.0)))

    def touched(self, wire: Wire) -> None:
        """Something on `wire` may outlive its transaction."""

    def direct(self, pool: AsyncPool) -> Direct | None:
        """A fast path for queries of `pool`, where there is one."""
        return None

    def opened(self, pool: object) -> None:
        """`pool` is about to use this source."""

    def closed(self, pool: object) -> None:
        """`pool` will not come back."""
