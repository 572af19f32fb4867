"""`execute_batch` beside other tasks, cancelled, and ended by Ctrl-C: nothing of it is left."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import OperationalError, ProgrammingError
from tests.support import keyboard
from tests.support.batches import WRONG, table
from tests.support.numbered import numbers

__all__ = ["table"]

# --- asyncio -------------------------------------------------------------------------------------------------------------


@pytest.mark.only(colour="async")
async def test_neighbours_keep_their_answers(table: Any) -> None:
    conn = table
    answers = await asyncio.gather(
        conn.execute_batch(["INSERT INTO t (n) VALUES (1)", WRONG]),
        conn.query_one("SELECT 41"),
        conn.execute_batch(["INSERT INTO t (n) VALUES (2)", "INSERT INTO t (n) VALUES (3)"]),
        conn.execute_batch(["SELECT 1", "SELECT 1 UNION ALL SELECT 2"]),
        conn.query_one("SELECT count(*) FROM t"),
        return_exceptions=True,
    )
    assert isinstance(answers[0], ProgrammingError)
    assert answers[1:] == [(41,), [1, 1], [1, 2], (2,)]


@pytest.mark.only(colour="async")
async def test_the_loop_goes_on_meanwhile(table: Any) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    await table.execute_batch([f"INSERT INTO t (n) VALUES ({n})" for n in range(5000)])
    counting.cancel()
    assert turns > 2


SLOW = {
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000000) SELECT count(*) FROM c",
    "postgresql": "SELECT pg_sleep(600)",
}


@pytest.mark.only(colour="async")
async def test_a_cancelled_batch_leaves_nothing(table: Any, backend: str) -> None:
    batch = asyncio.create_task(table.execute_batch(["INSERT INTO t (n) VALUES (1)", SLOW[backend], WRONG]))
    await asyncio.sleep(0.05)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    assert await numbers(table) == []
    assert await table.execute_batch(["INSERT INTO t (n) VALUES (2)", "SELECT 1"]) == [1, 1]


# --- Ctrl-C --------------------------------------------------------------------------------------------------------------


@contextmanager
def interrupted_once(under_way: Callable[[], bool]) -> Iterator[None]:
    """Send SIGINT to this process as soon as the block is doing what `under_way` sees."""

    def watch() -> None:
        while not under_way():
            pass
        os.kill(os.getpid(), signal.SIGINT)

    watcher = threading.Thread(target=watch)
    with keyboard.listening(), pytest.raises(KeyboardInterrupt):
        watcher.start()
        try:
            yield
        finally:
            watcher.join()


INSERTS = [f"INSERT INTO t (n) VALUES ({n})" for n in range(300_000)]


@pytest.mark.postgresql
@pytest.mark.parametrize("position", [0, 1000, 150_000, 300_000])
def test_ctrl_c_undoes_a_batch(postgresql_url: str, position: int) -> None:
    """Most of it has not been sent when the server stops to read."""
    with driver.connect(postgresql_url) as conn, driver.connect(postgresql_url) as other:
        conn.script("CREATE TABLE t (n integer PRIMARY KEY)")
        other.query("SELECT pg_advisory_lock(1)")
        waits = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'advisory'"
        pid = conn.info()["backend_pid"]
        batch = [*INSERTS[:position], "SELECT pg_advisory_lock(1)", *INSERTS[position:]]
        with interrupted_once(lambda: other.query_one(waits, [pid])[0] == 1):
            conn.execute_batch(batch)
        assert conn.query_one("SELECT count(*) FROM t") == (0,)
        assert conn.execute_batch(INSERTS[:10]) == [1] * 10


def test_ctrl_c_undoes_a_batch_of_sqlite(sqlite_url: str) -> None:
    """Also between statements none of which takes long."""
    with driver.connect(sqlite_url) as conn, driver.connect(f"{sqlite_url}?busy_timeout=0") as other:
        conn.script("CREATE TABLE t (n integer PRIMARY KEY); CREATE TABLE runs (n integer)")

        def under_way() -> bool:
            try:
                other.script("BEGIN IMMEDIATE; ROLLBACK")
            except driver.OperationalError:
                return True
            return False

        completed = 0
        batch = ["INSERT INTO runs VALUES (1)", "DELETE FROM t", *INSERTS]
        with interrupted_once(under_way):
            while True:  # the watcher sees it sooner or later
                conn.execute_batch(batch)
                completed += 1
        assert conn.query_one("SELECT count(*) FROM runs") == (completed,)
        assert conn.execute_batch(["DELETE FROM t", *INSERTS[:10]])[1:] == [1] * 10


@pytest.mark.postgresql
def test_a_lost_connection_in_a_batch(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn:
        with pytest.raises(OperationalError):
            conn.execute_batch(["SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"])
        assert conn.is_closed()
