"""How late a caller with a deadline is let go when the server does not answer: `python -m bench.deadlines [rounds] [seconds]`.

Three servers that do not answer (the process of the session is stopped; the whole server is, so that a cancel request finds
nobody either; the network says nothing any more), both call styles, a bare connection and an engine. Prints the median, the
99th percentile and the longest overshoot of the deadline, in milliseconds.
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from ferrow import create_engine, driver
from ferrow.errors import QueryTimeout
from ferrow.testing import EmbeddedPostgres
from tests.support.proxy import proxy
from tests.support.stopped import stopped

SQL = "SELECT 1"


@contextmanager
def silent(how: str, server: EmbeddedPostgres) -> Iterator[tuple[str, Callable[[int], ExitStack]]]:
    """The URL of a server, and what makes it silent towards the session with a pid for as long as the stack is open."""

    def begin(pid: int) -> ExitStack:
        stack = ExitStack()
        if how == "server stopped":
            stack.enter_context(stopped(server.pid))
        if how == "network silent":
            between.swallow()
        else:
            stack.enter_context(stopped(pid))
        return stack

    with proxy(server.url) as between:
        yield between.url if how == "network silent" else server.url, begin


def blocking(url: str, begin: Callable[[int], ExitStack], seconds: float) -> Iterator[float]:
    """One connection, one statement."""
    while True:
        conn = driver.connect(url)
        with begin(conn.backend_pid or 0):
            start = time.perf_counter()
            try:
                conn.query(SQL, timeout=seconds)
            except QueryTimeout:
                yield time.perf_counter() - start - seconds
            conn.wire.abort()


def pooled(url: str, begin: Callable[[int], ExitStack], seconds: float) -> Iterator[float]:
    """The same through an engine, with the way back into the pool."""
    while True:
        engine = create_engine(url, max_size=1)
        pid = engine.query_one("SELECT pg_backend_pid()")[0]
        with begin(pid):
            start = time.perf_counter()
            try:
                engine.query(SQL, timeout=seconds)
            except QueryTimeout:
                yield time.perf_counter() - start - seconds
            engine.close(0)


def on_a_loop(url: str, begin: Callable[[int], ExitStack], seconds: float) -> Iterator[float]:
    """One connection of an event loop."""

    async def once() -> float:
        conn = await driver.AsyncConnection.connect(url)
        with begin(conn.backend_pid or 0):
            start = time.perf_counter()
            try:
                await conn.query(SQL, timeout=seconds)
            except QueryTimeout:
                return time.perf_counter() - start - seconds
            finally:
                conn.wire.abort()
        raise AssertionError("it answered")

    with asyncio.Runner() as runner:
        while True:
            yield runner.run(once())


def main(rounds: int = 50, seconds: float = 0.2) -> None:
    """Print the table."""
    print(f"overshoot of a deadline of {seconds:g} s in ms, {rounds} rounds each")
    with EmbeddedPostgres(durable=False, settings={"max_connections": "100"}) as server:
        try:
            for how in ("backend stopped", "server stopped", "network silent"):
                for name, way in (("blocking", blocking), ("engine", pooled), ("asyncio", on_a_loop)):
                    with silent(how, server) as (url, begin):
                        runs = way(url, begin, seconds)
                        late = sorted(1000 * next(runs) for _ in range(rounds))
                        runs.close()  # type: ignore[attr-defined]
                    p99 = late[min(len(late) - 1, round(0.99 * len(late)))]
                    median = statistics.median(late)
                    print(f"{how:16} {name:9} p50 {median:6.2f}  p99 {p99:6.2f}  longest {late[-1]:6.2f}", flush=True)
        finally:
            os.kill(server.pid, signal.SIGCONT)


if __name__ == "__main__":
    main(*(kind(text) for kind, text in zip((int, float), sys.argv[1:], strict=False)))
