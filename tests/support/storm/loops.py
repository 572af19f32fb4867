"""What a storm blows on: event loops, with and without TLS; and what they complain of."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from itertools import product
from typing import Any

import pytest

from tests.support.loops import LOOPS


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
