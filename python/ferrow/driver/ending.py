"""How a transaction ends on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.abc import Status
from ferrow.errors import CommitUnknown, ConnectionLost, DatabaseError, QueryTimeout
from ferrow.wire.deadline import SETTLE

if TYPE_CHECKING:
    from ferrow.abc import Wire, World

# Of SQLite: refuse writes on this connection, and allow them again. It outlives the transaction unless taken back.
REFUSE_WRITES = "PRAGMA query_only = ON"
ALLOW_WRITES = "PRAGMA query_only = OFF"


async def commit(wire: Wire, refusing: bool, world: World, timeout: float | None = None) -> None:
    """COMMIT; `refusing` says that writes may be refused. Raises CommitUnknown if it was not answered, or not in time."""
    try:
        if refusing:
            await wire.script(ALLOW_WRITES, timeout)
        await wire.script("COMMIT", timeout)
    except (ConnectionLost, QueryTimeout) as lost:
        if wire.dialect == "sqlite" and wire.closed and wire.status is not Status.IDLE:
            raise  # it did not happen, and whoever has closed the connection has undone the rest
        if wire.dialect == "sqlite" and not wire.busy and wire.status is not Status.IDLE:
            # It waited for a lock and gave up: nothing is committed, and the transaction is still there.
            await undone(wire, "ROLLBACK", SETTLE)
            raise
        happened = "the connection was lost" if isinstance(lost, ConnectionLost) else "the deadline passed"
        raise CommitUnknown(
            f"{happened} before COMMIT was answered: the transaction may or may not be committed. "
            "Check for its effect before repeating it"
        ) from lost
    except DatabaseError as error:
        if wire.status is not Status.IDLE:  # SQLite keeps a transaction open whose COMMIT failed
            try:
                await undone(wire, "ROLLBACK", SETTLE)
            except DatabaseError as failed:
                # Why COMMIT failed matters more; a connection that cannot roll back is of no use any more.
                error.add_note(f"the rollback failed too: {failed}")
                wire.abort()
        raise
    except BaseException as error:
        # Of a caller that is cancelled here COMMIT may never have been sent, or may have been cancelled too.
        try:
            await world.finish(rollback(wire, refusing))
        except DatabaseError as failed:
            error.add_note(f"the rollback failed too: {failed}")
        raise


async def rollback(wire: Wire, refusing: bool, seconds: float = SETTLE) -> None:
    """ROLLBACK, if there is anything to undo; within so many seconds, or the connection is dropped, which undoes it too."""
    # A BEGIN that failed or was never sent leaves nothing to undo, and SQLite calls a ROLLBACK without a transaction an error.
    if wire.busy:
        if wire.undo():
            return
        await wire.settle(seconds)
    if not wire.closed and wire.status is not Status.IDLE:
        await undone(wire, "ROLLBACK", seconds)
    if refusing and not wire.closed:
        await wire.script(ALLOW_WRITES, seconds)


async def undone(wire: Wire, sql: str, seconds: float) -> None:
    """Run what undoes something. Raises ConnectionLost after so many seconds, with the connection dropped."""
    try:
        await wire.script(sql, seconds)
    except QueryTimeout:
        wire.abort()
        raise ConnectionLost(
            f"{sql} was not answered within {seconds:g} s, so the connection was dropped: the server undoes what it had begun"
        ) from None
