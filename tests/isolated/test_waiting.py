"""Waiting for notifications without a loop: signals end it, and other threads go on."""

from __future__ import annotations

import signal
import threading
from typing import Any

import pytest

from ferrow import driver

pytestmark = pytest.mark.postgresql


class Interrupted(Exception):
    """What the signal handler of a test raises: as KeyboardInterrupt, but pytest goes on."""


@pytest.fixture
def interrupt() -> Any:
    """Once started, raises `Interrupted` in this thread, out of what it waits in."""

    def handler(number: int, frame: Any) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGUSR1, handler)
    stop = threading.Event()

    def send(main: int) -> None:
        stop.wait(0.1)
        signal.pthread_kill(main, signal.SIGUSR1)

    thread = threading.Thread(target=send, args=(threading.get_ident(),))
    yield thread.start
    stop.set()
    thread.join(20)
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("timeout", [None, 50])
def test_a_signal_ends_the_wait_and_nothing_else(postgresql_url: str, interrupt: Any, timeout: float | None) -> None:
    with driver.connect(postgresql_url) as conn:
        conn.listen("jobs")
        with pytest.raises(Interrupted):
            interrupt()
            next(conn.notifications(timeout))
        conn.notify("jobs", "1")
        assert conn.query_one("SELECT 1")[0] == 1
        assert [each.payload for each in conn.notifications(0)] == ["1"]


def test_a_signal_ends_the_wait_of_a_listener(postgresql_url: str, interrupt: Any) -> None:
    with driver.Listener(postgresql_url, "jobs") as listener, driver.connect(postgresql_url) as sender:
        with pytest.raises(Interrupted):
            interrupt()
            next(listener)
        sender.notify("jobs", "1")
        event = next(listener)
        assert isinstance(event, driver.Notification)


def test_other_threads_run_while_one_waits(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn, driver.connect(postgresql_url) as other:
        conn.listen("jobs")
        other.listen("jobs")
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.append(next(other.notifications(50)).payload))
        thread.start()
        assert sum(range(1000)) == 499_500  # the wait holds neither the GIL
        assert other.query_one("SELECT 1")[0] == 1  # nor its connection
        conn.notify("jobs", "1")
        thread.join(50)
        assert found == ["1"]


def test_a_cursor_waits_for_the_statement_of_another_thread(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn, driver.connect(postgresql_url) as holder:
        holder.query("SELECT pg_advisory_lock(1)")
        other = threading.Thread(target=conn.query, args=("SELECT pg_advisory_lock(1)",))
        other.start()
        while not conn.wire.busy:
            pass
        assert conn.wire.idle is None
        assert repr(conn.wire).endswith(" busy")
        later = threading.Timer(0.2, holder.query, ["SELECT pg_advisory_unlock(1)"])
        later.start()
        with conn.stream("SELECT 42") as rows:
            assert [row[0] for row in rows] == [42]
        other.join()
        later.join()
