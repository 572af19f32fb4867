"""What a session does about transactions: blocks that are committed as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ferrow.orm.scope import AsyncSessionScope
from ferrow.orm.transaction import AsyncSessionTransaction

if TYPE_CHECKING:
    from ferrow.driver.isolation import Isolation
    from ferrow.orm.session import AsyncSession


class AsyncTransacting:
    """The part of a session that begins transactions."""

    __slots__ = ()

    def begin(self, *, isolation: Isolation | None = None, readonly: bool = False) -> AsyncSessionTransaction:
        """A transaction for a block: `async with session.begin() as tx`. Committed at its end, rolled back on an exception.

        It is a unit of work: `tx.add(instance)`, `tx.add_all(instances)`, `tx.delete(instance)`, and attributes that were changed on
        instances read in the block, are sent together at its end, by `await tx.flush()`, or before the next query. Every call
        inside the block, of this or any session of the engine, belongs to the transaction. A block inside a block is a savepoint,
        before which what is pending is written.

        Args:
            isolation: as for `engine.transaction`; only for the outermost block.
            readonly: refuse writes. On SQLite it also waits for no other writer.

        Raises:
            ProgrammingError: at the end, if that runs in another context than the beginning, and the session was asked meanwhile to add, delete or
                read what the block knows nothing of.
        """
        return AsyncSessionTransaction(cast("AsyncSession", self), isolation=isolation, readonly=readonly)

    def transaction(self, *, isolation: Isolation | None = None, readonly: bool = False) -> AsyncSessionScope:
        """The same block as that of `begin`, which gives the session: `async with session.transaction() as session`.

        `isolation`, `readonly`: as for `begin`.
        """
        return AsyncSessionScope(cast("AsyncSession", self), isolation=isolation, readonly=readonly)
