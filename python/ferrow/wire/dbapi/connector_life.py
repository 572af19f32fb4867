"""How long connections of a `PoolConnector` are good for: their age, and whether they still answer."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from ferrow.wire.dbapi.connector_reset import dirty, maybe

if TYPE_CHECKING:
    from ferrow.wire.dbapi.connector_queue import Member


class Life:
    """What a pool promises of the connections it lends."""

    __slots__ = ("_check_after", "_max_age", "_ping", "now")

    def __init__(
        self,
        max_age: float | None,
        check_after: float | None,
        ping: Callable[[Any], Any] | None,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._max_age = max_age
        self._check_after = check_after
        self._ping = ping
        self.now: Callable[[], float] = now

    def old(self, member: Member) -> bool:
        """Whether its time is over."""
        return self._max_age is not None and self.now() - member.opened >= self._max_age

    def due(self, member: Member) -> bool:
        """Whether it has to be tried out."""
        return self._check_after is not None and self.now() - member.since >= self._check_after

    async def fit(self, member: Member) -> bool:
        """Whether it can be lent: it is young enough, and answers if it was not used for long."""
        if self.old(member):
            return False
        if not self.due(member):
            return True
        try:
            if self._ping is not None:
                return await maybe(self._ping(member.conn)) is not False
            await _asked(member.conn)
        except Exception:  # the answer is the return value
            return False
        return True


async def _asked(conn: Any) -> None:
    was = await dirty(conn)
    cursor = await maybe(conn.cursor())
    try:
        await maybe(cursor.execute("SELECT 1"))
        await maybe(cursor.fetchone())
    finally:
        await maybe(cursor.close())
    if not was:  # with most drivers a question begins a transaction
        await maybe(conn.rollback())
