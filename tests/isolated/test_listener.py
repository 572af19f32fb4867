"""A listener across lost connections: the gap is told, what comes later comes, and nothing comes twice."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from ferrow import driver
from ferrow.driver import Gap, Notification
from ferrow.driver.link import Link
from ferrow.errors import ConnectionLost, DatabaseError, InterfaceError, NotificationsLost, OperationalError
from tests.support import entered, maybe
from tests.support.listening import make, meanwhile, step
from tests.support.proxy import Proxy

pytestmark = pytest.mark.postgresql


def kill(sender: driver.Connection) -> None:
    sender.query(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
    )


async def test_notifications_come_in_order(colour: str, postgresql_url: str, sender: driver.Connection) -> None:
    async with entered(make(colour, postgresql_url, "a", "b")) as listener:
        assert listener.channels == ("a", "b")
        for number in range(10):
            sender.notify("ab"[number % 2], str(number))
        events = [await step(listener) for _ in range(10)]
        pid = sender.backend_pid
        assert events == [Notification("ab"[number % 2], str(number), pid) for number in range(10)]


async def test_a_trace_sees_what_it_says_on_each_of_its_connections(
    colour: str, postgresql_url: str, sender: driver.Connection
) -> None:
    traces: list[driver.Trace] = []
    async with entered(make(colour, postgresql_url, "jobs", trace=traces.append)) as listener:
        assert [trace.sql for trace in traces] == ["UNLISTEN *", 'LISTEN "jobs"']
        kill(sender)
        assert isinstance(await step(listener), Gap)
        assert len({trace.pid for trace in traces if trace.sql == 'LISTEN "jobs"'}) == 2
        await maybe(listener.listen("more"))
        assert any("more" in trace.sql for trace in traces)
    with pytest.raises(driver.ProgrammingError, match="trace handler"):
        make(colour, postgresql_url, "jobs", trace=7)


async def test_a_killed_backend_leaves_a_gap(colour: str, postgresql_url: str, sender: driver.Connection) -> None:
    before = datetime.now(UTC)
    async with entered(make(colour, postgresql_url, "jobs")) as listener:
        sender.notify("jobs", "before")
        assert (await step(listener)).payload == "before"
        kill(sender)
        after = datetime.now(UTC)
        sender.notify("jobs", "lost")
        gap = await step(listener)
        assert isinstance(gap, Gap)
        assert isinstance(gap.error, ConnectionLost)
        assert before <= gap.since <= after  # whatever is missing was sent later than that
        assert gap.since.tzinfo is UTC
        sender.notify("jobs", "after")
        assert (await step(listener)).payload == "after"


async def test_what_had_arrived_before_the_loss_comes_before_the_gap(
    colour: str, between: Proxy, sender: driver.Connection
) -> None:
    async with entered(make(colour, between.url, "jobs")) as listener:
        sender.notify("jobs", "1")
        sender.notify("jobs", "2")
        assert (await step(listener)).payload == "1"
        between.cut()
        assert (await step(listener)).payload == "2"
        assert isinstance(await step(listener), Gap)
        sender.notify("jobs", "3")
        assert (await step(listener)).payload == "3"


async def test_it_tries_until_the_server_lets_it_in(
    colour: str, between: Proxy, sender: driver.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    async with entered(make(colour, between.url, "jobs")) as listener:
        between.refuse()
        between.cut()

        def admit() -> None:
            while between.refused < 4:
                threading.Event().wait(0.005)
            between.admit()

        thread = meanwhile(admit)
        assert isinstance(await step(listener), Gap)  # one, however many attempts there were
        sender.notify("jobs", "after")
        assert (await step(listener)).payload == "after"
        thread.join(20)
    assert between.refused >= 4
    said = [record.getMessage() for record in caplog.records if record.name == "ferrow.listener"]
    assert "was lost" in said[0]
    assert len(said) >= 5
    secret = between.url.partition("@")[0].rpartition(":")[2]
    assert not any(secret in line for line in said)


async def test_a_restarted_server(colour: str) -> None:
    from ferrow.testing import EmbeddedPostgres
    from ferrow.testing.postgres.binaries import installed

    if not installed() and "CI" not in os.environ:
        pytest.skip("needs ferrow[embedded]")
    with EmbeddedPostgres(durable=False) as server:
        async with entered(make(colour, server.url, "jobs")) as listener:
            for immediate in (False, True):
                thread = meanwhile(lambda immediate=immediate: server.restart(immediate=immediate))  # type: ignore[misc]
                assert isinstance(await step(listener), Gap)
                thread.join(50)
                with driver.connect(server.url) as sender:
                    sender.notify("jobs", str(immediate))
                event = await step(listener)
                while isinstance(event, Gap):  # the old server may have let it in once more while it was stopping
                    event = await step(listener)
                assert event.payload == str(immediate)


async def test_a_black_hole_is_noticed(colour: str, between: Proxy, sender: driver.Connection) -> None:
    async with entered(make(colour, between.url, "jobs", heartbeat=1)) as listener:
        sender.notify("jobs", "before")
        assert (await step(listener)).payload == "before"
        between.swallow()
        sender.notify("jobs", "swallowed")
        gap = await step(listener)
        assert isinstance(gap, Gap)
        assert "did not answer within 1 seconds" in str(gap.error)
        sender.notify("jobs", "after")
        assert (await step(listener)).payload == "after"
    assert between.accepted == 2  # and no errand to cancel what nobody will answer


async def test_heartbeats_are_answered_by_a_quiet_server(
    colour: str, postgresql_url: str, sender: driver.Connection
) -> None:
    beats = threading.Semaphore(0)

    def asked(trace: driver.Trace) -> None:
        if "LISTEN" not in trace.sql:
            beats.release()

    def late() -> None:
        for _ in range(3):
            assert beats.acquire(timeout=60)
        sender.notify("jobs", "late")

    async with entered(make(colour, postgresql_url, "jobs", heartbeat=0.5, trace=asked)) as listener:
        thread = meanwhile(late)
        assert (await step(listener)).payload == "late"
        thread.join(20)


@pytest.mark.parametrize("attempt", range(3))
async def test_whatever_is_missing_is_in_a_gap(colour: str, between: Proxy, postgresql_url: str, attempt: int) -> None:
    """Cuts at random moments: numbers only rise, and where some are missing there is a gap that began before them."""
    chance = random.Random(attempt)
    sent: list[datetime] = []
    ended = threading.Event()

    def send() -> None:
        with driver.connect(postgresql_url) as conn:
            for number in range(400):
                conn.notify("jobs", str(number))
                sent.append(datetime.now(UTC))
                if chance.random() < 0.03:
                    between.cut()
            while not ended.is_set():  # until the listener is back and hears it
                conn.notify("jobs", "end")
                ended.wait(0.01)

    async with entered(make(colour, between.url, "jobs")) as listener:
        thread = meanwhile(send)
        last, gap, gaps = -1, None, 0
        while True:
            event = await step(listener)
            if isinstance(event, Gap):
                # A connection may be cut before anything came through it: the first of several gaps is where it begins.
                gap, gaps = gap or event, gaps + 1
            elif event.payload == "end":
                break
            else:
                number = int(event.payload)
                assert number > last, "one came twice, or too late"
                if number > last + 1:
                    assert gap is not None, f"{last + 1} to {number - 1} are missing without a gap"
                    assert gap.since < sent[last + 1]
                last, gap = number, None
        ended.set()
        thread.join(20)
    assert gaps > 0


async def test_an_overflow_is_a_gap_and_no_reconnect(colour: str, between: Proxy, sender: driver.Connection) -> None:
    async with entered(make(colour, between.url, "jobs", notification_queue_size=2)) as listener:
        await maybe(listener.listen("other"))
        for number in range(5):
            sender.notify("jobs", str(number))
        await maybe(listener.unlisten("other"))  # a round trip: everything has arrived
        gap = await step(listener)
        assert isinstance(gap, Gap)
        assert isinstance(gap.error, NotificationsLost)
        assert [(await step(listener)).payload for _ in range(2)] == ["3", "4"]
    assert between.accepted == 1


async def test_channels_come_and_go_while_it_runs(colour: str, between: Proxy, sender: driver.Connection) -> None:
    async with entered(make(colour, between.url)) as listener:
        await maybe(listener.listen("a", "b"))
        await maybe(listener.listen("b", 'C"'))
        sender.notify("a", "given up before it was taken")
        await maybe(listener.unlisten("a"))
        assert listener.channels == ("b", 'C"')
        sender.notify("a", "not heard")
        sender.notify('C"', "1")
        assert (await step(listener)).payload == "1"
        between.cut()
        assert isinstance(await step(listener), Gap)
        sender.notify("a", "not heard")
        for channel in ("b", 'C"'):
            sender.notify(channel, "2")
            assert await step(listener) == Notification(channel, "2", sender.backend_pid)
        await maybe(listener.unlisten())
        assert listener.channels == ()


async def test_a_channel_named_while_there_is_no_connection_is_heard_after_it(
    colour: str, between: Proxy, sender: driver.Connection
) -> None:
    async with entered(make(colour, between.url, "a", heartbeat=5)) as listener:
        between.cut()
        await maybe(listener.listen("b"))
        await maybe(listener.unlisten("a"))
        assert isinstance(await step(listener), Gap)
        sender.notify("a", "not heard")
        sender.notify("b", "heard")
        assert (await step(listener)).payload == "heard"


async def test_a_channel_that_the_server_refuses_is_not_listened_on(
    colour: str, between: Proxy, sender: driver.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither now nor by the next connection; one that was there before is kept."""

    async def refused(self: Link, channels: Iterable[str]) -> None:
        raise OperationalError(f"not {[*channels]}")

    async with entered(make(colour, between.url, "a")) as listener:
        with monkeypatch.context() as patch, pytest.raises(OperationalError, match=r"not \['b'\]"):
            patch.setattr(Link, "listen", refused)
            await maybe(listener.listen("a", "b"))
        assert listener.channels == ("a",)
        between.cut()
        assert isinstance(await step(listener), Gap)
        sender.notify("b", "not heard")
        sender.notify("a", "heard")
        assert (await step(listener)).payload == "heard"


@pytest.mark.parametrize("channel", ["", "x" * 64, "nul\0", 7])
async def test_impossible_channels(colour: str, postgresql_url: str, channel: Any) -> None:
    with pytest.raises(DatabaseError, match="channel"):
        make(colour, postgresql_url, channel)
    async with entered(make(colour, postgresql_url, "a")) as listener:
        with pytest.raises(DatabaseError, match="channel"):
            await maybe(listener.listen("good", channel))
        assert listener.channels == ("a",)


@pytest.mark.parametrize(
    "options", [{"min_backoff": 0}, {"min_backoff": 2, "max_backoff": 1}, {"heartbeat": 0}, {"hartbeat": 1}]
)
def test_impossible_options(colour: str, postgresql_url: str, options: dict[str, Any]) -> None:
    with pytest.raises(InterfaceError):
        make(colour, postgresql_url, "a", **options)
