"""The transaction that the cursors of a connection open (PEP 249: a connection does not commit by itself)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.abc import Status
from ferrow.driver.ending import commit_on, rollback_on
from ferrow.driver.transaction import begin_sql
from ferrow.errors import OperationalError, ProgrammingError

if TYPE_CHECKING:
    from ferrow.abc import Waiter, Wire
    from ferrow.driver.connection import AsyncConnection


class Implicit:
    """One per connection, shared by its cursors."""

    __slots__ = ("_autocommit", "_begun", "_beginning", "_conn")

    def __init__(self, conn: AsyncConnection, autocommit: bool = False) -> None:
        self._conn = conn
        self._autocommit = bool(autocommit)
        self._begun = False
        # Under one key, who is sending BEGIN: `setdefault` decides between threads without a lock.
        self._beginning: dict[str, Waiter] = {}

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
        """Whether a statement that belongs into a transaction finds none."""
        return not self._autocommit and wire.status is Status.IDLE

    async def begin(self, wire: Wire) -> None:
        """Begin. Who comes meanwhile waits for the outcome: without it, its statement would commit by itself if BEGIN failed."""
        world = self._conn._world
        assert world is not None
        while wire.status is Status.IDLE:
            mine = world.waiter()
            first = self._beginning.setdefault("begin", mine)
            if first is not mine:
                await world.finish(first.wait(None))  # shielded, because others wait for the same
                continue
            try:
                if wire.status is Status.IDLE:
                    await wire.script(begin_sql(wire.dialect, None, False, False))
                    self._begun = True
                return
            finally:
                del self._beginning["begin"]
                mine.set()

    async def commit(self) -> None:
        """As `AsyncConnection.commit`."""
        wire = self._outside("commit()")
        status = wire.status
        self._begun = False
        if status is Status.TRANSACTION:
            await commit_on(wire)
        elif status is Status.FAILED:
            await self._rollback(wire)
            raise OperationalError(
                "the transaction was not committed: an earlier statement in it failed and everything was rolled back. "
                "Call rollback() after an error"
            )

    async def rollback(self) -> None:
        """As `AsyncConnection.rollback`."""
        wire = self._outside("rollback()")
        self._begun = False
        await self._rollback(wire)

    async def _rollback(self, wire: Wire) -> None:
        world = self._conn._world
        assert world is not None
        if wire.busy or wire.status is not Status.IDLE:
            await world.finish(rollback_on(wire))

    def _outside(self, call: str) -> Wire:
        if self._conn._stack:
            raise ProgrammingError(
                f"{call} of the connection inside a transaction: end the transaction() block, or call {call} of the "
                "transaction that begin() gave"
            )
        return self._conn.wire

    async def leave(self) -> None:
        """Commit what cursors began, at the end of the connection's block. (Closing undoes it.)"""
        if self._begun and not self._conn.is_closed() and not self._conn._stack:
            await self.commit()
