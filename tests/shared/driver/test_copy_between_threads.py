"""A blocking connection that threads share, with a COPY of one of them under way."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from ferrow.errors import ConnectionLost, InterfaceError, QueryTimeout
from ferrow.wire.drive import drive
from tests.support.deadlines import eventually
from tests.support.keyboard import listening

pytestmark = [pytest.mark.postgresql, pytest.mark.only(colour="sync")]

CALLS: dict[str, Callable[[Any], Any]] = {
    "query_one": lambda conn: conn.query_one("SELECT 7")[0],
    "with a deadline": lambda conn: conn.query_one("SELECT 7", timeout=60)[0],
    "script": lambda conn: conn.script("SELECT 1") or 7,
    "copy": lambda conn: conn.copy_in("names", [("b",)]) + 6,
    "transaction": lambda conn: [conn.begin().rollback()] and 7,
    "prepare": lambda conn: conn.prepare("SELECT 7") and 7,
}


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def names(pg: Any) -> Any:
    pg.script("CREATE TABLE names (name text)")
    return pg


def stands() -> bool:
    """Whether a thread waits for the end of something."""
    codes = [frame.f_code for frame in sys._current_frames().values()]
    return any(code.co_name == "wait" and code.co_filename.endswith("blocking/event.py") for code in codes)


async def waits(future: Future[Any]) -> None:
    """Until the other thread stands before the COPY."""
    await eventually("sync", lambda: future.done() or stands())
    assert not future.done()


@pytest.mark.parametrize("call", CALLS)
async def test_others_wait_for_its_end(names: Any, other: ThreadPoolExecutor, call: str) -> None:
    asked: list[Future[Any]] = []

    def rows() -> Iterator[tuple[str]]:
        for _ in range(50_000):  # the first of them are asked for before the COPY begins
            yield ("a",)
            if not asked and names.wire._copying is not None:
                asked.append(other.submit(CALLS[call], names))
                drive(waits(asked[0]))
                with pytest.raises(InterfaceError, match="a COPY is under way"):
                    names.query("SELECT 1")  # it would wait for itself

    assert names.copy_in("names", rows()) == 50_000
    assert asked[0].result(60) == 7
    assert names.query_one("SELECT count(*) FROM names")[0] == 50_000 + (call == "copy")


async def test_until_their_deadline(names: Any, other: ThreadPoolExecutor) -> None:
    with names.copy_out(sql="SELECT generate_series(1, 100000)") as out:
        assert out.fetch(1)
        with pytest.raises(QueryTimeout, match="a COPY of another task or thread under way") as raised:
            other.submit(names.query, "SELECT 7", timeout=0.05).result(60)
        assert not raised.value.sent
        with pytest.raises(InterfaceError, match="a COPY is under way"):
            names.query("SELECT 1", timeout=0.05)
        later = other.submit(names.query_one, "SELECT 7")
        await waits(later)
    assert later.result(60)[0] == 7


async def test_who_reads_on_in_another_thread_is_who_would_wait_for_himself(
    names: Any, other: ThreadPoolExecutor
) -> None:
    out = names.copy_out(sql="SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
    out.fetch(1)

    def read_on() -> None:
        while names.wire._copying.thread is not threading.current_thread():
            assert out.fetch(1)
        with pytest.raises(InterfaceError, match="a COPY is under way"):
            names.query("SELECT 1")

    other.submit(read_on).result(60)
    with ThreadPoolExecutor(1) as mine:
        later = mine.submit(names.query_one, "SELECT 7")
        await waits(later)
        out.close()
        assert later.result(60)[0] == 7


@pytest.mark.parametrize("timeout", [None, 60])
async def test_a_thread_that_has_ended_keeps_nobody_waiting(names: Any, timeout: float | None) -> None:
    kept: list[Any] = []
    asked, ends = threading.Event(), threading.Event()

    def begin() -> None:
        out = names.copy_out(sql="SELECT generate_series(1, 100000)")
        out.fetch(1)
        kept.append(out)
        asked.set()
        ends.wait(60)

    with ThreadPoolExecutor(1) as pool:
        thread = threading.Thread(target=begin)
        thread.start()
        asked.wait(60)
        later = pool.submit(names.query, "SELECT 1", timeout=timeout)
        await waits(later)
        ends.set()
        thread.join()
        try:
            with pytest.raises(InterfaceError, match="a COPY is under way"):
                later.result(60)
        finally:
            kept.pop().close()
    assert names.query_one("SELECT 7")[0] == 7


async def test_a_copy_that_is_dropped_is_over(names: Any, other: ThreadPoolExecutor) -> None:
    out = names.copy_out(sql="SELECT generate_series(1, 100000)")
    out.fetch(1)
    later = other.submit(names.query_one, "SELECT 7")
    await waits(later)
    del out
    assert later.result(60)[0] == 7


@pytest.mark.parametrize("how", ["close", "abort"])
async def test_a_connection_that_is_closed_keeps_nobody_waiting(
    names: Any, other: ThreadPoolExecutor, how: str
) -> None:
    out = names.copy_out(sql="SELECT generate_series(1, 100000)")
    out.fetch(1)
    later = other.submit(names.query_one, "SELECT 7")
    await waits(later)
    names.close() if how == "close" else names.wire.abort()
    with pytest.raises((InterfaceError, ConnectionLost)):
        later.result(60)


@pytest.mark.parametrize(
    "begin", [lambda conn: conn.begin(), lambda conn: list(conn.stream("SELECT 1"))], ids=["transaction", "stream"]
)
async def test_who_waits_for_a_copy_and_presses_ctrl_c_does_not_end_it(
    names: Any, other: ThreadPoolExecutor, begin: Callable[[Any], Any]
) -> None:
    begun, goes_on = threading.Event(), threading.Event()
    main = threading.get_ident()

    def copy() -> int:
        with names.copy_out(sql="SELECT generate_series(1, 100000)") as out:
            out.fetch(1)
            begun.set()
            drive(eventually("sync", stands))
            signal.pthread_kill(main, signal.SIGINT)
            goes_on.wait(60)
            return 1 + sum(1 for _ in out)

    with listening():
        copying = other.submit(copy)
        begun.wait(60)
        with pytest.raises(KeyboardInterrupt):
            begin(names)
        goes_on.set()
    assert copying.result(60) == 100_000
    assert names.query_one("SELECT 7")[0] == 7
