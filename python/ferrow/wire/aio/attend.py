"""Waiting for what a server says without being asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ferrow._core import PgSession
    from ferrow.wire.inbox import Reader


async def attend(reader: Reader, timeout: float | None, session: PgSession) -> bool:
    """As `Wire.wait_news`."""
    if _ready(reader, session):
        return True
    if timeout is not None and timeout <= 0:
        # A turn of the loop, so that what has arrived is read; some loops look at timers before sockets.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return _ready(reader, session)
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
    return _ready(reader, session)


def _ready(reader: Reader, session: PgSession) -> bool:
    if reader.ready():
        return True
    if (error := session.heard()) is not None:
        raise error
    return False
