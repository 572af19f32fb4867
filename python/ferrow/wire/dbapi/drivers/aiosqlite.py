"""aiosqlite: sqlite3 in a thread of its own, in which all of this runs."""

from __future__ import annotations

from typing import Any

from ferrow.errors import InterfaceError
from ferrow.wire.dbapi.drivers.sqlite import Sqlite


class Aiosqlite(Sqlite):
    """A connection of aiosqlite."""

    name = "aiosqlite"
    own_thread = True

    __slots__ = ("_outer",)

    def __init__(self, conn: Any) -> None:
        if conn._connection is None:
            raise InterfaceError(
                "the connection of aiosqlite is not open: await it first, and give it before it is closed"
            )
        super().__init__(conn._conn)
        self._outer = conn

    @property
    def closed(self) -> bool:
        return self._outer._connection is None

    async def close(self) -> None:
        await self._outer.close()
