"""Several statements, of which none has an effect if one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors import DatabaseError

if TYPE_CHECKING:
    from ferrow.wire.dbapi.wire import DbapiWire

_MANY = "ferrow_many"


class Together:
    """Statements of which none has an effect if one fails; `several` of them."""

    __slots__ = ("_how", "_several", "_wire")

    def __init__(self, wire: DbapiWire, several: bool) -> None:
        self._wire = wire
        self._several = several
        self._how = ""

    async def __aenter__(self) -> None:
        wire = self._wire
        driver = wire._driver
        if wire._hold.inside or not await wire._enter():
            if self._several:
                await driver.say(f"SAVEPOINT {_MANY}")
                self._how = "savepoint"
            return
        self._how = "alone"
        if self._several:
            await driver.say("BEGIN IMMEDIATE" if driver.dialect == "sqlite" else "BEGIN")

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        driver = self._wire._driver
        if self._how == "alone":
            await self._wire._leave(error is None, "")
        elif self._how == "savepoint" and driver.in_transaction():
            try:
                if error is not None:
                    await driver.say(f"ROLLBACK TO SAVEPOINT {_MANY}")
                await driver.say(f"RELEASE SAVEPOINT {_MANY}")
            except DatabaseError as failed:
                if error is None:
                    raise
                error.add_note(f"the rollback failed too: {failed}")
