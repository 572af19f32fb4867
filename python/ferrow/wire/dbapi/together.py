"""Several statements, of which none has an effect if one fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ferrow.errors import DatabaseError

if TYPE_CHECKING:
    from ferrow.wire.dbapi.wire import DbapiWire

_MANY = "ferrow_many"


class Together:
    """Statements of which none has an effect if one fails; `several` of them."""

    __slots__ = ("_divided", "_guarded", "_how", "_said", "_several", "_wire")

    def __init__(self, wire: DbapiWire, several: bool, *, guarded: bool = False) -> None:
        """`guarded`: they may be such as commit by themselves (CREATE and its kind, on MariaDB); behind those it goes on in another transaction."""
        self._guarded = guarded
        self._wire = wire
        self._several = several
        self._how = ""
        self._said = (0, "")
        self._divided: tuple[int, str] | None = None

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
            begins = "BEGIN IMMEDIATE" if driver.dialect == "sqlite" else "BEGIN"
            await driver.say(begins)
            if self._guarded:
                driver.guard(begins)

    def check(self, statements: Sequence[str]) -> None:
        """Raise ProgrammingError for one that would commit the program's transaction, as long as nothing has been run."""
        if self._how == "savepoint":
            self._wire._driver.check_joined(statements)

    def check_done(self, more: bool) -> None:
        """Raise ProgrammingError if the last statement has committed it all the same. `more`: others would follow."""
        driver = self._wire._driver
        if self._how == "savepoint" and driver.dialect == "mysql" and not (driver.divided or driver.in_transaction()):
            from ferrow.wire.mysql.together import committed_around

            self._divided = None
            raise committed_around(self._said[1], more)

    async def next(self, sql: str) -> None:
        """Called before each of several different ones."""
        if self._wire._driver.divided:
            self._divided = self._said
            if self._how == "savepoint":
                await self._wire._driver.say(f"SAVEPOINT {_MANY}")
        self._said = (self._said[0] + 1, sql)

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        driver = self._wire._driver
        divided = self._said if driver.divided else self._divided
        if divided is not None and isinstance(error, DatabaseError):
            from ferrow.wire.mysql.together import committed

            error.add_note(committed(*divided))
        if self._how == "alone":
            if self._guarded:
                driver.guard("")
            await self._wire._leave(error is None, "")
        elif self._how == "savepoint" and driver.in_transaction() and not driver.divided:
            try:
                if error is not None:
                    await driver.say(f"ROLLBACK TO SAVEPOINT {_MANY}")
                await driver.say(f"RELEASE SAVEPOINT {_MANY}")
            except DatabaseError as failed:
                if error is None:
                    raise
                error.add_note(f"the rollback failed too: {failed}")
