"""The deadline of who waits for a future."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.wire.deadline import late

if TYPE_CHECKING:
    import asyncio


def expire(future: asyncio.Future[Any], seconds: float, sql: str) -> bool:
    """The deadline of the caller that waits for `future`; False when it was answered before."""
    if future.done():
        return False
    future.set_exception(late(seconds, sql))
    return True
