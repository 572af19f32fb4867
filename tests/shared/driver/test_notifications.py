"""LISTEN and NOTIFY on a connection: what is sent arrives, once, in order, as it was."""

from __future__ import annotations

import logging
import pickle
from typing import Any

import pytest

from ferrow import driver
from ferrow.driver import Notification
from ferrow.errors import (
    ConnectionLost,
    InterfaceError,
    NotificationsLost,
    NotSupportedError,
    ProgrammingError,
)
from tests.support import entered, items, maybe
from tests.support.listening import other, payloads, take

pytestmark = pytest.mark.postgresql


async def test_a_notification_says_what_was_sent_and_by_whom(pg: Any) -> None:
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", "17"))
    assert await items(pg.notifications(timeout=0)) == [Notification("jobs", "17", pg.backend_pid)]


async def test_the_payload_may_be_missing(pg: Any) -> None:
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs"))
    assert await payloads(pg) == [""]


async def test_a_codec_of_text_leaves_it_as_it_is(pg: Any) -> None:
    pg.set_codec("text", encode=lambda value: f"<{value}>", decode=str.upper)
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", "it's \\ ü"))
    assert await items(pg.notifications(timeout=0)) == [Notification("jobs", "it's \\ ü", pg.backend_pid)]


async def test_notifications_of_others_arrive_during_a_wait(pg: Any, postgresql_url: str, colour: str) -> None:
    sender = await other(postgresql_url, colour)
    await maybe(pg.listen("jobs"))
    await maybe(sender.notify("jobs", "1"))
    await maybe(sender.notify("jobs", "2"))
    assert await take(pg, 2) == ["1", "2"]
    await maybe(sender.close())


async def test_what_arrives_during_other_statements_is_kept(pg: Any, postgresql_url: str, colour: str) -> None:
    sender = await other(postgresql_url, colour)
    await maybe(pg.listen("jobs"))
    for number in range(5):
        await maybe(sender.notify("jobs", str(number)))
        assert (await maybe(pg.query_one("SELECT $1::int", [number])))[0] == number
    assert await take(pg, 5) == ["0", "1", "2", "3", "4"]
    await maybe(sender.close())


async def test_leaving_a_loop_early_loses_nothing(pg: Any) -> None:
    await maybe(pg.listen("jobs"))
    for number in range(3):
        await maybe(pg.notify("jobs", str(number)))
    if hasattr(pg.notifications(0), "__aiter__"):
        async for notification in pg.notifications(0):
            assert notification.payload == "0"
            break
    else:
        for notification in pg.notifications(0):
            assert notification.payload == "0"
            break
    assert await payloads(pg) == ["1", "2"]
    assert await payloads(pg) == []


async def test_every_iterator_sees_everything_from_its_first_step_on(pg: Any, colour: str) -> None:
    step = anext if colour == "async" else next
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", "before"))
    first, second = pg.notifications(20), pg.notifications(0)
    assert (await maybe(step(first))).payload == "before"
    await maybe(pg.notify("jobs", "for the first"))
    with pytest.raises((StopIteration, StopAsyncIteration)):
        await maybe(step(second))
    third = iter_from_now(pg)
    await maybe(pg.notify("jobs", "for both"))
    assert [(await maybe(step(first))).payload for _ in "12"] == ["for the first", "for both"]
    assert [item[1] for item in iter(third.take, None)] == ["for both"]
    third.close()


def iter_from_now(conn: Any) -> Any:
    """What an iterator has after a first step that found nothing, and did not end it."""
    return conn.wire.news.inbox.subscribe()


async def test_inside_a_transaction_both_wait_for_the_commit(pg: Any, postgresql_url: str, colour: str) -> None:
    sender = await other(postgresql_url, colour)
    async with entered(pg.transaction()):
        await maybe(pg.listen("jobs"))
        await maybe(sender.notify("jobs", "too early"))
    async with entered(sender.transaction()) as tx:
        await maybe(tx.notify("jobs", "committed"))
        await maybe(tx.notify("jobs", "committed"))
        assert await payloads(pg) == []
    with pytest.raises(ZeroDivisionError):
        async with entered(sender.transaction()) as tx:
            await maybe(tx.notify("jobs", "rolled back"))
            raise ZeroDivisionError
    await maybe(sender.notify("jobs", "end"))
    assert await take(pg, 2) == ["committed", "end"]
    await maybe(sender.close())


async def test_unlisten_one_or_all(pg: Any) -> None:
    await maybe(pg.listen("a", "b", "c"))
    await maybe(pg.unlisten("a"))
    for channel in "abc":
        await maybe(pg.notify(channel, channel))
    assert await payloads(pg) == ["b", "c"]
    await maybe(pg.unlisten())
    await maybe(pg.notify("b"))
    assert await payloads(pg) == []
    assert await maybe(pg.query("SELECT pg_listening_channels()")) == []


@pytest.mark.parametrize("timeout", ["1", -1, float("nan")])
async def test_impossible_timeouts(pg: Any, timeout: Any) -> None:
    with pytest.raises(ProgrammingError, match="timeout"):
        await items(pg.notifications(timeout))


async def test_an_overflow_is_said_and_the_rest_is_there(
    postgresql_url: str, colour: str, caplog: pytest.LogCaptureFixture
) -> None:
    conn = await other(postgresql_url, colour, notification_queue_size=3)
    await maybe(conn.listen("jobs"))
    for number in range(8):
        await maybe(conn.notify("jobs", str(number)))
    with pytest.raises(NotificationsLost, match="5 notifications were dropped"):
        await items(conn.notifications(0))
    assert await payloads(conn) == ["5", "6", "7"]
    assert [record.levelname for record in caplog.records if record.name == "ferrow.notifications"] == ["WARNING"]
    await maybe(conn.close())


async def test_the_end_of_the_connection_comes_after_what_arrived(pg: Any, postgresql_url: str, colour: str) -> None:
    killer = await other(postgresql_url, colour)
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", "last"))
    stream = pg.notifications()
    step = anext if colour == "async" else next
    assert (await maybe(step(stream))).payload == "last"
    await maybe(killer.query("SELECT pg_terminate_backend($1)", [pg.backend_pid]))
    with pytest.raises(ConnectionLost):
        await maybe(step(stream))
    with pytest.raises(InterfaceError, match="closed"):
        pg.notifications()
    await maybe(killer.close())


@pytest.mark.parametrize("noticed", [False, True])
async def test_it_comes_after_that_for_who_asks_later(pg: Any, postgresql_url: str, colour: str, noticed: bool) -> None:
    killer = await other(postgresql_url, colour)
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", "last"))
    await maybe(killer.query("SELECT pg_terminate_backend($1, 5000)", [pg.backend_pid]))
    if noticed:
        with pytest.raises(ConnectionLost):
            await maybe(pg.query("SELECT 1"))
        assert pg.is_closed()
    seen: list[str] = []
    step = anext if colour == "async" else next
    stream = pg.notifications()
    with pytest.raises(ConnectionLost):
        while True:
            seen.append((await maybe(step(stream))).payload)
    assert seen == ["last"]
    with pytest.raises(InterfaceError, match="closed"):
        pg.notifications()
    await maybe(killer.close())


async def test_a_connection_that_was_closed_has_none(pg: Any) -> None:
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", "not taken"))
    await maybe(pg.close())
    with pytest.raises(InterfaceError, match="closed"):
        pg.notifications()


async def test_notifications_are_values() -> None:
    one = Notification("jobs", "1", 7)
    assert one == Notification("jobs", "1", 7) != Notification("jobs", "2", 7)
    assert {one: 1}[pickle.loads(pickle.dumps(one))] == 1
    with pytest.raises(AttributeError):
        one.payload = "2"  # type: ignore[misc]


async def test_sqlite_has_none(sqlite_url: str, colour: str) -> None:
    conn = await other(sqlite_url, colour)
    assert conn.backend_pid is None
    for call in (conn.listen, conn.unlisten, conn.notify):
        with pytest.raises(NotSupportedError, match="postgresql"):
            await maybe(call("jobs"))
    with pytest.raises(NotSupportedError, match="postgresql"):
        conn.notifications()
    with pytest.raises(NotSupportedError, match="postgresql"):
        (driver.AsyncListener if colour == "async" else driver.Listener)(sqlite_url, "jobs")
    await maybe(conn.close())


async def test_notices_go_on_while_waiting(pg: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "ferrow.notices"):
        await maybe(pg.script("DROP TABLE IF EXISTS nothing"))
    assert [one.message for one in caplog.records if one.name.startswith("ferrow")] == [
        'table "nothing" does not exist, skipping'
    ]
