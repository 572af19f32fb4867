"""What tasks and threads that share a unit of work wait for when they write or load something by themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from ferrow.orm.unit.sending import SavepointTurn, StatementTurn

if TYPE_CHECKING:
    from ferrow.driver.connection import AsyncConnection
    from ferrow.engine.context import Link
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.unit.log import Entry
    from ferrow.orm.unit.overtaken import Reading
    from ferrow.orm.unit.quiet import Quiet
    from ferrow.orm.unit.sending import Sending


class Shared:
    """The part of a unit that keeps apart what several of them do."""

    if TYPE_CHECKING:
        engine: AsyncEngine
        _quiet: Quiet
        _sending: Sending

        async def before(self) -> None:
            """As `Unit.before`."""

    def reading(self) -> Reading | None:
        """Rows are about to be asked for, on another connection than somebody else may write on; None where there is no other."""
        return None

    def newer(self, reading: Reading | None) -> Collection[Entry]:
        """What others have written that such rows may not have."""
        if reading is None:
            return ()
        beside = self._beside()
        return beside if reading.next is None else (*reading.since(), *beside)

    def _beside(self) -> Collection[Entry]:
        """What transactions have written that the running code is not in."""
        return ()

    def quiet(
        self, *, writes: bool = True, before: Callable[[], Awaitable[None]] | None = None
    ) -> AbstractAsyncContextManager[None]:
        """Without flushes by themselves; those of other tasks wait, as do beginnings and ends of the block's transaction."""
        world, seconds = self.engine.world, self.engine.pool.limits.acquire_timeout
        alone = self._alone if writes else _never
        return self._quiet.block(world, seconds, alone=alone, waits=self._waits, before=before)

    def at_once(self) -> AbstractAsyncContextManager[None]:
        """For what is written by itself: what is pending is written before, and nothing meanwhile."""
        return self.quiet(before=self.before)

    def _alone(self) -> bool:
        """Whether the running code is in none of the unit's transactions."""
        return False

    def _waits(self) -> bool:
        """Whether the running code may wait for the beginning or end of the unit's transaction: it has nothing that those wait for."""
        return False

    def statement(self, link: Link) -> StatementTurn:
        """For what is sent in a transaction of the unit; what is written by itself is in the log when all of that is done."""
        world, seconds = self.engine.world, self.engine.pool.limits.acquire_timeout
        return StatementTurn(self._sending, world, seconds, self._quiet.outermost, link.connection)

    def joining(self) -> None:
        """Who may be waited for must not be waiting itself."""
        if (mine := self._quiet.outermost) is not None:
            self._sending.logged(mine)

    def savepoint(self, connection: AsyncConnection) -> SavepointTurn:
        """For a savepoint that is set or rolled back to, and told of."""
        world, seconds = self.engine.world, self.engine.pool.limits.acquire_timeout
        return SavepointTurn(self._sending, world, seconds, self._quiet.around(), connection)


def _never() -> bool:
    """What only reads is waited for wherever it is: it waits for nothing that a transaction holds."""
    return False
