"""What a pool makes of an outage: `python -m bench.healing [seconds]`, two (eight where healing takes six) if not said.

Eight clients (threads or tasks) on a pool of eight ask one small query after the other, each with a deadline of a second, while
something happens to the server, and so many seconds more; then once more with a pool that is idle when it happens. Prints

* errors: those of clients at work, by kind: lost (the connection died under a statement), late (the deadline passed), refused (there was
  nobody to connect to), and how many connections there were to lose;
* healed: from the end of the outage until every client has had an answer, in milliseconds;
* overshoot: the longest by which a deadline was passed, in milliseconds;
* idle: errors of the first sixteen queries after an outage that met nobody at work;
* wrong answers, which must be none.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any, NamedTuple

from ferrow import create_engine, driver
from ferrow.errors import ConnectionLost, Error, PoolTimeout, QueryTimeout
from ferrow.testing import EmbeddedPostgres
from ferrow.wire.drive import drive
from tests.support import maybe
from tests.support.proxy import Proxy, proxy

CLIENTS = 8
DEADLINE = 1.0
NAME = "ferrow_healing"
SECONDS = 2.0
LONGER = {"dropped": 8.0}
"""A silent connection is given up after `recovery_timeout`, five seconds, and a deadline."""
OUTAGES = {
    "terminated": "all sessions are terminated",
    "restarted": "the server crashes and starts again",
    "stopped": "the server is stopped for 2 s",
    "dropped": "nothing arrives any more on the connections there are",
}
PIDS = "SELECT pid FROM pg_stat_activity WHERE application_name = $1"


class Outage:
    """Something that happens to a server, or on the way to it."""

    def __init__(self, server: EmbeddedPostgres, between: Proxy) -> None:
        self.server = server
        self.between = between

    def terminated(self) -> None:
        """All sessions are ended."""
        with driver.connect(self.server.url) as conn:
            conn.query(f"SELECT pg_terminate_backend(pid) FROM ({PIDS}) AS all_of_them", [NAME])

    def restarted(self) -> None:
        """The server is stopped as if it had crashed, and started."""
        self.server.restart(immediate=True)

    def stopped(self) -> None:
        """No process of the server runs for two seconds."""
        with driver.connect(self.server.url) as conn:
            pids = [self.server.pid, *(row[0] for row in conn.query(PIDS, [NAME]))]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(2)
        finally:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def dropped(self) -> None:
        """What is said on the connections there are does not arrive, and nobody is told."""
        self.between.swallow()


class Seen:
    """What the clients have seen."""

    def __init__(self) -> None:
        self.errors: Counter[str] = Counter()
        self.wrong = self.asked = 0
        self.overshoot = 0.0
        self.first: list[float] = []
        self.over: float | None = None
        self.until = float("inf")

    async def ask(self, engine: Any, tag: int) -> bool:
        """One query; whether it was answered."""
        start = time.perf_counter()
        try:
            row = await maybe(engine.query_one("SELECT $1::int, pg_sleep(0.002)", [tag], timeout=DEADLINE))
        except Error as error:
            late = isinstance(error, (QueryTimeout, PoolTimeout))
            self.errors["late" if late else "lost" if isinstance(error, ConnectionLost) else "refused"] += 1
            self.overshoot = max(self.overshoot, time.perf_counter() - start - DEADLINE)
            return False
        self.asked += 1
        self.wrong += row[0] != tag
        return True

    async def client(self, engine: Any, number: int, sleep: Callable[[float], Any]) -> None:
        """Ask until the end."""
        tag = number * 1_000_000
        healed = False
        while time.perf_counter() < self.until:
            tag += 1
            asked = time.perf_counter()
            if not await self.ask(engine, tag):
                await maybe(sleep(0.01))
            elif not healed and self.over is not None and asked > self.over:
                healed = True
                self.first.append(time.perf_counter() - self.over)


async def outlive(engine: Any, seen: Seen, happen: Callable[[], None], seconds: float, blocking: bool) -> None:
    """Have clients at work while it happens, and for some seconds more."""
    await maybe(engine.pool.open())

    def meanwhile() -> None:
        time.sleep(0.5)
        happen()
        seen.over = time.perf_counter()
        seen.until = seen.over + seconds

    sleep = time.sleep if blocking else asyncio.sleep
    clients = [seen.client(engine, number, sleep) for number in range(CLIENTS)]
    other = threading.Thread(target=meanwhile)
    other.start()
    if blocking:
        threads = [threading.Thread(target=drive, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        await asyncio.gather(*clients)
    other.join()


async def unnoticed(engine: Any, seen: Seen, happen: Callable[[], None], sleep: Callable[[float], Any]) -> None:
    """Have it happen while nobody is at work."""
    await maybe(engine.pool.open())
    happen()
    await maybe(sleep(0.1))
    for tag in range(16):
        await seen.ask(engine, tag)


class Outcome(NamedTuple):
    """What an outage came to; times in milliseconds, None where there is none."""

    errors: Counter[str]
    healed: float | None
    overshoot: float | None
    idle: int
    wrong: int
    asked: int

    def __str__(self) -> str:
        healed = "NO" if self.healed is None else f"{self.healed:.0f}"
        late = "-" if self.overshoot is None else f"{self.overshoot:.0f}"
        return (
            f"errors of {CLIENTS}: {told(self.errors):22} healed {healed:>5}  overshoot {late:>3}  "
            f"idle {self.idle}  wrong {self.wrong} of {self.asked}"
        )


def told(errors: Counter[str]) -> str:
    """`8 lost, 32 refused`."""
    return ", ".join(f"{number} {kind}" for kind, number in sorted(errors.items())) or "none"


def measured(url: str, colour: str, happen: Callable[[], None], seconds: float) -> Outcome:
    """One outage, met at work and idle."""
    busy, idle = Seen(), Seen()
    blocking = colour == "blocking"

    async def body() -> None:
        for seen in (busy, idle):
            pair = create_engine(url, min_size=CLIENTS, max_size=CLIENTS, application_name=NAME)
            engine: Any = pair if blocking else pair.aio
            try:
                if seen is busy:
                    await outlive(engine, seen, happen, seconds, blocking)
                else:
                    await unnoticed(engine, seen, happen, time.sleep if blocking else asyncio.sleep)
            finally:
                await maybe(engine.close(1))

    drive(body()) if blocking else asyncio.run(body())
    return Outcome(
        busy.errors,
        1000 * max(busy.first) if len(busy.first) == CLIENTS else None,
        1000 * busy.overshoot if busy.errors["late"] else None,
        sum(idle.errors.values()),
        busy.wrong + idle.wrong,
        busy.asked + idle.asked,
    )


def outcomes(seconds: float | None = None) -> Iterator[tuple[str, str, Outcome]]:
    """Each outage in each colour, by name, on a server of their own."""
    # Without a handler Python would print what the server says to each client that it ends.
    logging.getLogger("ferrow.notices").addHandler(logging.NullHandler())
    with EmbeddedPostgres(durable=False, settings={"max_connections": "100"}) as server:
        for name in OUTAGES:
            for colour in ("blocking", "asyncio"):
                with ExitStack() as stack:
                    between = stack.enter_context(proxy(server.url))
                    happen = getattr(Outage(server, between), name)
                    url = between.url if name == "dropped" else server.url
                    yield name, colour, measured(url, colour, happen, seconds or LONGER.get(name, SECONDS))


def main(seconds: float | None = None) -> None:
    """Print the outcomes."""
    for name, colour, outcome in outcomes(seconds):
        print(f"{name:10} {colour:9} {outcome}", flush=True)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
