"""What tests of deadlines measure: whether a caller is back in time, and the event loop free meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from ferrow import create_engine, driver
from tests.support import items

LIMIT = 0.3
SLACK = 1.0
"""How late a caller may be on a machine that does ten other things; what is usual is in the report of bench.deadlines."""


@asynccontextmanager
async def connected(colour: str, url: str, **options: Any) -> AsyncIterator[Any]:
    if colour == "async":
        async with driver.AsyncConnection(url, **options) as conn:
            yield conn
    else:
        with driver.connect(url, **options) as conn:
            yield conn


@asynccontextmanager
async def pooled(colour: str, url: str, **options: Any) -> AsyncIterator[Any]:
    engine = create_engine(url, **options)
    if colour == "async":
        async with await engine as opened:
            yield opened
    else:
        with engine:
            yield engine


def _kept_off() -> float:
    """Seconds for which this thread could have run, but others had the processor: nobody's doing here. 0 where the system does not say."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _now() -> float:
    """Seconds of a clock that stands while others have the processor."""
    return time.monotonic() - _kept_off()


@contextmanager
def in_time(limit: float = LIMIT) -> Iterator[None]:
    start = _now()
    yield
    assert _now() - start < limit + SLACK, "the caller was kept"


async def eventually(colour: str, true: Callable[[], Any], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never became true"
        if colour == "async":
            await asyncio.sleep(0.01)
        else:
            time.sleep(0.01)


class Heartbeat:
    """The longest time for which the event loop could not run anything else."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.task = asyncio.create_task(self.beat())

    async def beat(self) -> None:
        last = _now()
        while True:
            await asyncio.sleep(0.005)
            now = _now()
            self.longest, last = max(self.longest, now - last), now


@asynccontextmanager
async def loop_is_free(colour: str) -> AsyncIterator[None]:
    """The event loop goes on meanwhile."""
    if colour != "async":
        yield
        return
    heart = Heartbeat()
    try:
        yield
    finally:
        heart.task.cancel()
    assert heart.longest < SLACK, "the event loop stood still"


CALLS: dict[str, Callable[[Any], Any]] = {
    "run": lambda conn: conn.run("SELECT pg_sleep(60)", timeout=LIMIT),
    "query": lambda conn: conn.query("SELECT pg_sleep(60)", timeout=LIMIT),
    "query_one": lambda conn: conn.query_one("SELECT pg_sleep($1)", [60], timeout=LIMIT),
    "execute": lambda conn: conn.execute("SELECT pg_sleep(60)", timeout=LIMIT),
    "run_many": lambda conn: conn.run_many("SELECT pg_sleep($1)", [(30,), (30,)], timeout=LIMIT),
    "execute_batch": lambda conn: conn.execute_batch(["SELECT 1", "SELECT pg_sleep(60)"], timeout=LIMIT),
    "script": lambda conn: conn.script("SELECT 1; SELECT pg_sleep(60)", timeout=LIMIT),
    "stream": lambda conn: items(conn.stream("SELECT pg_sleep(60)", timeout=LIMIT)),
    "copy_out": lambda conn: items(conn.copy_out(sql="SELECT pg_sleep(60)::text", timeout=LIMIT)),
}
