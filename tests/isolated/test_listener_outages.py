"""A listener while its server is away: for some attempts, for good with another one in its place, or there and silent."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from ferrow import driver
from ferrow.driver import Gap, Notification
from ferrow.driver.backoff import Backoff
from ferrow.testing import EmbeddedPostgres
from ferrow.testing.postgres.binaries import installed
from ferrow.wire.drive import drive
from tests.support import entered, maybe
from tests.support.deadlines import eventually
from tests.support.keyboard import listening
from tests.support.listening import make, meanwhile, step
from tests.support.proxy import Proxy

pytestmark = pytest.mark.postgresql

DOUBLING = {"min_backoff": 0.01, "max_backoff": 0.08}
LAST = 3
"""The pause that grows no more, counted from 0."""

SLOW = {"connect_timeout": 600, "heartbeat": 600}


@pytest.fixture
def embedded() -> None:
    if not installed() and "CI" not in os.environ:
        pytest.skip("needs ferrow[embedded]")


@pytest.fixture
def delays(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts."""
    seen: list[float] = []
    delay = Backoff.delay
    monkeypatch.setattr(Backoff, "delay", lambda self: seen.append(seconds := delay(self)) or seconds)
    return seen


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        yield listening


def also_at(url: str, port: int) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc},127.0.0.1:{port}").geturl()


def rung(seconds: float) -> int:
    """Which pause it is; chance makes each shorter by up to a half, so that they do not overlap."""
    ceilings = [DOUBLING["min_backoff"] * 2**number for number in range(LAST + 1)]
    assert ceilings[0] / 2 <= seconds <= ceilings[-1]
    return next(number for number, ceiling in enumerate(ceilings) if seconds <= ceiling)


def failures(caplog: pytest.LogCaptureFixture) -> int:
    said = [record.getMessage() for record in caplog.records if record.name == "ferrow.listener"]
    return sum("cannot reconnect" in line for line in said)


@pytest.mark.usefixtures("embedded")
async def test_a_server_that_is_down_for_a_while(
    colour: str, delays: list[float], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedPostgres(durable=False) as server, caplog.at_level(logging.WARNING):
        run, tried = server._run, []

        def later(port: int | None) -> None:
            drive(eventually("sync", lambda: failures(caplog) >= 5, 60))
            tried.append(None)
            run(port)

        monkeypatch.setattr(server, "_run", later)
        async with entered(make(colour, server.url, "jobs", "news", **DOUBLING)) as listener:
            thread = meanwhile(server.restart)
            event = await step(listener)
            thread.join(60)
            while not tried:  # the old server may have let it in once more while it was stopping
                event = await step(listener)
            assert isinstance(event, Gap)
            with driver.connect(server.url) as sender:
                for channel in listener.channels:
                    sender.notify(channel, "after")
            assert [(await step(listener)).channel for _ in range(2)] == ["jobs", "news"]
        assert len(delays) > failures(caplog) >= 5  # none without a pause before it
        assert [rung(seconds) for seconds in delays] == [min(number, LAST) for number in range(len(delays))]


async def test_pauses_begin_anew_behind_a_connection_that_was_of_use(
    colour: str, between: Proxy, sender: driver.Connection, delays: list[float]
) -> None:
    """A server that lets in and drops at once is not asked ever faster, one that works is waited for no longer than it takes."""
    async with entered(make(colour, between.url, "jobs", **DOUBLING)) as listener:
        for _ in range(3):
            between.cut()
            assert isinstance(await step(listener), Gap)
        assert [rung(seconds) for seconds in delays] == [0, 1, 2]
        sender.notify("jobs", "heard")
        assert (await step(listener)).payload == "heard"
        between.cut()
        assert isinstance(await step(listener), Gap)
        assert [rung(seconds) for seconds in delays] == [0, 1, 2, 0]


@pytest.mark.usefixtures("embedded")
async def test_another_server_takes_its_place(colour: str) -> None:
    with EmbeddedPostgres(durable=False) as first, EmbeddedPostgres(durable=False) as second:
        password = urlsplit(first.url).password
        with driver.connect(second.url) as sender:
            sender.script(f"ALTER ROLE ferrow PASSWORD '{password}'")
            async with entered(make(colour, also_at(first.url, second.port), "jobs")) as listener:
                sender.notify("jobs", "to the wrong one")
                thread = meanwhile(first.stop)
                event = await step(listener)
                thread.join(60)
                assert isinstance(event, Gap)
                sender.notify("jobs", "after")
                event = await step(listener)
                while isinstance(event, Gap):  # the first let it in once more
                    sender.notify("jobs", "after")
                    event = await step(listener)
                assert event == Notification("jobs", "after", sender.backend_pid)


async def test_closing_while_a_server_says_nothing(colour: str, between: Proxy, silent: socket.socket) -> None:
    """The iteration ends at once, not with the attempt, which may have minutes."""
    listener = make(colour, also_at(between.url, silent.getsockname()[1]), "jobs", **SLOW)
    await maybe(listener.open())
    between.refuse()
    between.cut()
    if colour == "sync":
        events: list[Any] = []
        thread = meanwhile(lambda: events.extend(listener))
        connected, _ = silent.accept()
        listener.close()
        thread.join(60)
        assert not thread.is_alive()
        assert events == []
    else:
        task = asyncio.create_task(anext(listener, None))
        connected, _ = await asyncio.to_thread(silent.accept)
        await listener.close()
        assert await asyncio.wait_for(task, 60) is None
        await eventually("async", lambda: len(asyncio.all_tasks()) == 1)
    connected.close()


async def test_a_step_that_is_cancelled_then_leaves_no_attempt(between: Proxy, silent: socket.socket) -> None:
    async with driver.AsyncListener(
        also_at(between.url, silent.getsockname()[1]), "jobs", min_backoff=0.01, max_backoff=0.01, **SLOW
    ) as listener:
        between.refuse()
        between.cut()
        task = asyncio.create_task(anext(listener))
        connected, _ = await asyncio.to_thread(silent.accept)
        assert await asyncio.to_thread(connected.recv, 1 << 16)  # it waits for an answer
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await eventually("async", lambda: len(asyncio.all_tasks()) == 1)
        assert await asyncio.to_thread(connected.recv, 1) == b""
        connected.close()
        between.admit()
        assert isinstance(await anext(listener), Gap)


def test_an_attempt_that_is_left_by_ctrl_c_skips_no_gap(
    between: Proxy, sender: driver.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may end well when nobody waits for it: what comes over its connection comes behind the gap."""
    main, goes_on = threading.get_ident(), threading.Event()
    attempt = driver.AsyncListener._attempt

    async def late(self: driver.AsyncListener, world: Any) -> None:
        if threading.get_ident() != main:
            signal.pthread_kill(main, signal.SIGINT)
            goes_on.wait(60)
        await attempt(self, world)

    monkeypatch.setattr(driver.AsyncListener, "_attempt", late)
    with make("sync", between.url, "jobs") as listener:
        between.cut()
        with listening(), pytest.raises(KeyboardInterrupt):
            next(listener)
        goes_on.set()
        drive(eventually("sync", lambda: "not connected" not in repr(listener)))
        sender.notify("jobs", "after")
        assert isinstance(next(listener), Gap)
        assert next(listener).payload == "after"
