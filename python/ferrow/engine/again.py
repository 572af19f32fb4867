"""Sending a statement a second time: only what is safe to, and where it can change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ferrow.engine.deadline import LEAST, borrowed
from ferrow.errors import ConnectionLost, DatabaseError, Error

if TYPE_CHECKING:
    from ferrow._core import Result, Shape
    from ferrow.abc import Params
    from ferrow.engine.pool import AsyncPool
    from ferrow.engine.slot import Slot

Statement: TypeAlias = "tuple[str, Params, Shape]"
"""What is sent: the text, its parameters, what rows become."""

_READ_ONLY = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
_REFUSED = "25006"  # read_only_sql_transaction


async def read_only(pool: AsyncPool, timeout: float | None = None) -> Slot:
    """A connection of one's own that refuses to write; on its return the pool resets it.

    A view may hide a function that writes. Whoever looks at the text cannot know; the server does. Raises as `AsyncPool.acquire`.
    """
    slot, timeout = await borrowed(pool, timeout)
    try:
        slot.touched = True
        await slot.wire.script(_READ_ONLY, timeout)
    except BaseException:
        pool.release(slot)
        raise
    return slot


def speaks_for_itself(error: BaseException) -> bool:
    """Whether an error of the second time is what the statement deserves, and not due to its being the second."""
    return isinstance(error, DatabaseError) and not isinstance(error, ConnectionLost) and error.sqlstate != _REFUSED


async def again(pool: AsyncPool, failed: DatabaseError, statement: Statement, timeout: float | None = None) -> Result:
    """Run a statement once more that failed for no fault of its own, with nobody beside it and once only: it may be what kills connections.

    Raises `failed` if it cannot be run within `timeout` seconds, else what it raises.
    """
    if timeout is not None and timeout <= 0:
        raise failed
    since = pool.world.now()
    try:
        slot = await read_only(pool, timeout)
    except Error:
        raise failed from None
    if timeout is not None:
        timeout = max(LEAST, timeout - (pool.world.now() - since))
    try:
        return await slot.wire.run(*statement, None, timeout)
    except Error as error:
        if speaks_for_itself(error):
            raise
        raise failed from None
    finally:
        pool.release(slot)
