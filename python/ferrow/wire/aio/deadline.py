"""The deadline of who waits for a future."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

from ferrow.wire.deadline import late, unanswered


def expire(future: asyncio.Future[Any], seconds: float, sql: str) -> bool:
    """The deadline of the caller that waits for `future`; False when it was answered before."""
    if future.done():
        return False
    future.set_exception(late(seconds, sql))
    return True


async def answered(future: asyncio.Future[Any], at: float | None, seconds: float | None) -> None:
    """Wait for `future` until `at` (monotonic). Raises QueryTimeout, which speaks of so many seconds; nothing else ends then."""
    if at is None or seconds is None:
        await future
    elif not (await asyncio.wait((future,), timeout=max(0.0, at - monotonic())))[0]:
        raise unanswered(seconds)
