"""How a transaction ends on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.abc import Status
from ferrow.errors import CommitUnknown, ConnectionLost, DatabaseError

if TYPE_CHECKING:
    from ferrow.abc import Wire, World

# Of SQLite: refuse writes on this connection, and allow them again. It outlives the transaction unless taken back.
REFUSE_WRITES = "PRAGMA query_only = ON"
ALLOW_WRITES = "PRAGMA query_only = OFF"


async def commit(wire: Wire, refusing: bool, world: World) -> None:
    """COMMIT; `refusing` says that writes may be refused. Raises CommitUnknown if its answer was lost."""
    try:
        await wire.script(f"{ALLOW_WRITES}; COMMIT" if refusing else "COMMIT")
    except ConnectionLost as lost:
        raise CommitUnknown(
            "the connection was lost before COMMIT was answered: the transaction may or may not be committed. "
            "Check for its effect before repeating it"
        ) from lost
    except DatabaseError:
        if wire.status is not Status.IDLE:
            await wire.script("ROLLBACK")  # SQLite keeps a transaction open whose COMMIT failed
        raise
    except BaseException as error:
        # Of a caller that is cancelled here COMMIT may never have been sent, or may have been cancelled too.
        try:
            await world.finish(rollback(wire, refusing))
        except DatabaseError as failed:
            error.add_note(f"the rollback failed too: {failed}")
        raise


async def rollback(wire: Wire, refusing: bool) -> None:
    """ROLLBACK, if there is anything to undo."""
    # A BEGIN that failed or was never sent leaves nothing to undo, and SQLite calls a ROLLBACK without a transaction an error.
    if wire.busy:
        await wire.settle(5.0)
    if not wire.closed and wire.status is not Status.IDLE:
        await wire.script("ROLLBACK")
    if refusing and not wire.closed:
        await wire.script(ALLOW_WRITES)
