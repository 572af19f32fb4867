"""How late a caller is let go for whom no connection is to be had in time: `python -m bench.acquiring [rounds] [seconds]`.

Three reasons why there is none (all are lent, and 32 callers queue up; the server is stopped, and what is idle must be tried out
first; a host takes connections and says nothing), both colours. Prints the median, the 99th percentile and the longest overshoot of
the deadline, in milliseconds.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import socket
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from ferrow import create_engine
from ferrow.errors import PoolTimeout
from ferrow.testing import EmbeddedPostgres
from ferrow.wire.drive import drive
from tests.support import maybe
from tests.support.stopped import stopped

CALLERS = 32
ROUNDS = 100
SECONDS = 0.05


async def late(engine: Any, seconds: float) -> float:
    """By how much one caller is late, in seconds."""
    start = time.perf_counter()
    try:
        await maybe(engine.pool.acquire(timeout=seconds))
    except PoolTimeout:
        return time.perf_counter() - start - seconds
    raise AssertionError("there was one")


async def crowd(engine: Any, seconds: float) -> list[float]:
    """The same of many at a time, each a task or a thread of its own."""
    if inspect.iscoroutinefunction(engine.query):
        return [*await asyncio.gather(*(late(engine, seconds) for _ in range(CALLERS)))]
    with ThreadPoolExecutor(CALLERS) as threads:
        return [*threads.map(lambda _: drive(late(engine, seconds)), range(CALLERS))]


async def saturated(engine: Any, pid: int, seconds: float, rounds: int) -> list[float]:
    """All connections are lent."""
    slot = await maybe(engine.pool.acquire())
    found: list[float] = []
    while len(found) < rounds:
        found += await crowd(engine, seconds)
    engine.pool.release(slot)
    return found


async def halted(engine: Any, pid: int, seconds: float, rounds: int) -> list[float]:
    """What is idle must be tried out, and nothing answers."""
    found = []
    for _ in range(rounds):
        await maybe(engine.query("SELECT 1"))
        backend = (await maybe(engine.query_one("SELECT pg_backend_pid()")))[0]
        with stopped(pid), stopped(backend):
            found.append(await late(engine, seconds))
    return found


async def silent(engine: Any, pid: int, seconds: float, rounds: int) -> list[float]:
    """Connections are taken, and nothing is said."""
    return [await late(engine, seconds) for _ in range(rounds)]


CASES: dict[str, Callable[[Any, int, float, int], Awaitable[list[float]]]] = {
    "all are lent, 32 callers in the queue": saturated,
    "the server is stopped; what is idle is tried out first": halted,
    "the host takes connections and says nothing": silent,
}


class Overshoot(NamedTuple):
    """By how much deadlines were passed, in milliseconds."""

    median: float
    p99: float
    longest: float


def overshoots(rounds: int = ROUNDS, seconds: float = SECONDS) -> Iterator[tuple[str, str, Overshoot]]:
    """Each case in each colour, by name, on a server of their own."""
    with EmbeddedPostgres(durable=False) as server, socket.create_server(("127.0.0.1", 0), backlog=rounds) as mute:
        nobody = f"postgresql://u:p@127.0.0.1:{mute.getsockname()[1]}/db"
        try:
            for name, case in CASES.items():
                for colour in ("blocking", "asyncio"):
                    pair = create_engine(nobody if case is silent else server.url, max_size=1, check_after=0)

                    async def body(engine: Any = pair if colour == "blocking" else pair.aio) -> list[float]:
                        try:
                            return await case(engine, server.pid, seconds, rounds)  # noqa: B023  (it is run at once)
                        finally:
                            await maybe(engine.close(0))

                    found = drive(body()) if colour == "blocking" else asyncio.run(body())
                    times = sorted(1000 * one for one in found)
                    p99 = times[min(len(times) - 1, round(0.99 * len(times)))]
                    yield name, colour, Overshoot(statistics.median(times), p99, times[-1])
        finally:
            os.kill(server.pid, signal.SIGCONT)


def main(rounds: int = ROUNDS, seconds: float = SECONDS) -> None:
    """Print the figures."""
    print(f"overshoot of an acquire deadline of {seconds:g} s in ms, {rounds} callers each")
    for name, colour, one in overshoots(rounds, seconds):
        print(f"{name:62} {colour:9} p50 {one.median:6.2f}  p99 {one.p99:6.2f}  longest {one.longest:6.2f}", flush=True)


if __name__ == "__main__":
    main(*(kind(text) for kind, text in zip((int, float), sys.argv[1:], strict=False)))
