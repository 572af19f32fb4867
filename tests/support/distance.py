"""A server that is far away: what is said to it, and what it says, arrives later."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

from tests.support.relay import relayed


def far(url: str, seconds: float) -> AbstractAsyncContextManager[str]:
    """The URL of a relay of this loop, `seconds` away from the server of `url` in each direction."""
    loop = asyncio.get_running_loop()

    def later(target: asyncio.StreamWriter, data: bytes) -> None:
        loop.call_later(seconds, target.write, data)

    return relayed(url, later, later)
