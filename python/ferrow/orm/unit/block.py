"""`with Session(engine) as session`: a unit of work that begins a transaction when it first writes, and ends it by commit()."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from ferrow.engine.context import current, joined
from ferrow.engine.following import CallbacksFailed, Following, follow
from ferrow.errors import CommitUnknown, ProgrammingError
from ferrow.orm.unit.beginning import Beginning, Over
from ferrow.orm.unit.log import Inserted, Removed

if TYPE_CHECKING:
    from ferrow.engine.context import Link
    from ferrow.engine.transaction import AsyncTransactionScope
    from ferrow.orm.unit.group import Group
    from ferrow.orm.unit.unit import Unit


_INSIDE = (
    " waited {seconds:g} s (acquire_timeout) for the end of a transaction() or begin() block that another task or thread has open in this "
    "session's transaction. Nothing has ended: call it again when that block is left, or give each task or thread a session of its own"
)
_WRITING = (
    " waited {seconds:g} s (acquire_timeout) for what another task or thread is still writing for the same session. Nothing has ended: "
    "call it again when that is done, or give each task or thread a session of its own"
)


class Block(Beginning):
    """The unit of a session's block."""

    @property
    def keeps(self) -> bool:
        """As `Followed.keeps`."""
        return self._host() is None

    @property
    def undoable(self) -> bool:
        """Where no transaction is open, each call commits by itself; those of other tasks also while a begin() block is open that began it."""
        return self.link is not None or self._turn.here or joined(self.engine) is not None

    def _apart(self) -> bool:
        if self.link is not None:
            return False
        link = current(self.engine)
        while link is not None and link.tells(self) and link not in self._blocks:
            link = link.outer()  # that is of the flush itself
        return link is None or not link.tells(self)

    def follow(self, callback: Callable[[], Any], *, committed: bool) -> None:
        """Call something when the transaction has ended, which may not have begun yet. Raises ProgrammingError as `following.follow`."""
        if self.depth:
            follow(self.engine, callback, committed=committed)
            return
        place = self if self.link is None else self.link
        if place.following is None:
            place.following = Following()
        place.following.add(self.engine.world, callback, committed=committed)

    async def _written(
        self, write: Callable[[Unit, Any], Awaitable[None]], undo: Callable[[], None], *, last: bool
    ) -> None:
        while True:
            if self._unbegun:
                if (link := await self._begun()) is not None:
                    await self._first(link, write, undo)
                    return
            else:
                with suppress(Over):
                    await super()._written(write, undo, last=last)
                    return

    def _alone(self) -> bool:
        return self.around() is None

    def _waits(self) -> bool:
        link = self.around()
        return (link is None or link is self.link) and not self._turn.here

    def _scope_around(self) -> AsyncTransactionScope:
        scope = super()._scope_around()
        scope._around = self._around_writing
        return scope

    async def _first(self, link: Link, write: Callable[[Unit, Any], Awaitable[None]], undo: Callable[[], None]) -> None:
        """Write what the transaction begins with. If that fails, there is nothing to keep it for."""
        try:
            async with self._turn.of(self.engine, undo):
                try:
                    await write(self, link.connection)
                except BaseException as error:
                    await self._end(error)
                    raise
        finally:
            link.turns.give()

    async def commit(self) -> None:
        """Write what is pending and end the transaction. If something fails, what is not saved is pending again."""
        self._must_be_outermost("commit")
        await self.flush()
        async with self._still("commit"):
            around = None if self.link is None else self.link.outer()
            try:
                await self._end(None)
            except CallbacksFailed:
                self.committed()
                raise
            except CommitUnknown:
                # Whether it is there nobody knows, so nothing may be written a second time.
                self.forget()
                raise
            except BaseException:
                self._pend_again()
                await self.again(self.engine)
                raise
            self._settled.note(around, self._log)
            self.committed()

    @asynccontextmanager
    async def _still(self, doing: str) -> AsyncIterator[None]:
        """While no other task writes, or is in a nested transaction: the end of the transaction would take away what it is working in."""
        world, seconds = self.engine.world, self.engine.pool.limits.acquire_timeout
        self._must_not_be_inside(self.link, doing)
        async with self._closed(f"{doing}(){_WRITING}"):
            while True:
                link = self.link
                if link is not None:
                    await link.turns.take(world, seconds, f"{doing}(){_INSIDE}")
                try:
                    async with self._turn.of(self.engine, _nothing, f"{doing}(){_WRITING}"):
                        if self.link is link:  # else another task has ended it meanwhile, or begun one
                            yield
                            return
                finally:
                    if link is not None:
                        link.turns.give()

    def _must_not_be_inside(self, link: Link | None, doing: str) -> None:
        inside = None if link is None else current(self.engine)
        while inside is not None and inside is not link:
            if inside.parent is link:
                raise ProgrammingError(
                    f"{doing}() inside a transaction() block that was begun in this session's transaction: leave it first. If it is one of an "
                    "async generator that was left early, contextlib.aclosing ends it in time"
                )
            inside = inside.parent

    def _pend_again(self) -> None:
        """A transaction that the database refused to commit: what was written in it is pending again."""
        added = {id(one): one for entry in self.log if isinstance(entry, Inserted) for one in entry.instances or ()}
        removed = {id(entry.instance): entry.instance for entry in self.log if isinstance(entry, Removed)}
        self.log.undo()
        self.added = {key: one for key, one in added.items() if key not in removed} | self.added
        self.removed = {key: one for key, one in removed.items() if key not in added} | self.removed

    async def rollback(self) -> None:
        """Undo what was written, forget what is pending, and give followed instances what their rows hold."""
        self._must_be_outermost("rollback")
        async with self._still("rollback"):
            await self._end(ProgrammingError("rolled back"), lambda: self.undone_since(self.beginning))

    def _goes_on(self) -> bool:
        return True

    async def close(self, error: BaseException | None) -> None:
        """The end of the block.

        Raises:
            ProgrammingError: something is not saved.
        """
        self._settled.forget()
        left = self.unsaved() if error is None else []
        if error is None and not left and self._scope is not None and self.log:
            left = ["what was flushed"]
        if error is None and left:
            shown = ", ".join(left[:5]) + (", ..." if len(left) > 5 else "")
            error = failed = ProgrammingError(
                f"the session's block ends with unsaved changes: {shown}. Call commit() or rollback() before its end"
            )
            await self._end(error, self._over)
            raise failed
        await self._end(error, None if error is None else self._over)

    def _over(self) -> None:
        self.undone_since(self.beginning)
        for group in self.groups.values():
            group.unread.clear()

    def forget(self) -> None:
        """Follow nothing any more."""
        self.added: dict[int, Any] = {}
        self.removed: dict[int, Any] = {}
        self.groups: dict[type, Group] = {}
        self.remembered.clear()
        self._log.clear()

    def _must_be_outermost(self, doing: str) -> None:
        if self.depth:
            way = "leave it" if doing == "commit" else "let an exception leave it"
            raise ProgrammingError(f"{doing}() inside a begin() block, which ends by itself: {way}, or flush()")


def _nothing() -> None:
    """There is nothing to undo."""
