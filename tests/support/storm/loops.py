"""The event loops a storm blows on, and what they complain of."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from itertools import product
from typing import Any

import pytest


def _loops() -> list[Any]:
    try:
        import uvloop
    except ImportError:
        return [pytest.param(None, id="asyncio")]
    return [pytest.param(None, id="asyncio"), pytest.param(uvloop.new_event_loop, id="uvloop")]


LOOPS = _loops()
"""Parameters: what makes a loop; None is asyncio's own."""


def ways(*, every: bool) -> list[Any]:
    """Parameters: in plain text or in TLS, and what makes a loop. Every pair of these, or else each of both once."""
    transports = ("plain", "tls")
    pairs = zip(transports, LOOPS, strict=True) if len(LOOPS) == 2 and not every else product(transports, LOOPS)
    return [pytest.param(transport, *loop.values, id=f"{transport}-{loop.id}") for transport, loop in pairs]


def watched(work: Coroutine[Any, Any, Any], loop_factory: Any) -> list[str]:
    """Run `work` on a new loop; what the loop complained of: errors that nobody asked for, tasks that were forgotten."""
    complaints: list[str] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(repr(context)))
        await work
        gc.collect()
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(run())
    gc.collect()
    return complaints
