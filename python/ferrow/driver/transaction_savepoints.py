"""Savepoints by name: what a transaction goes back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.abc import Status
from ferrow.driver.savepoints import Savepoints
from ferrow.errors import OperationalError, ProgrammingError

if TYPE_CHECKING:
    from ferrow.abc import Wire
    from ferrow.driver.connection import AsyncConnection


class AsyncSavepointing:
    """The part of a transaction that sets savepoints by name."""

    __slots__ = ("_savepoints",)

    _savepoints: Savepoints | None

    def _check(self) -> AsyncConnection:
        """The connection; raises unless the transaction is open."""
        raise NotImplementedError

    async def savepoint(self, name: str) -> None:
        """Set a savepoint to go back to with `rollback_to`. For a block, `transaction()` sets and ends one by itself.

        Args:
            name: 1 to 63 letters (A-Z, a-z), digits and `_`. Set again, it hides the earlier one of the same name.

        Raises:
            DataError: for another name.
            ProgrammingError: the transaction has ended, or a nested one is open inside it.
        """
        wire = self._innermost()
        if self._savepoints is None:
            self._savepoints = Savepoints()
        await wire.script(f"SAVEPOINT {self._savepoints.quoted(name)}")
        self._savepoints.add(name)

    async def rollback_to(self, name: str) -> None:
        """Undo what was done since `savepoint(name)`, errors included. The savepoint stays, those set after it are gone.

        Raises:
            ProgrammingError: there is no such savepoint, the transaction has ended, or a nested one is open inside it.
            OperationalError: SQLite has rolled back the whole transaction by itself, or MariaDB has, behind a deadlock.
        """
        wire, savepoints, place = self._known(name)
        if wire.dialect != "postgresql" and wire.status is Status.FAILED:
            who = "SQLite" if wire.dialect == "sqlite" else "the server"
            raise OperationalError(f"{who} has rolled back the whole transaction: savepoint {name!r} went with it")
        await wire.script(f'ROLLBACK TO SAVEPOINT "{name}"')
        savepoints.cut(place + 1)

    async def release_savepoint(self, name: str) -> None:
        """Forget a savepoint and those set after it; what was done since stays. Raises ProgrammingError as `rollback_to`."""
        wire, savepoints, place = self._known(name)
        await wire.script(f'RELEASE SAVEPOINT "{name}"')
        savepoints.cut(place)

    def _innermost(self) -> Wire:
        conn = self._check()
        if conn._stack[-1] is not self:
            raise ProgrammingError("a nested transaction is open inside this one: end it first, or use its savepoints")
        return conn.wire

    def _known(self, name: str) -> tuple[Wire, Savepoints, int]:
        wire = self._innermost()
        savepoints = self._savepoints or Savepoints()
        return wire, savepoints, savepoints.find(name)
