"""LISTEN and NOTIFY on a connection: what is sent arrives, once, in order, as it was."""

from __future__ import annotations

import asyncio
import logging
import pickle
import threading
from typing import Any

import pytest

from ferrow import create_engine, driver
from ferrow.driver import Notification
from ferrow.errors import (
    ConnectionLost,
    DataError,
    InterfaceError,
    NotificationsLost,
    NotSupportedError,
    ProgrammingError,
)
from tests.support import entered, items, maybe

pytestmark = pytest.mark.postgresql


async def other(url: str, colour: str, **options: Any) -> Any:
    return await driver.connect_async(url, **options) if colour == "async" else driver.connect(url, **options)


async def payloads(conn: Any) -> list[str]:
    """What is there. What a connection sends to itself comes with the answer to the sending."""
    return [notification.payload for notification in await items(conn.notifications(timeout=0))]


async def take(conn: Any, number: int) -> list[str]:
    """What comes, waiting for it."""
    stream = conn.notifications(timeout=20)
    step = anext if hasattr(stream, "__anext__") else next
    return [(await maybe(step(stream))).payload for _ in range(number)]


async def test_a_notification_says_what_was_sent_and_by_whom(pg: Any) -> None:
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", "17"))
    assert await items(pg.notifications(timeout=0)) == [Notification("jobs", "17", pg.backend_pid)]


async def test_the_payload_may_be_missing(pg: Any) -> None:
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs"))
    assert await payloads(pg) == [""]


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


STRANGE = [
    "MyChannel",
    "mychannel",
    "two words",
    'quo"te',
    '"quoted"',
    "semi; DROP TABLE victims; --",
    '"; DROP TABLE victims; --',
    "ünïcödé",
    "🦀" * 15,
    "x" * 63,
    "select",
    "$1",
    "back\\slash",
    "new\nline",
    "'apostrophe'",
    " ",
]


@pytest.mark.parametrize("channel", STRANGE)
async def test_a_channel_is_exactly_what_was_given(pg: Any, channel: str) -> None:
    await maybe(pg.script("CREATE TABLE victims (id int)"))
    await maybe(pg.listen(channel))
    assert [row[0] for row in await maybe(pg.query("SELECT pg_listening_channels()"))] == [channel]
    for name in {channel, channel.lower(), channel.upper()[:20]}:
        await maybe(pg.notify(name, name))
    assert [(one.channel, one.payload) for one in await items(pg.notifications(0))] == [(channel, channel)]
    await maybe(pg.unlisten(channel))
    assert await maybe(pg.query("SELECT pg_listening_channels()")) == []
    assert await maybe(pg.query("SELECT * FROM victims")) == []


@pytest.mark.parametrize("channel", ["", "x" * 64, "ü" * 32, "nul\0", "\ud800", 7, None, b"jobs"])
async def test_what_cannot_be_a_channel_is_refused_before_anything_is_sent(pg: Any, channel: Any) -> None:
    for call in (pg.listen, pg.unlisten, pg.notify):
        with pytest.raises(ProgrammingError, match="channel"):
            await maybe(call(channel))
    with pytest.raises(ProgrammingError, match="channel"):
        await maybe(pg.listen("good", channel))
    with pytest.raises(ProgrammingError, match="at least one"):
        await maybe(pg.listen())
    assert await maybe(pg.query("SELECT pg_listening_channels()")) == []


@pytest.mark.parametrize("payload", ["x" * 7999, "ü" * 3999, "'; DROP TABLE x", "{}", "\n", "🦀"])
async def test_any_text_is_a_payload(pg: Any, payload: str) -> None:
    await maybe(pg.listen("jobs"))
    await maybe(pg.notify("jobs", payload))
    assert await payloads(pg) == [payload]


@pytest.mark.parametrize("payload", ["x" * 8000, "ü" * 4000, "nul\0", "\ud800", 7, None, b"bytes", {"id": 1}])
async def test_a_payload_that_would_be_refused_is_refused_here(pg: Any, payload: Any) -> None:
    with pytest.raises(DataError, match="payload"):
        await maybe(pg.notify("jobs", payload))


@pytest.mark.parametrize("timeout", [-1, float("nan")])
async def test_impossible_timeouts(pg: Any, timeout: float) -> None:
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


# --- a pool ----------------------------------------------------------------------------------------------------------


async def borrowed(engine: Any) -> tuple[int, list[Any], list[str]]:
    async with entered(engine.connection()) as conn:
        channels = await maybe(conn.query("SELECT pg_listening_channels()"))
        return conn.backend_pid, channels, await payloads(conn)


async def test_a_pool_lends_no_connection_that_listens(postgresql_url: str, colour: str) -> None:
    engine: Any = create_engine(postgresql_url, max_size=1)
    engine = await engine if colour == "async" else engine
    async with entered(engine.connection()) as conn:
        pid = conn.backend_pid
        await maybe(conn.listen("jobs"))
        conn.on_notice(lambda notice: pytest.fail("somebody else's notice"))
        await maybe(conn.notify("jobs", "not taken"))
        stream = conn.notifications(0)
    with pytest.raises(InterfaceError, match="went back to its pool"):
        await items(stream)
    assert await borrowed(engine) == (pid, [], [])
    for sql in ("LISTEN jobs", "/* hidden */ LISTEN jobs", "SELECT 1; LISTEN jobs"):
        await maybe(engine.script(sql))
        await maybe(engine.execute("SELECT pg_notify('jobs', '')"))
        assert await borrowed(engine) == (pid, [], [])
    await maybe(engine.script("DO $$ BEGIN RAISE NOTICE 'somebody else'; END $$"))
    await maybe(engine.close())


async def test_a_reader_is_told_when_its_connection_goes_back(postgresql_url: str) -> None:
    async with create_engine(postgresql_url, max_size=1) as engine:
        async with engine.connection() as conn:
            await conn.listen("jobs")
            reading = asyncio.create_task(anext(conn.notifications()))
            await asyncio.sleep(0)
        with pytest.raises(InterfaceError, match="went back to its pool"):
            await reading
        assert (await borrowed(engine))[1:] == ([], [])


def test_a_thread_that_reads_is_told_when_its_connection_goes_back(postgresql_url: str) -> None:
    errors: list[Exception] = []
    begun = threading.Event()

    def read(stream: Any) -> None:
        begun.set()
        try:
            next(stream)
        except Exception as error:
            errors.append(error)

    with create_engine(postgresql_url, max_size=1) as engine:
        with engine.connection() as conn:
            conn.listen("jobs")
            thread = threading.Thread(target=read, args=(conn.notifications(),))
            thread.start()
            begun.wait(20)
        thread.join(20)
        assert "went back to its pool" in str(errors)
        with engine.connection() as conn:
            assert conn.query("SELECT pg_listening_channels()") == []


async def test_an_engine_notifies_in_its_transactions(engine: Any, backend: str, url: str, colour: str) -> None:
    if backend == "sqlite":
        with pytest.raises(NotSupportedError):
            async with entered(engine.transaction()) as tx:
                await maybe(tx.notify("jobs"))
        return
    conn = await other(url, colour)
    await maybe(conn.listen("jobs"))
    async with entered(engine.transaction()) as tx:
        await maybe(tx.notify("jobs", "1"))
    assert await take(conn, 1) == ["1"]
    await maybe(conn.close())


# --- tasks and threads -----------------------------------------------------------------------------------------------


async def test_tasks_share_a_connection_with_one_that_waits(postgresql_url: str) -> None:
    async with driver.AsyncConnection(postgresql_url) as conn:
        await conn.listen("jobs")
        streams = [conn.notifications(20), conn.notifications(20)]

        async def first(stream: Any) -> Any:
            return [(await anext(stream)).payload for _ in range(3)]

        readers = [asyncio.create_task(first(stream)) for stream in streams]
        await asyncio.sleep(0)
        for number in "123":
            assert (await conn.query_one("SELECT 1"))[0] == 1
            await conn.notify("jobs", number)
        assert await asyncio.gather(*readers) == [["1", "2", "3"]] * 2


async def test_a_cancelled_step_loses_nothing(postgresql_url: str) -> None:
    async with driver.AsyncConnection(postgresql_url) as conn:
        await conn.listen("jobs")
        stream = conn.notifications()
        for number in range(20):
            waiting = asyncio.create_task(anext(stream))
            await asyncio.sleep(0)
            with pytest.raises(InterfaceError, match="somebody else waits"):
                await anext(stream)
            waiting.cancel()
            await conn.notify("jobs", str(number))
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert (await anext(stream)).payload == str(number)


def test_threads_share_a_connection_with_those_that_wait(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn:
        conn.listen("jobs")
        found: list[list[str]] = []
        ready = threading.Barrier(4)

        def read() -> None:
            stream = conn.notifications(20)
            first = next(stream)
            ready.wait(20)
            found.append([first.payload, *(next(stream).payload for _ in range(50))])

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        # Until every thread has begun, "first" comes again and again.
        while ready.n_waiting < 3:
            conn.notify("jobs", "first")
        ready.wait(20)
        for number in range(50):
            conn.notify("jobs", str(number))
            assert conn.query_one("SELECT $1::int", [number])[0] == number
        for thread in threads:
            thread.join(20)
        assert len(found) == 3
        for seen in found:
            assert [payload for payload in seen if payload != "first"] == [
                str(number) for number in range(51 - seen.count("first"))
            ]


@pytest.mark.parametrize("how", ["close", "abort"])
def test_closing_wakes_the_thread_that_waits(postgresql_url: str, how: str) -> None:
    conn = driver.connect(postgresql_url)
    conn.listen("jobs")
    stream = conn.notifications()
    begun = threading.Event()
    errors: list[BaseException] = []

    def read() -> None:
        begun.set()
        try:
            next(stream)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    begun.wait(20)
    conn.close() if how == "close" else conn.wire.abort()
    thread.join(20)
    assert [type(error) for error in errors] == [ConnectionLost]


async def test_closing_wakes_the_task_that_waits(postgresql_url: str) -> None:
    conn = await driver.connect_async(postgresql_url)
    reading = asyncio.create_task(anext(conn.notifications()))
    await asyncio.sleep(0)
    await conn.close()
    with pytest.raises(ConnectionLost):
        await reading


async def test_notices_go_on_while_waiting(pg: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "ferrow.notices"):
        await maybe(pg.script("DROP TABLE IF EXISTS nothing"))
    assert [record.message for record in caplog.records] == ['table "nothing" does not exist, skipping']
