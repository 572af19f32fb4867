"""One place in a pool and what stands in it: a wire, how old it is, who has it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ferrow.abc import Waiter, Wire
    from ferrow.engine.shard import Shard


class Permit(Enum):
    """Leave to open one connection; the place for it is already counted."""

    OPEN = "open"


class Slot:
    """A connection of a pool. Whoever acquired it gives the same object back to `release`."""

    __slots__ = ("wire", "shard", "expires", "proven", "holder", "since", "touched")

    def __init__(self, wire: Wire, shard: Shard, expires: float, now: float) -> None:
        self.wire = wire
        self.shard = shard
        self.expires = expires
        """When it is closed instead of being lent again."""
        self.proven = now
        """When the connection last was known to work."""
        self.holder: Any = None
        self.since = now
        self.touched = False
        """Its borrower may have changed what outlives a transaction (SET, temporary tables): reset it on return."""


class Ticket:
    """A place in the queue of a pool, and what came of it."""

    __slots__ = ("waiter", "grant", "error")

    def __init__(self, waiter: Waiter) -> None:
        self.waiter = waiter
        self.grant: Grant | None = None
        self.error: Exception | None = None


Grant: TypeAlias = Slot | Permit
