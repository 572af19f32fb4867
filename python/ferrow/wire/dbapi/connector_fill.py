"""The connections that a `PoolConnector` has at least: who has one in hand opens those that are missing."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ferrow.wire.drive import drive

if TYPE_CHECKING:
    from ferrow.wire.dbapi.connector_life import Life
    from ferrow.wire.dbapi.connector_queue import Member, Queue

_AGAIN = 5.0
"""Seconds after a failure in which nobody tries again: who has a connection is not to wait for a server that gives no more."""


class Filling:
    """A part of `PoolConnector`."""

    _refused_until = 0.0

    if TYPE_CHECKING:
        _life: Life
        _min_size: int
        _queue: Queue

        def _opened(self) -> Member: ...

        async def _opened_async(self) -> Member: ...

    def _filled(self, member: Member) -> Member:
        """With one at hand, open what is missing of `min_size`."""
        if self._missing():
            drive(self._fill(member, self._opened_here))
        return member

    async def _filled_async(self, member: Member) -> Member:
        if self._missing():
            await self._fill(member, self._opened_async)
        return member

    def _missing(self) -> bool:
        """Whether there is leave to open another."""
        return (
            self._min_size > 0
            and (not self._refused_until or self._life.now() >= self._refused_until)
            and self._queue.missing(self._min_size)
        )

    async def _opened_here(self) -> Member:
        return self._opened()

    async def _fill(self, member: Member, opened: Callable[[], Awaitable[Member]]) -> None:
        while True:
            try:
                other = await opened()
            except Exception as error:
                # Who has asked for a connection has got one, so that the error is not its: it is told once, not to each.
                told, self._refused_until = self._refused_until, self._life.now() + _AGAIN
                if not told:
                    logging.getLogger("ferrow.pool").warning(
                        "%s has fewer connections than min_size=%d: %s: %s",
                        repr(self),
                        self._min_size,
                        type(error).__name__,
                        error,
                    )
                return
            except BaseException:  # Ctrl-C, or the task is cancelled: nobody takes the one at hand
                self._queue.offer(member)
                raise
            self._refused_until = 0.0
            self._queue.offer(other)
            if not self._missing():
                return
