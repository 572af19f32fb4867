"""The transaction that the cursors of a connection open (PEP 249: a connection does not commit by itself)."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.driver.ending import commit, rollback
from ferrow.errors import DatabaseError, OperationalError, ProgrammingError

if TYPE_CHECKING:
    from ferrow.abc import Waiter, Wire
    from ferrow.driver.connection import AsyncConnection

# SQLite: only what writes begins one (see `effects`), and it takes the lock while waiting for it still helps.
_BEGIN = {"postgresql": "BEGIN", "sqlite": "BEGIN IMMEDIATE"}


class Implicit:
    """One per connection, shared by its cursors."""

    __slots__ = ("_autocommit", "_begun", "_changing", "_conn")

    def __init__(self, conn: AsyncConnection, autocommit: bool = False) -> None:
        self._conn = conn
        self._autocommit = bool(autocommit)
        self._begun = False
        # Under one key, whose BEGIN, COMMIT or ROLLBACK is on its way. Without a lock: `setdefault` decides between threads.
        self._changing: dict[str, Waiter] = {}

    @property
    def autocommit(self) -> bool:
        """As `AsyncConnection.autocommit`."""
        return self._autocommit

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if self._conn.wire.status is not Status.IDLE:
            raise ProgrammingError("autocommit cannot be changed inside a transaction; commit() or rollback() first")
        self._autocommit = bool(value)

    def wanted(self, wire: Wire) -> bool:
        """Whether a statement that belongs into a transaction finds none, or one that may be ending."""
        return not self._autocommit and (wire.status is Status.IDLE or bool(self._changing))

    async def begin(self, wire: Wire) -> None:
        """Begin, unless another task or thread has. Raises what BEGIN raises; nobody's statement commits by itself instead."""
        mine = await self._turn()
        try:
            if wire.status is Status.IDLE:
                self._begun = True  # from now on: whoever is cancelled here may leave a transaction behind
                try:
                    await wire.script(_BEGIN[wire.dialect])
                except DatabaseError:
                    self._begun = False
                    raise
        finally:
            self._over(mine)

    async def commit(self) -> None:
        """As `AsyncConnection.commit`."""
        wire = self._outside("commit()")
        mine = await self._turn()
        try:
            status = wire.status
            self._begun = False
            if status is Status.TRANSACTION:
                await commit(wire, refusing=False)
            elif status is Status.FAILED:
                await self._finish(rollback(wire, refusing=False))
                raise OperationalError(
                    "the transaction was not committed: an earlier statement in it failed and everything was rolled back. "
                    "Call rollback() after an error"
                )
        finally:
            self._over(mine)

    async def rollback(self) -> None:
        """As `AsyncConnection.rollback`."""
        wire = self._outside("rollback()")
        mine = await self._turn()
        try:
            self._begun = False
            if wire.busy or wire.status is not Status.IDLE:
                await self._finish(rollback(wire, refusing=False))
        finally:
            self._over(mine)

    async def leave(self) -> None:
        """Commit what cursors began, at the end of the connection's block. (Closing undoes it.)"""
        if self._begun and not self._conn.is_closed() and not self._conn._stack:
            await self.commit()

    async def _turn(self) -> Waiter:
        """Wait until nobody else is beginning or ending a transaction."""
        world = self._conn._world
        assert world is not None
        while True:
            mine = world.waiter()
            other = self._changing.setdefault("turn", mine)
            if other is mine:
                return mine
            await world.finish(other.wait(None))  # shielded, because others wait for the same

    def _over(self, mine: Waiter) -> None:
        del self._changing["turn"]
        mine.set()

    async def _finish(self, ending: Coroutine[Any, Any, None]) -> None:
        """Run to the end even if the caller is cancelled meanwhile."""
        world = self._conn._world
        assert world is not None
        await world.finish(ending)

    def _outside(self, call: str) -> Wire:
        if self._conn._stack:
            raise ProgrammingError(
                f"{call} of the connection inside a transaction: end the transaction() block, or call {call} of the "
                "transaction that begin() gave"
            )
        return self._conn.wire
