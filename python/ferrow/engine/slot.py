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

    __slots__ = ("expires", "holder", "proven", "refusals", "shard", "since", "sql", "touched", "wire")

    def __init__(self, wire: Wire, shard: Shard, expires: float, now: float) -> None:
        self.wire: Wire = wire
        self.shard: Shard = shard
        self.expires: float = expires
        """When it is closed instead of being lent again."""
        self.proven: float = now
        """When the connection last was known to work."""
        self.holder: Any = None
        self.since: float = now
        self.sql: str | None = None
        """What its borrower asked last."""
        self.refusals: int | None = wire.refusals
        """How many writes that the server refused are accounted for."""
        self.touched: bool = False
        """Its borrower may have changed what outlives a transaction (SET, temporary tables): reset it on return."""


class Ticket:
    """A place in the queue of a pool, and what came of it."""

    __slots__ = ("waiter", "grant", "error", "holds")

    def __init__(self, waiter: Waiter) -> None:
        self.waiter: Waiter = waiter
        self.grant: Grant | None = None
        self.error: Exception | None = None
        self.holds: frozenset[Slot] = frozenset()
        """What the one who waits could give back, and will not while he waits."""


Grant: TypeAlias = Slot | Permit
