"""How a listener ends, or does not: errors, close, cancelled steps."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import threading
from typing import Any

import pytest

from ferrow import driver
from ferrow.driver import Gap
from ferrow.driver.link import Link
from ferrow.errors import InterfaceError, OperationalError
from tests.support import entered, items, maybe
from tests.support.deadlines import eventually
from tests.support.listening import QUICK, make, meanwhile, step
from tests.support.proxy import Proxy, proxy

pytestmark = pytest.mark.postgresql


async def test_the_first_connection_is_not_tried_again(colour: str, between: Proxy) -> None:
    between.refuse()
    listener = make(colour, between.url, "jobs")
    for _ in range(2):
        with pytest.raises(OperationalError):
            await maybe(listener.open())
    assert between.refused == 2
    between.admit()
    await maybe(listener.open())
    await maybe(listener.close())
    assert between.accepted == 1


async def test_a_password_that_is_wrong_by_now_is_raised(
    colour: str, postgresql_url: str, sender: driver.Connection
) -> None:
    role = f"ferrow_listener_{os.getpid()}"
    sender.script(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN PASSWORD 'first'")
    try:
        with proxy(postgresql_url) as between:
            url = between.url.replace(between.url.split("//")[1].split("@")[0], f"{role}:first")
            async with entered(make(colour, url, "jobs")) as listener:
                sender.script(f"ALTER ROLE {role} PASSWORD 'second'")
                between.cut()
                with pytest.raises(OperationalError, match="password") as caught:
                    await step(listener)
                assert caught.value.sqlstate == "28P01"
                sender.script(f"ALTER ROLE {role} PASSWORD 'first'")
                assert isinstance(await step(listener), Gap)  # who goes on all the same learns of the gap
    finally:
        sender.script(f"DROP ROLE {role}")


async def test_a_closed_listener_has_ended(colour: str, postgresql_url: str) -> None:
    listener = make(colour, postgresql_url, "jobs")
    async with entered(listener):
        assert not listener.is_closed()
    await maybe(listener.close())
    assert listener.is_closed()
    assert await items(listener) == []
    with pytest.raises(InterfaceError, match="closed"):
        await maybe(listener.open())
    assert "closed" in repr(listener)
    assert postgresql_url.partition("@")[0].rpartition(":")[2] not in repr(listener)


@pytest.mark.parametrize("when", ["waiting", "reconnecting"])
async def test_closing_ends_the_iteration(colour: str, between: Proxy, when: str) -> None:
    listener = make(colour, between.url, "jobs", min_backoff=30, max_backoff=30)
    await maybe(listener.open())
    if when == "reconnecting":
        between.cut()
    if colour == "sync":
        thread = meanwhile(lambda: (threading.Event().wait(0.1), listener.close()))
        assert list(listener) == []
        thread.join(20)
    else:

        async def collect() -> list[Any]:
            return [event async for event in listener]

        task = asyncio.create_task(collect())
        await asyncio.sleep(0.1)
        await listener.close()
        assert await task == []


async def test_one_task_at_a_time(postgresql_url: str) -> None:
    async with driver.AsyncListener(postgresql_url, "jobs") as listener:
        task = asyncio.create_task(anext(listener))
        await asyncio.sleep(0)
        with pytest.raises(InterfaceError, match="somebody else"):
            await anext(listener)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_opened_twice_at_once_it_has_one_connection(between: Proxy) -> None:
    listener = driver.AsyncListener(between.url, "jobs", **QUICK)
    await asyncio.gather(listener.open(), listener.open())
    await listener.close()
    await eventually("async", lambda: not between.connections)


async def test_a_step_cancelled_anywhere_loses_nothing(between: Proxy, sender: driver.Connection) -> None:
    async with driver.AsyncListener(between.url, "jobs", min_backoff=0.001, max_backoff=0.001) as listener:
        chance = random.Random(7)
        for number in range(60):
            between.cut()
            event: Any = None
            moment = 0.02
            while event is None:
                try:
                    async with asyncio.timeout(chance.random() * moment):
                        event = await anext(listener)
                except TimeoutError:
                    moment *= 1.05  # a busy machine needs longer to connect
            assert isinstance(event, Gap)
            sender.notify("jobs", str(number))
            assert (await anext(listener)).payload == str(number)
        assert len(asyncio.all_tasks()) == 1
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    # The sender, and the one that cleans the database.
    await eventually("async", lambda: sender.query_one(sessions)[0] <= 2)


async def test_the_loop_is_free_while_it_reconnects(between: Proxy) -> None:
    async with driver.AsyncListener(between.url, "jobs", **QUICK) as listener:
        between.refuse()
        between.cut()
        task = asyncio.create_task(anext(listener))
        turns = 0
        while between.refused < 5:
            await asyncio.sleep(0)
            turns += 1
        between.admit()
        assert isinstance(await task, Gap)
        assert turns > 5


def test_uvloop(between: Proxy, sender: driver.Connection) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def main() -> None:
        async with driver.AsyncListener(between.url, "jobs", heartbeat=1, **QUICK) as listener:
            for end in (between.cut, between.swallow):
                sender.notify("jobs", "before")
                assert (await anext(listener)).payload == "before"
                end()
                assert isinstance(await anext(listener), Gap)
            sender.notify("jobs", "after")
            assert (await anext(listener)).payload == "after"
        async with driver.AsyncConnection(between.url) as conn:
            await conn.listen("jobs")
            await conn.notify("jobs", "1")
            assert [each.payload async for each in conn.notifications(timeout=0)] == ["1"]

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


async def test_silence_of_the_log(colour: str, postgresql_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "ferrow"):
        async with entered(make(colour, postgresql_url, "jobs")):
            pass
    assert caplog.records == []


async def test_a_connection_that_is_made_while_the_listener_is_closed(
    colour: str, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would close it."""
    listener = make(colour, postgresql_url, "jobs")
    core = getattr(listener, "_core", listener)
    links: list[Link] = []
    connect = Link.open

    async def closed_meanwhile(*arguments: Any) -> Link:
        links.append(await connect(*arguments))
        await core.close()
        return links[-1]

    monkeypatch.setattr(Link, "open", closed_meanwhile)
    await maybe(listener.open())
    assert [link.closed for link in links] == [True]
    assert listener.is_closed()
    with pytest.raises(InterfaceError, match="the listener was closed"):
        await maybe(listener.open())
