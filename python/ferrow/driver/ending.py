"""How a transaction of a connection ends, whoever began it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.abc import Status
from ferrow.errors import CommitUnknown, ConnectionLost, DatabaseError

if TYPE_CHECKING:
    from ferrow.abc import Wire


async def commit_on(wire: Wire) -> None:
    """COMMIT. Raises CommitUnknown when its answer is lost; a COMMIT that fails leaves no transaction open."""
    try:
        await wire.script("COMMIT")
    except ConnectionLost as lost:
        raise CommitUnknown(
            "the connection was lost before COMMIT was answered: the transaction may or may not be committed. "
            "Check for its effect before repeating it"
        ) from lost
    except DatabaseError:
        if wire.status is not Status.IDLE:
            await wire.script("ROLLBACK")  # SQLite keeps a transaction open whose COMMIT failed
        raise


async def rollback_on(wire: Wire) -> None:
    """ROLLBACK, unless there is nothing to undo: a BEGIN may have failed, and SQLite calls a ROLLBACK without it an error."""
    if wire.busy:
        await wire.settle(5.0)
    if not wire.closed and wire.status is not Status.IDLE:
        await wire.script("ROLLBACK")
