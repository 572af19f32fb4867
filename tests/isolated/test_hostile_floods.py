"""Servers that do not stop talking: the deadline holds, the event loop goes on, and nothing piles up."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ferrow import driver
from ferrow.driver import Shape
from ferrow.errors import Error
from ferrow.wire.deadline import SETTLE
from tests.support import maybe
from tests.support.hostility.floods import FLOODS
from tests.support.hostility.heart import Heart, heartbeat, resident
from tests.support.hostility.opponent import Opponent, opponent

GAP = 0.020  # seconds between two turns of an event loop
ATTEMPTS = 10  # to see one: the processor's time too is longer on a busy machine, whose caches others use
GROWTH = 64 * 2**20  # bytes
DEADLINE = 0.3  # seconds
ANSWERS = {"longest_notice"}  # the others are no answer, or an error
COLLECTED = {"rows", "empty_rows"}  # the caller has asked for all rows, and gets them while it waits
PIPELINED = ["notices", "least_notices", "notifications", "errors"]
HANG_UP = 10.0  # seconds, of which all beyond the deadline are a busy machine's


@pytest.fixture(scope="module")
def server() -> Iterator[Opponent]:
    with opponent() as found:
        yield found


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Notices are logged; what a log costs is not the subject."""
    logger = logging.getLogger("ferrow.notices")
    logger.setLevel(logging.CRITICAL)
    gc.collect()
    gc.freeze()  # what the other tests have left is not looked through while these run
    yield
    gc.unfreeze()
    logger.setLevel(logging.NOTSET)


async def bombarded(url: str, name: str) -> tuple[Heart, Any]:
    """How the loop fared, and the answer or error."""
    conn = None
    async with heartbeat() as heart:
        try:
            conn = await driver.connect_async(url)
            if name.startswith("idle"):
                await asyncio.sleep(DEADLINE)
            async with asyncio.timeout(DEADLINE):
                outcome: Any = await conn.query("SELECT a")
        except (Error, TimeoutError) as error:
            outcome = error
        if name in COLLECTED:
            before = resident()
            await asyncio.sleep(DEADLINE)
            assert resident() - before < GROWTH  # nobody waits for what still comes
        if conn is not None and not conn.is_closed():
            conn.wire.abort()
        await asyncio.sleep(0.05)
    return heart, outcome


def on_a_loop(server: Opponent, name: str, loop_factory: Any) -> None:
    url = server.url("flood", database=name).replace("connect_timeout=10", f"connect_timeout={DEADLINE}")
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(bombarded(server.url("flood", database="error_of_1_gb"), "error_of_1_gb"))  # the first one imports
        for _ in range(ATTEMPTS):
            begun = time.monotonic()
            heart, outcome = runner.run(bombarded(url, name))
            if heart.busy < GAP:
                break
    assert time.monotonic() - begun < HANG_UP
    assert isinstance(outcome, list if name in ANSWERS else Exception), outcome
    assert heart.grown < GROWTH or name in COLLECTED, heart
    assert heart.busy < GAP, heart


@pytest.mark.parametrize("name", list(FLOODS))
def test_on_an_event_loop(server: Opponent, name: str) -> None:
    on_a_loop(server, name, None)


@pytest.mark.parametrize("name", list(FLOODS))
def test_on_uvloop(server: Opponent, name: str) -> None:
    uvloop = pytest.importorskip("uvloop")
    on_a_loop(server, name, uvloop.new_event_loop)


@contextlib.contextmanager
def grown() -> Iterator[list[int]]:
    """The most that this process has grown by meanwhile, in bytes."""
    most = [0]
    begin = resident()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.002):
            most[0] = max(most[0], resident() - begin)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("name", [name for name in FLOODS if name not in COLLECTED])
def test_in_a_thread(server: Opponent, name: str) -> None:
    url = server.url("flood", database=name).replace("connect_timeout=10", f"connect_timeout={DEADLINE}")
    begun = time.monotonic()
    outcome: Any = None
    with grown() as most:
        try:
            conn = driver.connect(url)
            wire: Any = conn.wire
            try:
                outcome = wire._session.run_blocking("SELECT a", None, Shape.tuples(), DEADLINE)
            finally:
                wire.abort()
        except Error as error:
            outcome = error
    assert time.monotonic() - begun < HANG_UP
    assert isinstance(outcome, Exception) != (name in ANSWERS), outcome
    assert most[0] < GROWTH


async def flooded_pipeline(url: str) -> tuple[Heart, list[Any]]:
    """How the loop fared, and the outcomes of the statements."""
    conn = None
    pending: list[Any] = []
    async with heartbeat() as heart:
        try:
            conn = await driver.connect_async(url)
            async with asyncio.timeout(DEADLINE):
                async with conn.pipeline() as pipe:
                    pending = [pipe.query("SELECT a") for _ in range(20)]
        except (Error, TimeoutError):
            pass
        if conn is not None:
            conn.wire.abort()
        await asyncio.sleep(0.05)
    outcomes = await asyncio.gather(*(one.result() for one in pending), return_exceptions=True)
    return heart, outcomes


@pytest.mark.parametrize("name", PIPELINED)
def test_a_pipeline_on_an_event_loop(server: Opponent, name: str) -> None:
    for _ in range(ATTEMPTS):
        begun = time.monotonic()
        heart, outcomes = asyncio.run(flooded_pipeline(server.url("flood", database=name)))
        if heart.busy < GAP:
            break
    assert time.monotonic() - begun < HANG_UP
    assert len(outcomes) == 20
    assert all(isinstance(outcome, Exception) for outcome in outcomes), outcomes
    assert heart.grown < GROWTH, heart
    assert heart.busy < GAP, heart


@pytest.mark.parametrize("name", PIPELINED)
def test_a_pipeline_in_a_thread(server: Opponent, name: str) -> None:
    conn = driver.connect(server.url("flood", database=name))
    begun = time.monotonic()
    with grown() as most:
        with pytest.raises(Error), conn.pipeline() as pipe:
            for _ in range(20):
                pipe.query("SELECT a")
            try:
                pipe.sync(timeout=DEADLINE)
            finally:
                conn.wire.abort()  # leaving the block waits without a limit
    assert time.monotonic() - begun < HANG_UP
    assert most[0] < GROWTH


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", [*PIPELINED, "rows"])
def test_in_a_thread_while_the_statement_is_cancelled(server: Opponent, name: str) -> None:
    """The caller is free at its deadline; who cancels for it reads what still comes, gives up, and has kept none of it."""
    conn = driver.connect(server.url("flood", database=name))
    begun = time.monotonic()
    with pytest.raises(Error):
        conn.query("SELECT a", timeout=DEADLINE)
    assert time.monotonic() - begun < SETTLE
    with grown() as most:
        while not conn.is_closed() and time.monotonic() - begun < HANG_UP + SETTLE:
            time.sleep(0.05)
    assert conn.is_closed()
    assert most[0] < GROWTH


async def test_every_notice_is_passed_on_before_the_answer(server: Opponent, colour: str) -> None:
    """However many, and in their order: what a turn of the loop has no time for is not lost."""
    url = server.url("flood", database="counted_notices")
    conn = await driver.connect_async(url) if colour == "async" else driver.connect(url)
    heard: list[str] = []
    conn.on_notice(lambda notice: heard.append(notice.message))
    assert len(await maybe(conn.query("SELECT a"))) == 1
    assert heard == [str(number) for number in range(20_000)]
    assert not conn.is_closed()
    await maybe(conn.close())


def test_looking_after_an_idle_connection_ends(server: Opponent) -> None:
    """As a pool does before it lends one."""
    conn = driver.connect(server.url("flood", database="late_notices"))
    time.sleep(0.2)
    begun = time.monotonic()
    assert conn.wire.probe()
    assert time.monotonic() - begun < HANG_UP
    conn.wire.abort()
