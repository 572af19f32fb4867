"""`async with engine.transaction()`: a connection, a transaction on it, and everybody inside the block in it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow.driver.connection import AsyncConnection
from ferrow.driver.transaction import AsyncTransaction
from ferrow.engine.borrowed import BorrowedWire
from ferrow.engine.context import Link, current, enter, leave
from ferrow.engine.recovery import within
from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.driver.isolation import Isolation
    from ferrow.engine.context import Observer, Savepoint
    from ferrow.engine.engine import AsyncEngine


class AsyncTransactionScope:
    """A transaction for the length of a block: committed at its end, rolled back if an exception leaves it.

    Every call through the same engine inside the block runs in it, also from functions called there and from tasks started
    there while it is open. A block inside a block is a savepoint; such blocks in concurrent tasks take turns.
    """

    __slots__ = (
        "_engine",
        "_options",
        "_borrowed",
        "_link",
        "_outer",
        "_notifies",
        "_around",
        "_observer",
        "_undo_first",
    )

    def __init__(self, engine: AsyncEngine, isolation: Isolation | None, readonly: bool, deferrable: bool) -> None:
        self._engine = engine
        self._notifies = True  # False: its observer does this block itself, and those around it only stand by
        # Whose it is where somebody observes the transaction around it; None: it is his.
        self._observer: Observer | None = None
        self._around: Callable[[], Link | None] = partial(current, engine)
        self._undo_first: Callable[[], object] | None = None  # what an observer does that is not told
        self._options = (isolation, readonly, deferrable)
        self._borrowed: BorrowedWire | None = None
        self._link: Link | None = None
        self._outer: Link | None = None

    def __await__(self) -> Generator[Any, Any, Self]:
        """Itself, not begun yet: `async with await engine.transaction() as tx` is the same as without `await`."""
        return self
        yield

    async def __aenter__(self) -> AsyncTransaction:
        if self._link is not None:
            raise InterfaceError("this transaction() block is open already; call transaction() again for another one")
        engine = self._engine
        isolation, readonly, deferrable = self._options
        outer = await self._joined()
        if outer is not None:
            self._outer = outer
            connection = outer.connection
        else:
            self._borrowed = BorrowedWire(await engine.pool.acquire())
            connection = AsyncConnection.over(self._borrowed, engine.world)
        savepoints = None if outer is None else outer.savepoint()
        try:
            transaction = connection.transaction(isolation=isolation, readonly=readonly, deferrable=deferrable)
            transaction._patience = engine.pool.limits.recovery_timeout
            if outer is None or savepoints is None:
                await transaction.start()
                self._link = enter(engine, transaction)
            else:
                with savepoints as savepoint:
                    await savepoint.ended()
                    await transaction.start()
                    self._link = enter(engine, transaction)
                    self._observed(self._link, outer)
        except BaseException:
            self._end()
            raise
        if engine.world.name != "blocking":
            from ferrow.engine.early import holder

            self._link.holder = holder()
        return transaction

    async def _joined(self) -> Link | None:
        """The transaction that this one is nested in, after waiting for one's turn; None if there is none, or none any more."""
        while (outer := self._around()) is not None:
            told = outer.told()
            if self._notifies:
                for observer in told:
                    await observer.flush()
            for observer in told:
                observer.joining()
            await outer.turns.take(self._engine.world, self._engine.pool.limits.acquire_timeout)
            if not outer.ended:
                break
            outer.turns.give()  # another task has ended it meanwhile
        return outer

    def _observe(self, observer: Observer) -> None:
        """Have `observer` told what happens inside."""
        assert self._link is not None
        self._link.observer, self._link.mark = observer, observer.mark(self._outer)

    def _observed(self, link: Link, outer: Link) -> None:
        """Have those told who observe `outer`, and whose block it is."""
        self._observe(self._observer or outer.observer)  # type: ignore[arg-type]
        if outer.around or link.observer is not outer.observer:
            link.around = tuple([(one, one.mark(outer)) for one in outer.told() if one is not link.observer])
        if self._notifies:
            for one in outer.told():
                one.begun(link)
        else:
            for one, _ in link.around:
                one.visited(link)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        leave(link)
        transaction = link.transaction
        outer = self._outer
        try:
            try:
                savepoints = None if outer is None else link.savepoint()
                if savepoints is None:
                    await self._ended(link, None, kind, error, traceback)
                else:
                    with savepoints as savepoint:
                        await self._ended(link, savepoint, kind, error, traceback)
            finally:
                for observer in link.told():
                    if self._notifies or observer is not link.observer:
                        observer.left(link)
                self._end()
        except BaseException as failed:
            error = failed
            raise
        finally:
            if link.following is not None:
                from ferrow.engine.following import ended

                # What is open still, with a statement on its way that was given up, the server rolls back.
                committed = False if transaction.is_active() else transaction._committed
                await ended(link, committed=committed, outer=outer, error=error)
            if link.holder is not None:
                from ferrow.engine.early import told

                told(link, error)
            # What was raised here leads back to this frame: it would keep the connection until the collector comes by.
            error = None

    async def _ended(
        self,
        link: Link,
        savepoint: Savepoint | None,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commit or roll back, and say so."""
        transaction = link.transaction
        kept = False
        try:
            if error is None:
                await transaction.__aexit__(None, None, None)
                kept = True
            elif transaction.is_active() and not (self._borrowed is not None and self._borrowed.busy):
                await self._engine.world.finish(self._undo(transaction, savepoint, kind, error, traceback))
            # else a statement is still running whose caller was cancelled: waiting for its end is the pool's business.
        finally:
            if not kept and link.observer is not None:
                await self._tell(link)
            if link.guests is not None:
                await self._tell_guests(link, kept=kept)

    async def _undo(
        self,
        transaction: AsyncTransaction,
        savepoint: Savepoint | None,
        kind: type[BaseException] | None,
        error: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        """Roll back, but not for ever: what cannot be rolled back in time is cut off, which the server rolls back."""
        engine = self._engine

        async def work() -> None:
            if savepoint is not None:
                await savepoint.ended()
            await transaction.__aexit__(kind, error, traceback)

        if not await within(engine.world, engine.pool.limits.recovery_timeout, work()):
            transaction.connection.wire.abort()

    async def _tell(self, link: Link) -> None:
        told = link.told()
        if self._notifies:
            for observer in told:
                observer.undone(link)
        else:
            if self._undo_first is not None:
                self._undo_first()
            for observer in told[1:]:
                observer.taken(link)
        if not link.transaction.is_active():  # else a statement still runs, or the connection is lost
            for observer in told:
                await observer.again(link.connection, nested=self._outer is not None)

    async def _tell_guests(self, link: Link, *, kept: bool) -> None:
        guests = [*(link.guests or ())]
        for guest in guests:
            guest.stands(link, kept=kept)
        if not kept and not link.transaction.is_active():
            for guest in guests:
                await guest.again(link.connection, nested=self._outer is not None)

    def _end(self) -> None:
        outer, self._outer = self._outer, None
        if outer is not None:
            outer.turns.give()
        borrowed, self._borrowed = self._borrowed, None
        slot = None if borrowed is None else borrowed.end()
        if slot is not None:
            self._engine.pool.release(slot)
