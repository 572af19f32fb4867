"""How long an event loop is kept from its other work, and how much a process grows."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

PAGE = 4096


def resident() -> int:
    """Bytes of this process in memory."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * PAGE


@dataclass(slots=True)
class Heart:
    """Seconds between two turns of a loop at most, and bytes that the process has grown by at most.

    `busy` counts the processor's time of the loop's thread alone: what other processes take of it is not the driver's doing.
    """

    busy: float = 0.0
    wall: float = 0.0
    grown: int = 0

    def __str__(self) -> str:
        return f"gap {self.busy * 1e3:.1f} ms busy, {self.wall * 1e3:.1f} ms wall; grown by {self.grown / 2**20:.1f} MB"


@contextlib.asynccontextmanager
async def heartbeat() -> AsyncIterator[Heart]:
    """Watches the running loop."""
    heart = Heart()
    loop = asyncio.get_running_loop()
    begin = resident()
    done = False
    busy, wall = time.thread_time(), time.perf_counter()
    beats = 0

    def beat() -> None:
        nonlocal busy, wall, beats
        now_busy, now = time.thread_time(), time.perf_counter()
        heart.busy = max(heart.busy, now_busy - busy)
        heart.wall = max(heart.wall, now - wall)
        if beats % 16 == 0:
            heart.grown = max(heart.grown, resident() - begin)
        beats += 1
        if not done:
            busy, wall = time.thread_time(), time.perf_counter()
            loop.call_soon(beat)

    loop.call_soon(beat)
    try:
        yield heart
    finally:
        done = True
        heart.grown = max(heart.grown, resident() - begin)
