"""What a unit of work does when a transaction has ended: it keeps what was written, or undoes it in memory."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

from ferrow.errors import Error
from ferrow.orm.unit.followed import Followed
from ferrow.orm.unit.remembered import forget_changes

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.unit.log import Log, Mark


class Undoing(Followed):
    """The part of a unit that is told of beginnings and ends of transactions."""

    if TYPE_CHECKING:
        engine: AsyncEngine
        added: dict[int, Any]
        removed: dict[int, Any]
        _log: Log

    def undone_since(self, mark: Mark) -> None:
        """What was written since was rolled back: pending instances are forgotten, followed ones are what their rows are."""
        self.added, self.removed = {}, {}
        self._undo(mark, changes=True)

    def _undo(self, mark: Mark, *, changes: bool) -> None:
        for group in self.groups.values():
            group.complete()
        mark.undo()
        if not changes:
            return
        for group in self.groups.values():
            for places, keys in group.changes().items():
                for key in keys:
                    group.put(group.instances[key], places, group.snapshots[key])
        forget_changes(self)

    async def again(self, connection: Any, *, nested: bool = False) -> None:
        """Read what was first read in what was rolled back, unless the unit has ended with it. What fails is tried again by the next flush.

        `nested`: inside a transaction, all of which would fail with it. Whoever rolls back does not wait for ever.
        """
        if self._goes_on() and self._unread():
            with suppress(Error):
                async with connection.transaction() if nested else nullcontext():
                    await self._read_again(connection, self.engine.pool.limits.recovery_timeout, apart=not nested)

    def _unread(self) -> bool:
        return any(group.unread for group in self.groups.values())

    async def _read_again(self, connection: Any, timeout: float | None = None, *, apart: bool = False) -> None:
        if self._unread():
            from ferrow.orm.unit.read_again import read_again

            await read_again(self, connection, timeout, apart=apart)

    def _goes_on(self) -> bool:
        """Whether instances are followed beyond the transaction that has just ended."""
        raise NotImplementedError

    def committed(self) -> None:
        """What was written stays."""
        self.overtaken.note(self._log)
        self._log.clear()
        for group in self.groups.values():
            group.expunged.clear()
