"""`close` while something else has the connection: a statement that runs ends at once, and nobody waits for it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import ConnectionLost, InterfaceError
from tests.support.signalled import signalled

pytestmark = pytest.mark.postgresql

LOCK = "SELECT pg_advisory_lock(15)"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'advisory'"
# For the defect alone, which then fails instead of waiting for ever.
DEADLINE = 60


@contextmanager
def locked(url: str) -> Iterator[Callable[[int], bool]]:
    """`LOCK` waits inside of this block; what is given says whether the server process of that number does."""
    with driver.connect(url) as holder:
        holder.query(LOCK)
        yield lambda pid: bool(holder.query_one(WAITING, [pid])[0])


def outcome(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:
        return error


@pytest.mark.parametrize("timeout", [None, DEADLINE])
def test_by_another_thread(postgresql_url: str, timeout: float | None) -> None:
    with locked(postgresql_url) as waits, ThreadPoolExecutor(2) as threads:
        conn = driver.connect(postgresql_url)
        conn.execute(f"SET lock_timeout = '{DEADLINE}s'")
        pid = conn.info()["backend_pid"]
        running = threads.submit(outcome, lambda: conn.query(LOCK, timeout=timeout))
        while not waits(pid):
            pass
        behind = threads.submit(outcome, lambda: conn.query("SELECT 1", timeout=timeout))
        conn.close()
        assert conn.is_closed()
        assert repr(running.result()) == "ConnectionLost('Connection is closed')"
        assert repr(behind.result()) == "InterfaceError('Connection is closed')"
        conn.close()
        with pytest.raises((InterfaceError, ConnectionLost), match=r"^Connection is closed$"):
            conn.query("SELECT 1")


async def test_by_another_task(postgresql_url: str) -> None:
    with locked(postgresql_url) as waits:
        conn = await driver.connect_async(postgresql_url)
        pid = (await conn.info())["backend_pid"]
        tasks = [asyncio.create_task(conn.query(sql, timeout=DEADLINE)) for sql in (LOCK, "SELECT 1")]
        while not waits(pid):  # noqa: ASYNC110  # it is the server that tells
            await asyncio.sleep(0)
        await conn.close()
        assert conn.is_closed()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert [repr(error) for error in found] == ["ConnectionLost('Connection is closed')"] * 2


class Watched:
    """A lock, or a socket, and what it was asked for."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.waits = threading.Event()
        self.sent: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if blocking:
            self.waits.set()
        return bool(self.inner.acquire(blocking, timeout))

    def send(self, data: bytes, flags: int) -> int:
        self.sent.append(data)
        return int(self.inner.send(data, flags))


def test_a_statement_that_runs_is_not_waited_for(postgresql_url: str) -> None:
    with locked(postgresql_url) as waits, ThreadPoolExecutor(1) as threads:
        conn = driver.connect(postgresql_url)
        pid = conn.info()["backend_pid"]
        running = threads.submit(outcome, lambda: conn.query(LOCK, timeout=DEADLINE))
        while not waits(pid):
            pass
        wire: Any = conn._core.wire
        wire._lock = watched = Watched(wire._lock)
        conn.close()
        assert not watched.waits.is_set()
        assert isinstance(running.result(), ConnectionLost)


def test_who_only_looks_at_what_has_arrived_is_waited_for(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is cut off then: the server gets its goodbye."""
    monkeypatch.setattr("ferrow.wire.blocking.owned._MOMENT", DEADLINE)
    conn = driver.connect(postgresql_url)
    wire: Any = conn._core.wire
    lock, wire._sock = wire._lock, Watched(wire._sock)
    wire._lock = Watched(lock)
    looks = threading.Event()

    def look() -> None:
        with lock:
            looks.set()
            wire._lock.waits.wait(DEADLINE)

    with ThreadPoolExecutor(1) as threads:
        looking = threads.submit(look)
        assert looks.wait(DEADLINE)
        conn.close()
        looking.result()
    (goodbye,) = wire._sock.sent
    assert goodbye == b"X\0\0\0\x04" or goodbye[0] == 23  # over TLS it is in a record of data
    assert conn.is_closed()


def test_by_a_signal_handler(postgresql_url: str) -> None:
    """It comes in the thread that waits for the server: the statement it has interrupted ends."""
    with locked(postgresql_url) as waits:
        conn = driver.connect(postgresql_url)
        pid = conn.info()["backend_pid"]
        with (
            signalled(lambda: waits(pid), conn.close),
            pytest.raises(ConnectionLost, match=r"^Connection is closed$"),
        ):
            conn.query(LOCK, timeout=DEADLINE)
        assert conn.is_closed()


def test_from_inside_of_a_result(postgresql_url: str) -> None:
    conn = driver.connect(postgresql_url)
    conn.set_codec("text", decode=lambda text: conn.close())
    assert conn.query("SELECT 'x'::text") == [(None,)]
    assert conn.is_closed()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_in_a_forked_child_the_parents_goes_on(postgresql_url: str) -> None:
    """The thread that has the connection is not there in the child, and never gives it back."""
    with locked(postgresql_url) as waits, ThreadPoolExecutor(1) as threads:
        conn = driver.connect(postgresql_url)
        pid = conn.info()["backend_pid"]
        sql = "SELECT 7 FROM (SELECT pg_advisory_lock_shared(16), pg_advisory_lock(15)) AS x"
        running = threads.submit(outcome, lambda: conn.query(sql, timeout=DEADLINE))
        while not waits(pid):
            pass
        child = os.fork()
        if not child:
            signal.alarm(DEADLINE)
            conn.close()
            os._exit(0 if conn.is_closed() else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert not running.done()
        assert not conn.is_closed()
        assert waits(pid)
        conn.close()
        assert isinstance(running.result(), ConnectionLost)
