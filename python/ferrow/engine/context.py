"""Which transaction the running code is in: one context variable for all engines and faces.

It holds an immutable chain, innermost first. A child task inherits the chain of its moment; links whose transaction has ended
are passed over, so a task that outlives the block it was started in uses the pool like everybody else.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakSet

from ferrow.engine.turns import Turns
from ferrow.errors import ProgrammingError
from ferrow.process import pid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ferrow._core import Result
    from ferrow.driver.connection import AsyncConnection
    from ferrow.driver.transaction import AsyncTransaction
    from ferrow.engine.early import Holder
    from ferrow.engine.following import Following


class Savepoint(AbstractContextManager["Savepoint"], Protocol):
    """What keeps statements and a savepoint apart: none begins meanwhile."""

    async def ended(self) -> None:
        """Wait for those that have begun."""


class Observer(Protocol):
    """Whoever wants to know what happens in a transaction: what a unit of work has to write must be written before others read."""

    async def before(self) -> None:
        """A statement is about to be sent."""

    def seen(self, result: Result) -> None:
        """It has been answered."""

    def statement(self, link: Link) -> AbstractAsyncContextManager[None]:
        """For a statement in the transaction, which is told of by `seen`."""
        ...

    async def flush(self) -> None:
        """A block is about to begin inside: what is pending is no part of it."""

    def joining(self) -> None:
        """The running code is about to wait for its turn to begin a block inside."""

    def begun(self, link: Link) -> None:
        """A block has begun inside, and is told of until `left`."""

    def visited(self, link: Link) -> None:
        """A transaction of somebody else has begun inside, whose end has nothing to do with who works meanwhile; told of until `left`."""

    def left(self, link: Link) -> None:
        """It has ended."""

    def savepoint(self, connection: AsyncConnection) -> Savepoint:
        """For the savepoint of a block inside, until `mark` or `undone` was called."""
        ...

    def mark(self, outer: Link | None) -> Any:
        """A block begins, inside `outer`: what its link has as `mark`, for `undone`."""
        ...

    def undone(self, link: Link) -> None:
        """All that happened in this block was rolled back."""

    def taken(self, link: Link) -> None:
        """The same of a transaction of somebody else (`visited`): what was written in it is to be written still."""

    async def again(self, connection: AsyncConnection, *, nested: bool) -> None:
        """What was rolled back is undone; `connection` is still there, and in what was around it if it was `nested`."""


class Guest(Protocol):
    """Whoever has committed something in a transaction that has not ended yet."""

    def stands(self, link: Link, *, kept: bool) -> None:
        """It has: what was committed there is kept, as far as anybody knows in that transaction, or rolled back with it."""

    async def again(self, connection: AsyncConnection, *, nested: bool) -> None:
        """As `Observer.again`, behind `stands`."""


class Link:
    """One open transaction of one engine."""

    __slots__ = (
        "engine",
        "transaction",
        "connection",
        "parent",
        "turns",
        "ended",
        "following",
        "holder",
        "observer",
        "mark",
        "around",
        "guests",
        "_pid",
        "_key",
    )

    def __init__(self, engine: Any, transaction: AsyncTransaction, parent: Link | None, key: Any) -> None:
        self.engine: Any = engine
        self.transaction: AsyncTransaction = transaction
        self.connection: AsyncConnection = transaction.connection
        self.parent: Link | None = parent
        self.turns: Turns = Turns()
        self.ended: bool = False
        self.following: Following | None = None
        self.holder: Holder | None = None
        self.observer: Observer | None = None
        self.mark: Any = None  # what the observer knows its beginning by
        # The same of those of the transactions around it, which are told as well.
        self.around: tuple[tuple[Observer, Any], ...] = ()
        self.guests: WeakSet[Guest] | None = None
        self._pid = pid()
        self._key = key

    def inside(self, other: Link) -> bool:
        """Whether it is this one, or was begun in it."""
        link: Link | None = self
        while link is not None and link is not other:
            link = link.parent
        return link is other

    def outer(self) -> Link | None:
        """The innermost of those around it, of its engine, that have not ended, nor been rolled back with one around them."""
        link = self.parent
        while link is not None and (link.ended or link.engine is not self.engine or not link.transaction.is_active()):
            link = link.parent
        return link

    def told(self) -> list[Observer]:
        """Who is told what becomes of it: its own observer first, then those of the transactions around it."""
        return [] if self.observer is None else [self.observer, *[one for one, _ in self.around]]

    def tells(self, observer: Observer) -> bool:
        """Whether this one is told."""
        return self.observer is observer or any(one is observer for one, _ in self.around)

    def mark_of(self, observer: Observer) -> Any:
        """What one who is told knows its beginning by."""
        if self.observer is observer:
            return self.mark
        return next(mark for one, mark in self.around if one is observer)

    def savepoint(self) -> Savepoint | None:
        """For the savepoint of a block inside it, or its own; None if nobody is told."""
        if self.observer is None:
            return None
        if not self.around:
            return self.observer.savepoint(self.connection)
        from ferrow.engine.savepoints import Savepoints

        return Savepoints([one.savepoint(self.connection) for one in self.told()])

    def joinable(self, key: Any) -> bool:
        """Whether it is open, and its connection belongs to this process and this loop (contexts are copied across both).

        One whose connection was lost is still open: what is meant to happen inside it must not happen outside.
        """
        return not self.ended and self.transaction.is_active() and self._key == key and self._pid == pid()


CHAIN: ContextVar[Link | None] = ContextVar("ferrow_transactions", default=None)
"""None: there is no transaction of any engine around the running code."""


def current(engine: Any) -> Link | None:
    """The innermost open transaction of `engine` around the running code.

    Raises:
        ProgrammingError: it is one of the engine's other colour, which cannot be joined and (on SQLite) would be waited for.
    """
    link = CHAIN.get()
    while link is not None:
        if link.engine is engine:
            if link.joinable(engine.world.key()):
                if link.holder is not None:
                    link.holder.noted()
                return link
        elif link.engine._pair is engine._pair and _is_around(link):
            raise ProgrammingError(
                "a sync call inside an `async with` transaction of the same engine would not be part of it: "
                "use the awaited engine or session here"
                if engine.world.name == "blocking"
                else "an awaited call inside a `with` transaction of the same engine would not be part of it: "
                "use the sync engine or session here"
            )
        link = link.parent
    return None


def _is_around(link: Link) -> bool:
    """Whether a transaction is open in this very thread (a context is copied to the threads that a task starts)."""
    try:
        return link.joinable(link.engine.world.key())
    except RuntimeError:  # no event loop runs here
        return False


def around() -> Link | None:
    """The innermost open transaction of any engine around the running code, in this thread or loop."""
    link = CHAIN.get()
    while link is not None and not _is_around(link):
        link = link.parent
    return link


def joined(engine: Any) -> Link | None:
    """The same for whoever sends nothing: none where `current` raises."""
    link = CHAIN.get()
    while link is not None and not (link.engine is engine and _is_around(link)):
        link = link.parent
    return link


def enter(engine: Any, transaction: AsyncTransaction) -> Link:
    """Make `transaction` the innermost one of the running context."""
    link = Link(engine, transaction, CHAIN.get(), engine.world.key())
    CHAIN.set(link)
    return link


def present(link: Link) -> None:
    """Make it the innermost transaction here too, where the running context (a task of its own) does not know it."""
    if not known(link) and link.joinable(link.engine.world.key()):
        CHAIN.set(link)


def known(link: Link) -> bool:
    """Whether the running context is one that it was begun in, or a copy of that."""
    found = CHAIN.get()
    return found is not None and found.inside(link)


def within(link: Link) -> AbstractContextManager[None]:
    """In it, wherever the running code is; and behind this where it was before, if that is another context."""
    return nullcontext() if known(link) else _presented(link)


@contextmanager
def _presented(link: Link) -> Iterator[None]:
    before = CHAIN.get()
    present(link)
    try:
        yield
    finally:
        CHAIN.set(before)


def leave(link: Link) -> None:
    """End it. In another context (a fixture's generator) nothing needs undoing: an ended link is never joined."""
    link.ended = True
    if CHAIN.get() is link:
        CHAIN.set(link.parent)
