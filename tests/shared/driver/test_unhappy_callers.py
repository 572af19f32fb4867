"""Callers that raise while their result is built, leave too early, or take the connection into a circle."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from ferrow import driver
from ferrow._core import Shape, restore_row  # type: ignore[attr-defined]  # for pickle only
from ferrow.wire.blocking.cancelling import Cancellation
from tests.support import keyboard, maybe

TUPLES = Shape.tuples()


class Model:
    pass


@pytest.mark.parametrize(
    "raised", [ValueError, StopIteration, StopAsyncIteration, GeneratorExit, MemoryError, asyncio.CancelledError]
)
async def test_whatever_a_constructor_raises_arrives(conn: Any, raised: type[BaseException]) -> None:
    def construct(**_: Any) -> Any:
        raise raised("sorry")

    shape = Shape.instances(Model, ["a"], build="call", factory=construct)
    # Nothing but StopIteration itself cannot leave a coroutine: PEP 479 makes a RuntimeError of it.
    with pytest.raises(RuntimeError if raised is StopIteration else raised):
        await maybe(conn.run("SELECT 1 AS a", None, shape))
    assert (await maybe(conn.query_one("SELECT 7")))[0] == 7


def test_the_garbage_collector_sees_through_a_result(url: str) -> None:
    with driver.connect(url) as conn:
        result = conn.run("SELECT 1", None, TUPLES)
    model: Any = Model()
    gone = weakref.ref(model)
    model.result = result
    result.rows.append(model)
    del model, result
    gc.collect()
    assert gone() is None


def test_and_through_a_row() -> None:
    model: Any = Model()
    gone = weakref.ref(model)
    model.row = restore_row(("a",), (model,))
    del model
    gc.collect()
    assert gone() is None


@pytest.mark.postgresql
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_and_through_a_request_whose_loop_was_abandoned(postgresql_url: str) -> None:
    def abandon() -> Any:
        loop = asyncio.new_event_loop()

        async def leave() -> Any:
            conn = await driver.connect_async(postgresql_url)
            query = loop.create_task(conn.query("SELECT pg_sleep(1)"))
            await asyncio.sleep(0.01)
            assert not query.done()
            return weakref.ref(conn.wire)

        gone = loop.run_until_complete(leave())
        loop.close()
        return gone

    gone = abandon()
    gc.collect()
    assert gone() is None


# --- PostgreSQL: between the steps of a request -------------------------------------------------------------------------


@pytest.mark.postgresql
async def test_a_statement_cancelled_before_it_was_sent_is_not_sent(postgresql_url: str) -> None:
    conn = await driver.connect_async(postgresql_url)
    await conn.script("CREATE TABLE t (a int)")
    first = asyncio.ensure_future(conn.query("SELECT pg_sleep(0.05)"))  # being prepared: what comes behind it waits
    second = asyncio.ensure_future(conn.query("INSERT INTO t VALUES (1)"))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert (await conn.query_one("SELECT count(*) FROM t"))[0] == 0
    await conn.close()


@pytest.mark.postgresql
async def test_a_statement_cancelled_while_it_is_prepared_is_not_executed(postgresql_url: str) -> None:
    conn = await driver.connect_async(postgresql_url)
    for n in range(100):
        task = asyncio.ensure_future(conn.query(f"SELECT pg_sleep(600), {n}"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await conn.wire.settle(60)
    await conn.close()


@pytest.mark.postgresql
async def test_a_stale_statement_does_not_slip_into_a_transaction_begun_after_it(postgresql_url: str) -> None:
    conn, other = await driver.connect_async(postgresql_url), await driver.connect_async(postgresql_url)
    await conn.script("CREATE TABLE t (a int)")
    insert = "INSERT INTO t VALUES (1) RETURNING *"
    await conn.query(insert)
    await other.script("TRUNCATE t; ALTER TABLE t ADD COLUMN b int")

    async def undone() -> None:
        await conn.wire.script("BEGIN")
        await conn.wire.run("SELECT pg_sleep(0.05)", None, TUPLES)
        await conn.wire.script("ROLLBACK")

    answer, _ = await asyncio.gather(conn.query(insert), undone(), return_exceptions=True)
    kept = (await conn.query_one("SELECT count(*) FROM t"))[0]
    assert kept == (0 if isinstance(answer, BaseException) else 1)
    await conn.close()
    await other.close()


@pytest.mark.postgresql
async def test_a_handler_that_raises_costs_nobody_an_answer(pg: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(unraisable.exc_type))

    def handle(_: dict[str, str]) -> None:
        raise ZeroDivisionError

    pg.wire._session.on_notice = handle
    await maybe(pg.script("DO $$ BEGIN RAISE NOTICE 'hello'; END $$"))
    assert (await maybe(pg.query_one("SELECT 7")))[0] == 7
    assert seen == [ZeroDivisionError]


@pytest.mark.postgresql
async def test_stale_statements_do_not_pile_up_on_the_server(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (a int)"))
    select = "SELECT * FROM t"
    for n in range(4):
        await maybe(pg.query(select))
        await maybe(pg.script(f"BEGIN; ALTER TABLE t ADD COLUMN b{n} int"))
        await maybe(pg.query(select))  # prepared anew, and of no use after the end
        await maybe(pg.script("ROLLBACK"))
    sql = "SELECT count(*) FROM pg_prepared_statements WHERE statement = $1"
    assert (await maybe(pg.query_one(sql, [select])))[0] <= 1


# --- Ctrl-C -------------------------------------------------------------------------------------------------------------


def interrupted(work: Callable[[], object], *delays: float, when: Callable[[], object] = lambda: True) -> None:
    """Send this process SIGINT while it does something, after the delays (seconds), one after the other.

    Args:
        when: has to be true before the first one.
    """
    begun, over = threading.Event(), threading.Event()

    def send() -> None:
        begun.wait()
        while not when():
            pass
        for delay in delays:
            time.sleep(delay)
            os.kill(os.getpid(), signal.SIGINT)
        over.set()

    sender = threading.Thread(target=send)
    sender.start()
    with keyboard.listening(), pytest.raises(KeyboardInterrupt):
        try:
            begun.set()
            work()
        finally:
            _outlast(over)
    sender.join()


def _outlast(over: threading.Event) -> None:
    """Take all that is sent: what came later would end the test run. (Before Python 3.13 a join() that is interrupted takes the thread for ended.)"""
    late: KeyboardInterrupt | None = None
    while not over.is_set():
        try:
            over.wait()
        except KeyboardInterrupt as error:
            late = error
    if late is not None:
        raise late


ENDLESS = {
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c",
    "postgresql": "SELECT pg_sleep(600)",
}


def test_no_ctrl_c_comes_after_its_test() -> None:
    interrupted(lambda: None, 0.01, 0.01)
    time.sleep(0.1)


def test_ctrl_c_ends_a_statement_at_once(url: str, backend: str) -> None:
    conn = driver.connect(url)
    with conn.begin() as tx:
        interrupted(lambda: conn.query(ENDLESS[backend]), 0.1)
        tx.rollback()
    assert conn.query_one("SELECT 7")[0] == 7
    conn.close()


def test_ctrl_c_ends_the_wait_for_a_lock(sqlite_url: str) -> None:
    holder, conn = driver.connect(sqlite_url), driver.connect(sqlite_url, busy_timeout=3600)
    holder.script("CREATE TABLE t (a int); BEGIN IMMEDIATE")
    interrupted(lambda: conn.execute("INSERT INTO t VALUES (1)"), 0.1)
    holder.script("ROLLBACK")
    assert conn.execute("INSERT INTO t VALUES (1)") == 1
    holder.close()
    conn.close()


WAITS = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'advisory'"


@pytest.mark.postgresql
@pytest.mark.parametrize("size", [0, 1 << 24], ids=["that has been sent", "too large to be sent while nobody reads it"])
def test_a_signal_that_interrupts_no_system_call_ends_a_statement_too(postgresql_url: str, size: int) -> None:
    """As it may come a moment before the wait begins; here another thread is given it."""
    with driver.connect(postgresql_url) as conn, driver.connect(postgresql_url) as other:
        pid = conn.info()["backend_pid"]
        other.query("SELECT pg_advisory_lock(1)")

        def send() -> None:
            while not other.query_one(WAITS, [pid])[0]:
                pass
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)

        sender = threading.Thread(target=send)
        with keyboard.listening(), pytest.raises(KeyboardInterrupt):
            sender.start()
            try:
                conn.execute_batch(["SELECT pg_advisory_lock(1)", f"SELECT '{'a' * size}'"])
            finally:
                sender.join()
        assert conn.query_one("SELECT 7")[0] == 7


@pytest.mark.postgresql
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # for a socket being opened meanwhile
@pytest.mark.parametrize("second", [0.0, 0.0001, 0.0003, 0.001, 0.003])
def test_after_two_ctrl_c_the_next_answer_is_that_of_the_next_question(postgresql_url: str, second: float) -> None:
    conn = driver.connect(postgresql_url)
    interrupted(lambda: conn.query("SELECT pg_sleep(0.4), 'old'"), 0.1, second)
    if not conn.is_closed():
        assert conn.query_one("SELECT 'new'")[0] == "new"
    conn.close()
    gc.collect()  # here, where it is expected, not in a later test


@pytest.mark.postgresql
def test_what_an_interrupt_left_under_way_is_not_answered_to_the_next_caller(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with driver.connect(postgresql_url) as conn, driver.connect(postgresql_url) as other:
        wire: Any = conn.wire
        pid = conn.info()["backend_pid"]
        other.query("SELECT pg_advisory_lock(1)")
        monkeypatch.setattr(Cancellation, "end", lambda *arguments: None)  # as if it had been interrupted too
        old = "SELECT 'old' FROM pg_advisory_lock(1)"
        interrupted(lambda: conn.query(old), 0, when=lambda: other.query_one(WAITS, [pid])[0])
        assert wire.busy
        later = threading.Timer(0.1, other.query, ["SELECT pg_advisory_unlock(1)"])
        later.start()
        assert conn.query_one("SELECT 'new'")[0] == "new"
        later.join()
