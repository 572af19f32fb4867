"""How long statements take, counted in ticks: a loop that is busy with something else is not taken for a slow server."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ferrow.engine.recovery import alive

if TYPE_CHECKING:
    from ferrow.engine.pool import AsyncPool

TICK = 0.004
"""Seconds between two ticks. Between two of them the loop has read what had arrived, however long it was busy."""
QUICK = 1
"""Ticks that a quick statement may take, beyond those of the way to the server and back."""
QUICK_SECONDS = 0.0015
"""The same in seconds, beyond those by which the loop is late. Sixteen of them in a row are not worth a connection each."""
_AGAIN = 10.0  # seconds before the way is measured again
_UNEVEN = 1.2  # times that the way may take longer than it did when it was measured
_LATE = 0.5  # ticks


class Clock:
    """Ticks while somebody looks at it. It also knows how far the server is: what takes long on the way says nothing about a statement.

    Args:
        pool: for a connection to measure the way with.
        loop: the event loop.
        tick: called with the time and whether the loop was busy; whether to go on.
    """

    __slots__ = (
        "distance",
        "running",
        "ticks",
        "_lag",
        "_last",
        "_learning",
        "_loop",
        "_measured",
        "_pool",
        "_tick",
        "_way",
    )

    def __init__(self, pool: AsyncPool, loop: Any, tick: Callable[[float, bool], bool]) -> None:
        self.ticks: int = 0
        self.distance: int = 0
        """Ticks to the server and back; 0 for anything near."""
        self._way = 0.0  # the same in seconds
        self._lag = 0.0  # seconds by which the last tick came late: the loop was busy
        self._pool = pool
        self._loop = loop
        self._tick = tick
        self.running: bool = False
        """Whether it ticks; `start` may then be left out."""
        self._learning = 0
        self._last = 0.0
        self._measured = -math.inf

    def start(self) -> None:
        """Tick from now on, until nobody is interested any more."""
        if not self.running:
            self.running = True
            self._last = self._pool.world.now()
            self._loop.call_later(TICK, self._strike)

    def begin(self) -> tuple[int, float]:
        """Something begins whose time is of interest; for `quick`. Each needs an `end`."""
        self._learning += 1
        self.start()
        return self.ticks, self._pool.world.now()

    def end(self) -> None:
        """It has ended."""
        self._learning -= 1

    def quick(self, begun: tuple[int, float]) -> bool:
        """Whether what ends now is quick for a statement; a doubt about the way has it measured."""
        now = self._pool.world.now()
        ticks, seconds = self.ticks - begun[0], now - begun[1]
        far = ticks > self.distance + QUICK
        if (far or seconds < self._way / 2) and now - self._measured > _AGAIN:
            self._measured = now
            self._pool.world.spawn(self._measure())
        return not far and seconds <= QUICK_SECONDS + self._way * _UNEVEN + self._lag

    async def _measure(self) -> None:
        try:
            slot = await self._pool.acquire()
        except Exception:  # there is nothing to measure
            return
        ticks, since = self.begin()
        try:
            well = await alive(slot.wire, self._pool.limits.recovery_timeout)
            ticks, seconds = self.ticks - ticks, self._pool.world.now() - since
        finally:
            self.end()
            self._pool.release(slot)
        if well:
            near = ticks <= QUICK
            self.distance = 0 if near else ticks
            self._way = 0.0 if near else seconds

    def _strike(self) -> None:
        self.running = False
        self.ticks += 1
        now = self._pool.world.now()
        self._lag = max(0.0, now - self._last - TICK)
        if self._tick(now, self._lag > TICK * _LATE) or self._learning:
            self.start()
