"""What an engine is used by in blocks: transactions, connections, pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.engine.part import AsyncPart
from ferrow.engine.pipeline import AsyncPipelineScope
from ferrow.engine.scope import AsyncConnectionScope
from ferrow.engine.transaction import AsyncTransactionScope

if TYPE_CHECKING:
    from ferrow.driver.isolation import Isolation


class AsyncBlocks(AsyncPart):
    """Blocks, for engines."""

    __slots__ = ()

    def transaction(
        self, *, isolation: Isolation | None = None, readonly: bool = False, deferrable: bool = False
    ) -> AsyncTransactionScope:
        """A transaction: `async with engine.transaction() as tx`. Committed at the end, rolled back on an exception.

        Everything that goes through this engine inside the block joins it; a block inside it is a savepoint.

        Args:
            isolation: `read uncommitted`, `read committed`, `repeatable read` or `serializable`; None is the server's
                default. SQLite is always serializable.
            readonly: refuse writes. On SQLite it also waits for no other writer.
            deferrable: with `serializable` and `readonly`, wait for a snapshot that can never fail (PostgreSQL).

        Raises:
            CommitUnknown: the connection was lost, or `command_timeout` passed, before COMMIT was answered.
        """
        return AsyncTransactionScope(self._whole, isolation, readonly, deferrable)

    def connection(self) -> AsyncConnectionScope:
        """One connection for a block: `async with engine.connection() as conn`. Inside a transaction it is that one's."""
        return AsyncConnectionScope(self._whole)

    def pipeline(self) -> AsyncPipelineScope:
        """Statements that do not wait for each other: `async with engine.pipeline() as pipe`, all on one connection.

        `pipe` is what `conn.pipeline()` gives; inside a transaction of this engine its statements are a part of that.
        """
        return AsyncPipelineScope(self._whole)
