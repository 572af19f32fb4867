"""What a unit of work does when a transaction has ended: it keeps what was written, or undoes it in memory."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ferrow.errors import Error
from ferrow.orm.unit.followed import Followed
from ferrow.orm.unit.remembered import forget_changes


class Undoing(Followed):
    """The part of a unit that is told of beginnings and ends of transactions."""

    if TYPE_CHECKING:
        added: dict[int, Any]
        removed: dict[int, Any]

    def mark(self) -> int:
        """Where the log stands, for `undone`."""
        self._marked = len(self.log)
        return self._marked

    def undone(self, mark: int) -> None:
        """What was written since was rolled back: pending instances are forgotten, followed ones are what their rows are."""
        self.added, self.removed = {}, {}
        for group in self.groups.values():
            group.complete()
        self.log.undo(mark)
        for group in self.groups.values():
            for places, keys in group.changes().items():
                for key in keys:
                    group.put(group.instances[key], places, group.snapshots[key])
        forget_changes(self)

    async def again(self, connection: Any) -> None:
        """Read what was first read in what was rolled back, unless the unit has ended with it. What fails is tried again by the next flush."""
        if self._goes_on():
            with suppress(Error):
                await self._read_again(connection)

    async def _read_again(self, connection: Any) -> None:
        if any(group.unread for group in self.groups.values()):
            from ferrow.orm.unit.read_again import read_again

            await read_again(self, connection)

    def _goes_on(self) -> bool:
        """Whether instances are followed beyond the transaction that has just ended."""
        raise NotImplementedError

    def committed(self) -> None:
        """What was written stays."""
        self.overtaken.note(self.log)
        self.log.clear()
        for group in self.groups.values():
            group.expunged.clear()
