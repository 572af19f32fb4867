"""Tasks and threads that wait for notifications on one connection, and use it meanwhile."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import (
    ConnectionLost,
    InterfaceError,
)

pytestmark = pytest.mark.postgresql


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


def test_a_look_at_what_has_arrived_is_no_statement(postgresql_url: str) -> None:
    """Another thread has the connection for as long as it takes to read without waiting."""
    conn = driver.connect(postgresql_url)
    wire: Any = conn.wire
    begun, over = threading.Event(), threading.Event()

    def look() -> None:
        with wire._lock:
            begun.set()
            over.wait(0.05)

    def looked() -> threading.Thread:
        begun.clear()
        thread = threading.Thread(target=look)
        thread.start()
        begun.wait(20)
        return thread

    for thread, answer in ((looked(), wire.busy), (looked(), wire.closed)):
        assert answer is False
        thread.join(20)
    thread = looked()
    wire.abort()
    thread.join(20)
    assert wire._sock.fileno() == -1, "the thread that had the connection closes what was dropped meanwhile"
    assert wire.closed
