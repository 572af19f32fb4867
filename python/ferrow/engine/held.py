"""Which connections the running code holds itself, so that it need not wait for what only it could give back.

Known for `connection()` blocks, by context and by task or thread together. A thread of a pool of threads may enter a block for one
request and serve another one next, and a task has the context of the one that started it: neither holds anything itself. (Inside a
`transaction()` block nobody asks for a connection.)
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.engine.borrowed import BorrowedWire
    from ferrow.engine.shard import Shard
    from ferrow.engine.slot import Slot, Ticket


class Held:
    """One borrowed connection, and by whom."""

    __slots__ = ("leaving", "borrowed", "outer", "slot", "who")

    def __init__(self, borrowed: BorrowedWire, slot: Slot, outer: Held | None) -> None:
        self.borrowed: BorrowedWire = borrowed
        self.slot: Slot = slot
        self.who: Any = slot.holder
        self.outer: Held | None = outer
        self.leaving: bool = False  # a task of its own is about to give it back


_HELD: ContextVar[Held | None] = ContextVar("ferrow_held", default=None)


def hold(borrowed: BorrowedWire, slot: Slot) -> Held:
    """From now on the running code holds this connection."""
    outer = _HELD.get()
    while outer is not None and outer.borrowed.over:  # ended in another context
        outer = outer.outer
    held = Held(borrowed, slot, outer)
    _HELD.set(held)
    return held


def let_go(held: Held) -> None:
    """And does not any more. In another context (a fixture's generator) nothing needs undoing: the borrowing is over."""
    if _HELD.get() is held:
        _HELD.set(held.outer)


def held_by(me: Any, shard: Shard) -> frozenset[Slot]:
    """The connections of `shard` that the running code, which is `me`, holds itself."""
    found: set[Slot] = set()
    held = _HELD.get()
    while held is not None:
        if held.slot.shard is shard and held.who == me and not held.borrowed.over and not held.leaving:
            found.add(held.slot)
        held = held.outer
    return frozenset(found)


def hopeless(shard: Shard, ticket: Ticket, holds: frozenset[Slot]) -> bool:
    """Note what the owner of a ticket holds; whether everything is held by those who wait, so that nobody will be served.

    It is the last one to ask that makes it so: nothing that happens to the others can.
    """
    with shard.mutex:
        ticket.holds = holds
        if ticket not in shard.waiters or shard.opening or shard.recovering:
            return False
        return shard.used <= {slot for waiting in shard.waiters for slot in waiting.holds}
