"""Transactions on a connection that the program has opened, and may have begun one on itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.abc import Status
from ferrow.errors import DatabaseError, OperationalError, ProgrammingError

if TYPE_CHECKING:
    from ferrow.errors import InterfaceError
    from ferrow.wire.dbapi.drivers.base import Driver
    from ferrow.wire.dbapi.hold import Hold

_JOINED = "ferrow_joined"
_PLAIN = ("BEGIN", "BEGIN IMMEDIATE", "BEGIN DEFERRED", "START TRANSACTION")
_BEGINS = ("BEGIN", "START", "SAVEPOINT")


class Transactions:
    """A part of `DbapiWire`. Whoever calls has its turn."""

    __slots__ = ()

    if TYPE_CHECKING:
        dialect: str
        _driver: Driver
        _hold: Hold

    def _over(self) -> InterfaceError:
        return self._hold.over()

    async def _enter(self) -> bool:
        """Before a statement outside of a transaction of ours. False: it is in one of the program's."""
        if await self._driver.inside():
            return False
        self._hold.loose = True
        await self._driver.alone(True)
        return True

    async def _leave(self, well: bool, sql: str) -> None:
        """After it: whatever it began is over, unless that is what it was for."""
        hold, driver = self._hold, self._driver
        if driver.closed:
            return
        if not well:
            if driver.in_transaction() or driver.implicit:
                await self._quietly_undone()
        elif (driver.in_transaction() or driver.implicit) and not sql.lstrip()[:9].upper().startswith(_BEGINS):
            try:
                await driver.commit()
            except BaseException:
                await self._quietly_undone()
                raise
        hold.loose = False
        if not driver.in_transaction():
            await driver.alone(False)

    async def _quietly_undone(self) -> None:
        try:
            await self._driver.rollback()
        except DatabaseError:
            pass  # what came before it matters more; `clean` looks at the connection again

    async def _begun(self, sql: str, guarded: bool) -> None:
        """Begin one of ours: a savepoint, where the program has begun one. `guarded`: a block will end it, and nothing else."""
        hold, driver = self._hold, self._driver
        if not await driver.inside():
            hold.inside, hold.owner = "own", self
            await driver.alone(True)
            for text in driver.split(sql):
                await driver.say(text)
            if guarded:
                driver.guard(sql, self._lost)
            return
        if sql not in _PLAIN:
            raise ProgrammingError(
                "the program has begun a transaction on this connection itself, which ours would be a part of: options "
                "(isolation, readonly) belong to the outermost one"
            )
        hold.inside, hold.owner = "joined", self
        await driver.say(f"SAVEPOINT {_JOINED}")

    async def _ended(self, sql: str) -> None:
        """COMMIT or ROLLBACK of ours."""
        hold, driver = self._hold, self._driver
        driver.guard("")
        if sql == "ROLLBACK":
            await self._undone()
            return
        if self._failed():
            await self._undone()
            raise OperationalError("the transaction was not committed: it was rolled back")
        if hold.inside == "joined":
            await driver.say(f"RELEASE SAVEPOINT {_JOINED}")
            hold.inside, hold.owner = "", None
            return
        await driver.say("COMMIT")
        hold.inside, hold.owner, hold.loose = "", None, False
        await driver.alone(False)

    def _lost(self) -> None:
        """A statement has ended one of ours, and the database has told of it: nothing is left that could be ended."""
        hold = self._hold
        hold.inside, hold.owner, hold.loose = "", None, False

    async def _undone(self) -> None:
        hold, driver = self._hold, self._driver
        driver.guard("")
        if driver.closed:
            hold.inside, hold.owner, hold.loose = "", None, False
            return
        if hold.inside == "joined":
            if driver.in_transaction():
                await driver.say(f"ROLLBACK TO SAVEPOINT {_JOINED}")
                await driver.say(f"RELEASE SAVEPOINT {_JOINED}")
        elif driver.in_transaction() or driver.implicit:
            await driver.say("ROLLBACK")
        hold.inside, hold.owner, hold.loose = "", None, False
        if not driver.in_transaction():
            await driver.alone(False)

    @property
    def status(self) -> Status:
        """As `Wire.status`; what the program has begun itself does not count."""
        hold = self._hold
        if not hold.inside or hold.owner is not self:
            return Status.TRANSACTION if hold.loose and self._driver.in_transaction() else Status.IDLE
        return Status.FAILED if self._failed() else Status.TRANSACTION

    def _failed(self) -> bool:
        return self._driver.failed() or self._gone()

    def _gone(self) -> bool:
        """Whether SQLite has rolled back our transaction by itself. (On MariaDB CREATE and its like commit it, which is no failure.)"""
        return self.dialect == "sqlite" and not self._driver.in_transaction()
