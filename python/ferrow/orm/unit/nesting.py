"""The blocks that are open in a unit of work: what each has written and is to write, so that its rollback undoes that and no more."""

from __future__ import annotations

import sys
from _thread import get_ident
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

from ferrow.engine.context import CHAIN
from ferrow.orm.unit.owners import Owners
from ferrow.orm.unit.shared import Shared
from ferrow.orm.unit.undoing import Undoing

if TYPE_CHECKING:
    from ferrow.engine.context import Link
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.transaction import AsyncTransactionScope
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.log import Log, Mark
    from ferrow.orm.unit.owners import Before, Lent
    from ferrow.orm.unit.turn import Turn


class Nesting(Shared, Undoing):
    """The part of a unit that is told where blocks begin and end. `depth`: how many begin() blocks are open, without one that the unit is of."""

    if TYPE_CHECKING:
        engine: AsyncEngine
        added: dict[int, Any]
        removed: dict[int, Any]
        groups: dict[type, Group]
        _log: Log
        _turn: Turn

        def _add(self, instance: object) -> None: ...
        def _remove(self, instance: object) -> None: ...

        async def flush(self, *, last: bool = False) -> None:
            """As `Unit.flush`."""

    def __init__(self) -> None:
        self.depth: int = 0
        self._blocks: dict[Link, int] = {}  # those of transaction() too, with the threads that have entered them
        self._visits: set[Link] = set()  # transactions that others have begun inside
        self._owners: Owners = Owners()

    @property
    def keeps(self) -> bool:
        """As `Followed.keeps`: what is written in a transaction that another session has begun, and may roll back, is pending again then."""
        return bool(self._visits)

    def mark(self, outer: Link | None) -> Mark:
        """Where the log of the transaction stands in which a block begins."""
        log: Log = self._log if outer is None or not outer.tells(self) else outer.mark_of(self).log
        return log.mark()

    async def enter(self, scope: AsyncTransactionScope) -> None:
        """Enter a begin() block."""
        scope._observer = self
        await scope.__aenter__()
        link = scope._link
        assert link is not None
        if link.observer is not self:
            scope._observe(self)
        if link not in self._blocks:
            self._begun_apart(link)
        self.depth += 1

    def _begun_apart(self, link: Link) -> None:
        """A begin() block is a transaction of its own, and what is pending is its own as well: none of the unit's is around it."""
        self.begun(link)
        with self._turn.mutex:
            self._owners.begin(link, chain(self.added, self.removed))

    def exited(self) -> None:
        """A begin() block has ended."""
        self.depth -= 1

    def begun(self, link: Link) -> None:
        """A block has begun inside one of the unit's transactions."""
        self._blocks[link] = get_ident()

    def visited(self, link: Link) -> None:
        """Another session has begun a transaction inside one of the unit's. It may last longer than the code in which it begins."""
        self._visits.add(link)

    def left(self, link: Link) -> None:
        """It has ended."""
        if link in self._visits:
            self._visits.remove(link)
        elif self._blocks.pop(link, None) is None:
            return  # it is the unit's own
        if not self._blocks and not self._visits:
            self._owners.forget()
        elif not self._within(link):
            self._owners.left(link)

    def _within(self, link: Link) -> bool:
        """Whether it is inside a block, or another session's transaction, that is open."""
        return any(link.inside(around) for around in (*self._blocks, *self._visits))

    def undone(self, link: Link) -> None:
        """What was written in it was rolled back. What another task is having written, or has added elsewhere, is still pending."""
        mark: Mark = link.mark_of(self)
        if link not in self._blocks:
            self.undone_since(mark)
            return
        owners = self._owners
        with self._turn.mutex:
            owners.undone(link)
            self.added, self.removed = owners.kept(self.added, link), owners.kept(self.removed, link)
            self._turn.keep(lambda one: not owners.owned(id(one), link))
        # A call that writes by itself has changed nothing that is to be written.
        self._undo(mark, changes=not (self._quiet.here or owners.flushed_beside(link)))
        self._pend(owners.given_back(link))

    def taken(self, link: Link) -> None:
        """What was written in a transaction of another session was rolled back with it, and is pending again."""
        self._undo(link.mark_of(self), changes=False)
        self._pend(self._owners.taken(link))

    def _pend(self, given: list[Lent]) -> None:
        for instance, _, _, removing in given:
            if (self.place(instance) is not None) is removing:
                # Not into the table itself: what another task is just writing would take it for written.
                (self._remove if removing else self._add)(instance)

    def expunge_all(self) -> None:
        """Follow nothing any more, and write nothing."""
        with self._turn.mutex:
            self.added, self.removed, self.groups = {}, {}, {}
            self._turn.keep(lambda _: False)
            self._owners.expunge_all()

    def _lend(self, link: Link | None) -> Before:
        """What is pending is about to be written in `link`; only now, as whose it is may change while somebody waits for his turn."""
        if not self._blocks and not self._visits:
            return {}
        with self._turn.mutex:
            visits = link is not None and any(link.inside(one) for one in [*self._visits])
            return self._owners.lend(link, self.added, self.removed, visits=visits)

    def _take(self, before: Before) -> tuple[dict[int, Any], dict[int, Any]]:
        """What was pending, which is written. Another task may have asked for something of it again."""
        with self._turn.mutex:
            added, removed = self.added, self.removed
            self.added, self.removed = {}, {}
            if self._blocks or self._visits:
                self._owners.written(
                    [key for key, one in chain(added.items(), removed.items()) if not self._turn.waits(one)], before
                )
        return added, removed

    def _asked(self, block: Link | None) -> Link | None:
        """Where the running code asks for something, of `block` if that is known; else, where it is in no block, of one that it can only mean.

        Such code is no other task's: it runs between two runs of a loop, in a thread that was not given the context, or in a context of its own.
        """
        link = self._here()
        if block is not None:
            return link if link is not None and link.inside(block) else block
        if link is not None:
            return link
        mine = get_ident() if self.engine.world.name == "blocking" else None
        if mine is None and _in_task():
            return None
        found = [one for one, thread in [*self._blocks.items()] if mine is None or thread == mine]
        return found[-1] if found and all(found[-1].inside(one) for one in found) else None

    def _here(self) -> Link | None:
        """The unit's innermost open transaction around the running code; also in a thread that it has started, where no loop runs."""
        link = CHAIN.get()
        while link is not None and (link.ended or not link.tells(self)):
            link = link.parent
        return link


def _in_task() -> bool:
    asyncio = sys.modules.get("asyncio")
    with suppress(RuntimeError):  # no loop runs here
        return asyncio is not None and asyncio.current_task() is not None
    return False
