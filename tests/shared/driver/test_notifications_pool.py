"""A connection that goes back to its pool listens to nothing any more."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from ferrow import create_engine
from ferrow.errors import (
    InterfaceError,
    NotSupportedError,
)
from tests.support import entered, items, maybe
from tests.support.listening import other, payloads, take

pytestmark = pytest.mark.postgresql


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


async def test_a_handler_of_notices_goes_with_its_borrower(postgresql_url: str, colour: str) -> None:
    engine: Any = create_engine(postgresql_url, max_size=1)
    engine = await engine if colour == "async" else engine
    heard: list[str] = []
    async with entered(engine.connection()) as conn:
        conn.on_notice(lambda notice: heard.append(notice.message))
    async with entered(engine.connection()) as conn:
        await maybe(conn.script("DO $$ BEGIN RAISE NOTICE 'somebody else'; END $$"))
    await maybe(engine.close())
    assert heard == []


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
