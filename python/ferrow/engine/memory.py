"""One in-memory SQLite database per engine, shared by both colours and all threads.

SQLite's `memdb` VFS keeps a named database for the whole process for as long as one connection to it is open. The engine
therefore holds one connection, the anchor, which nobody uses. (`:memory:` would be another database per connection, and
`cache=shared` locks whole tables without honouring `busy_timeout`.) A `memdb` has no WAL: while one connection writes, others
wait, for `busy_timeout` at most.
"""

from __future__ import annotations

import os
from _thread import RLock
from itertools import count
from typing import TYPE_CHECKING

from ferrow.engine.source import Source

if TYPE_CHECKING:
    from ferrow.abc import Wire, World
    from ferrow.wire.settings import Settings

_NUMBERS = count(1)


class MemorySource(Source):
    """Opens connections to an in-memory database, which lives from the first one until every pool over it is closed."""

    __slots__ = ("_anchor", "_pid", "_pools", "_mutex")

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.replace(database=f"file:/ferrow-{next(_NUMBERS)}?vfs=memdb", uri=True))
        self._anchor: Wire | None = None
        self._pid = 0
        self._pools: set[int] = set()
        self._mutex = RLock()

    def opened(self, pool: object) -> None:
        """Drop the anchor before the first pool uses this source."""
        from ferrow.wire.blocking import BLOCKING
        from ferrow.wire.drive import drive

        with self._mutex:
            self._pools.add(id(pool))
            # A forked child inherits the memory but must not use, nor close, its parent's connection to it.
            if self._anchor is None or self._pid != os.getpid():
                _KEPT.append(self._anchor)
                self._anchor = drive(_open(BLOCKING, self.settings))
                self._pid = os.getpid()

    def closed(self, pool: object) -> None:
        """Weigh the anchor after the last pool: the database is gone."""
        with self._mutex:
            self._pools.discard(id(pool))
            if self._pools or self._anchor is None:
                return
            anchor, self._anchor = self._anchor, None
            if self._pid == os.getpid():
                anchor.abort()
            else:
                _KEPT.append(anchor)


_KEPT: list[Wire | None] = []


async def _open(world: World, settings: Settings) -> Wire:
    return await world.open(settings)
