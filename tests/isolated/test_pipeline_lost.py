"""Pipelines whose connection, server or caller goes away in the middle."""

from __future__ import annotations

import os
import signal
import struct
import threading
import time
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import CommitUnknown, ConnectionLost, DatabaseError, InterfaceError, OperationalError
from tests.support import entered, maybe
from tests.support.hostile import (
    BOUND,
    EXECUTED,
    NO_PARAMETERS,
    ONE_INT,
    PARSED,
    PREPARED,
    ROW,
    SELECTED,
    message,
    server,
)
from tests.support.proxy import Proxy

IN = message(b"Z", b"T")
BEGUN = PARSED + BOUND + message(b"C", b"BEGIN\x00")


async def connect(colour: str, url: str) -> Any:
    return await driver.connect_async(url) if colour == "async" else driver.connect(url)


async def test_what_was_answered_stays_answered(colour: str, between: Proxy) -> None:
    conn = await connect(colour, between.url)
    pending: list[Any] = []
    with pytest.raises(ConnectionLost):
        async with entered(conn.pipeline()) as pipe:
            pending += [pipe.query_one("SELECT 1") for _ in range(5)]
            await maybe(pipe.sync())
            between.cut()
            pending += [pipe.query_one("SELECT 2") for _ in range(5)]
    assert [await maybe(one.result()) for one in pending[:5]] == [(1,)] * 5
    for one in pending[5:]:
        with pytest.raises(ConnectionLost):
            await maybe(one.result())
    with pytest.raises(InterfaceError):
        async with entered(conn.pipeline()):
            pass
    await maybe(conn.close())


async def test_a_server_that_hangs_up_in_the_middle(colour: str) -> None:
    with server([PREPARED, EXECUTED + EXECUTED + BOUND + ROW]) as url:
        conn = await connect(colour, url)
        pending: list[Any] = []
        with pytest.raises(ConnectionLost):
            async with entered(conn.pipeline()) as pipe:
                pending += [pipe.query_one("SELECT 7") for _ in range(4)]
        assert [await maybe(one.result()) for one in pending[:2]] == [(7,)] * 2
        for one in pending[2:]:
            with pytest.raises(ConnectionLost):
                await maybe(one.result())
        await maybe(conn.close())


async def test_a_commit_without_an_answer_is_unknown(colour: str) -> None:
    prepared = BEGUN + PARSED + NO_PARAMETERS + ONE_INT + IN
    with server([prepared, BOUND + ROW + SELECTED + IN]) as url:
        conn = await connect(colour, url)
        with pytest.raises(CommitUnknown, match="may or may not be committed") as caught:
            async with entered(conn.pipeline()) as pipe:
                async with entered(pipe.transaction()):
                    pending = pipe.query_one("SELECT 7")
        assert isinstance(caught.value.__cause__, ConnectionLost)
        assert await maybe(pending.result()) == (7,)
        await maybe(conn.close())


async def test_a_commit_that_was_never_queued_is_known_to_be_none(colour: str, between: Proxy) -> None:
    conn = await connect(colour, between.url)
    with pytest.raises(ConnectionLost):
        async with entered(conn.pipeline()) as pipe:
            async with entered(pipe.transaction()):
                pipe.query_one("SELECT 1")
                await maybe(pipe.sync())
                between.cut()
                pending = pipe.query_one("SELECT 2")
                with pytest.raises(ConnectionLost):
                    await maybe(pending.result())
                pipe.query_one("SELECT 3")
    await maybe(conn.close())


@pytest.mark.parametrize("early", [IN, BOUND + ROW + SELECTED + IN])
async def test_an_end_before_its_time_is_no_answer(colour: str, early: bytes) -> None:
    """A ReadyForQuery that leaves executions out, whether their Sync was sent or not."""
    prepared = BEGUN + PARSED + message(b"t", struct.pack("!h", 0)) + ONE_INT + IN
    with server([prepared, early]) as url:
        conn = await connect(colour, url)
        pending: list[Any] = []
        with pytest.raises(DatabaseError):
            async with entered(conn.pipeline()) as pipe:
                async with entered(pipe.transaction()):
                    pending += [pipe.query_one("SELECT 7") for _ in range(3)]
        with pytest.raises(DatabaseError):
            await maybe(pending[2].result())
        await maybe(conn.close())


def test_ctrl_c_while_a_pipeline_is_waited_for(postgresql_url: str) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with driver.connect(postgresql_url) as conn:
            conn.script("CREATE TABLE t (a int)")
            start = time.monotonic()
            with pytest.raises(KeyboardInterrupt), conn.pipeline() as pipe, pipe.transaction():
                pipe.execute("INSERT INTO t VALUES (1)")
                slow = pipe.query("SELECT pg_sleep(30)")
                alarm = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
                alarm.start()
                slow.result()
            assert time.monotonic() - start < 15
            with pytest.raises(OperationalError):
                slow.result()
            assert conn.query("SELECT * FROM t") == []
            assert str(conn.status) == "idle"
            with conn.pipeline() as pipe:
                assert pipe.query("SELECT 5").result() == [(5,)]
    finally:
        signal.signal(signal.SIGINT, before)
