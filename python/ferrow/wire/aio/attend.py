"""Waiting for what a server says without being asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow.wire.inbox import Reader


async def attend(reader: Reader, timeout: float | None, ended: Callable[[], str | None]) -> bool:
    """As `Wire.wait_news`; `ended` says why the connection is over, or None."""
    if reader.ready(ended()):
        return True
    if timeout is not None and timeout <= 0:
        # A turn of the loop, so that what has arrived is read; some loops look at timers before sockets.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return reader.ready(ended())
    loop = asyncio.get_running_loop()
    news: asyncio.Future[None] = loop.create_future()

    def wake() -> None:
        if not news.done():
            news.set_result(None)

    reader.attend(wake)
    timer = None if timeout is None else loop.call_later(timeout, wake)
    try:
        await news
    finally:
        reader.attend(None)
        if timer is not None:
            timer.cancel()
    return reader.ready(ended())
