"""How the transaction of a session's block begins, once, whichever tasks or threads that share the block want it to; and how it ends."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, suppress
from typing import TYPE_CHECKING

from ferrow.engine.context import current, joined, present
from ferrow.engine.following import call
from ferrow.engine.turns import Turns
from ferrow.orm.unit.log import Log
from ferrow.orm.unit.settled import Settled
from ferrow.orm.unit.unit import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ferrow.driver.isolation import Isolation
    from ferrow.engine.context import Link
    from ferrow.engine.engine import AsyncEngine
    from ferrow.engine.following import Following
    from ferrow.engine.transaction import AsyncTransactionScope
    from ferrow.orm.unit.log import Entry
    from ferrow.orm.unit.overtaken import Reading


_LATE = (
    "the transaction could not begin within {seconds:g} s: another task or thread that shares the session is still waiting for a connection "
    "to begin it. Raise max_size or acquire_timeout"
)


class Over(Exception):
    """The block's transaction has ended while somebody waited to write in it."""


class Beginning(Unit):
    """The unit of a block whose transaction is `link`, None while there is none."""

    def __init__(self, engine: AsyncEngine, *, autoflush: bool = True) -> None:
        super().__init__(engine, autoflush=autoflush)
        self._scope: AsyncTransactionScope | None = None
        self.link: Link | None = None
        self._beginning = Turns(_LATE)
        self._settled: Settled = Settled(self)
        # What is to be called when the transaction has ended that is not begun yet.
        self.following: Following | None = None

    async def begin(self, isolation: Isolation | None = None, readonly: bool = False) -> None:
        """Begin the transaction."""
        self._has_begun(await self._entered(isolation, readonly))

    async def _entered(self, isolation: Isolation | None = None, readonly: bool = False) -> AsyncTransactionScope:
        around = current(self.engine)
        if around is not None and around.observer is not None:
            await around.observer.before()
        scope = self.engine.transaction(isolation=isolation, readonly=readonly)
        scope._notifies, scope._observer = False, self
        await scope.__aenter__()
        return scope

    async def enter(self, scope: AsyncTransactionScope) -> None:
        """Enter a begin() block: in the transaction, or in one of its own, which does not begin while that does."""
        while True:
            if self.around() is not None:
                scope._around = self._around_inside
                with suppress(Over):
                    await super().enter(scope)
                    return
            await self._beginning.take(self.engine.world, self.engine.pool.limits.acquire_timeout)
            try:
                if self.around() is None:
                    scope._around = self.around
                    await super().enter(scope)
                    return
            finally:
                self._beginning.give()

    def _begun_apart(self, link: Link) -> None:
        super()._begun_apart(link)
        if self.link is None:
            link.mark = Log().mark()

    def left(self, link: Link) -> None:
        """As `Unit.left`. What was written in a transaction of its own stays, or is undone already."""
        super().left(link)
        log = link.mark_of(self).log
        if log is not self._log and not (self._blocks and self._within(link)):
            self.overtaken.note(log)
            self._settled.note(link.outer(), log)
            log.clear()  # whoever was started inside knows it for longer

    def _flushed_apart(self, log: Log) -> None:
        self._settled.note(self._host(), log)

    def exited(self) -> None:
        """As `Unit.exited`."""
        super().exited()
        if not self.depth and self.link is None:
            self.committed()

    @property
    def log(self) -> Log:
        """As `Unit.log`; of the running code's begin() block, if that is a transaction of its own; or of somebody else's transaction."""
        own = self._turn.log
        if own is not None and self._turn.here:
            return own
        link = self._here() if self._blocks and self.link is None else None
        if link is None:
            host = self._host()
            return self._log if host is None else self._settled.log(host)
        log: Log = link.mark_of(self).log
        return log

    def _host(self) -> Link | None:
        """Somebody else's transaction, where that is what the running code writes in."""
        if self.link is not None or self._turn.here:
            return None
        link = joined(self.engine)
        return None if link is None or link.tells(self) else link

    def reading(self) -> Reading | None:
        """As `Shared.reading`."""
        return self.overtaken.now if self.link is None else None

    def _beside(self) -> Collection[Entry]:
        settled = self._settled.beside()
        return [*settled, *self._beside_here()] if settled else self._beside_here()

    def _beside_here(self) -> Collection[Entry]:
        if not self._blocks:
            return self._log
        mine = self.log
        others = {id(log): log for link in [*self._blocks] if (log := link.mark_of(self).log) is not mine}
        if not others:
            return self._log  # all that are open are the running code's
        if mine is not self._log:
            others[id(self._log)] = self._log
        return [entry for log in others.values() for entry in log]

    def _has_begun(self, scope: AsyncTransactionScope) -> Link:
        link = scope._link
        assert link is not None
        if link.observer is not self:
            scope._observe(self)
        self._scope, self.link = scope, link
        link.following, self.following = self.following, None
        return link

    async def _end(self, error: BaseException | None, undo: Callable[[], None] | None = None) -> None:
        """End the transaction. `undo` is called if it is rolled back, or there is none."""
        scope, self._scope, self.link = self._scope, None, None
        if scope is not None:
            scope._undo_first = undo
            await scope.__aexit__(None if error is None else type(error), error, None)
            return
        if undo is not None:
            undo()
        if self.following is not None:
            following, self.following = self.following, None
            await call(following, self.engine.world, committed=error is None, error=error)

    def _closed(self, late: str | None = None) -> AbstractAsyncContextManager[None]:
        """While other tasks write nothing by themselves, wherever that goes. `late`: as for `Quiet.closed`."""
        return self._quiet.closed(self.engine.world, self.engine.pool.limits.acquire_timeout, late)

    @property
    def _unbegun(self) -> bool:
        return self.link is None and self.depth == 0

    def around(self) -> Link | None:
        """The transaction that the running code is in: the block's, if it has begun, or one inside it."""
        link = self.link
        if link is not None:
            present(link)
        return current(self.engine)

    def _around_inside(self) -> Link:
        link = self.around()
        if link is None:
            raise Over
        return link

    def _around_writing(self) -> Link | None:
        if self._unbegun:
            raise Over
        return self.around()

    async def _begun(self) -> Link | None:
        """Begin the transaction, with the first turn in it; None if another task has begun it meanwhile.

        Tasks that need a connection for that wait for each other, those that have one do not: their transaction ends when they go on.
        """
        waits = current(self.engine) is None
        if waits:
            await self._beginning.take(self.engine.world, self.engine.pool.limits.acquire_timeout)
        try:
            async with self._closed():
                if self._unbegun:
                    scope = await self._entered()
                    with self._turn.mutex:
                        if self._unbegun:
                            assert scope._link is not None
                            scope._link.turns.take_first()
                            return self._has_begun(scope)
                    await scope.__aexit__(None, None, None)
            return None
        finally:
            if waits:
                self._beginning.give()
