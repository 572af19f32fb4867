"""The pool over real databases: deadlines, dead backends, state left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ferrow.engine import create_engine
from ferrow.errors import (
    CommitUnknown,
    ConnectionLost,
    Error,
    InterfaceError,
    OperationalError,
    PoolClosed,
    PoolTimeout,
)
from tests.support import entered, keyboard, maybe
from tests.support.deadlines import eventually
from tests.support.pool_sessions import SESSIONS, observer

__all__ = ["observer"]

pytestmark = pytest.mark.postgresql


@pytest.fixture
def engine(postgresql_url: str, colour: str, runner: Any) -> Iterator[Any]:
    """An engine with three connections at most."""
    pair = create_engine(postgresql_url, max_size=3, acquire_timeout=10, application_name="ferrow_pool")
    engine = pair.aio if colour == "async" else pair
    yield engine
    runner.run(maybe(engine.close()))


async def borrow(engine: Any, number: int) -> list[Any]:
    return [await maybe(engine.pool.acquire()) for _ in range(number)]


def give_back(engine: Any, slots: list[Any]) -> None:
    for slot in slots:
        engine.pool.release(slot)


async def test_a_wrong_password_is_an_error_of_open_and_not_shown(postgresql_url: str, colour: str) -> None:
    _, _, rest = postgresql_url.partition("@")
    pair = create_engine(f"postgresql://ferrow:wr0ng@{rest}")
    with pytest.raises(OperationalError, match="password") as caught:
        await (pair if colour == "async" else maybe(pair.open()))
    assert "wr0ng" not in str(caught.value)
    assert "wr0ng" not in repr(pair) + repr(pair.pool) + pair.url + repr(pair.settings)


def test_create_engine_does_no_io() -> None:
    engine = create_engine("postgresql://nobody@127.0.0.1:1/nothing")
    assert engine.url == "postgresql://nobody@127.0.0.1:1/nothing"
    assert engine.pool.stats().size == 0


def test_unknown_options_name_the_nearest_one() -> None:
    with pytest.raises(InterfaceError, match=r"'max_sise'.*'max_size'"):
        create_engine("postgresql://h/db", max_sise=3)
    with pytest.raises(InterfaceError, match=r"'aplication_name'.*'application_name'"):
        create_engine("postgresql://h/db", aplication_name="x")
    with pytest.raises(InterfaceError, match=r"'busy_timout'.*'busy_timeout'"):
        create_engine("sqlite::memory:", busy_timout=1)
    with pytest.raises(InterfaceError, match=r"'pool_size' of create_engine; here it is called 'max_size'"):
        create_engine("sqlite::memory:", pool_size=5)
    with pytest.raises(
        InterfaceError, match=r"'echo' of create_engine; here it is called 'trace=ferrow.driver.log_statement'"
    ):
        create_engine("sqlite::memory:", echo=True)


async def test_the_acquire_deadline_is_kept(engine: Any) -> None:
    slots = await borrow(engine, 3)
    start = time.monotonic()
    with pytest.raises(PoolTimeout, match="3 of 3 connections"):
        await maybe(engine.pool.acquire(timeout=0.1))
    assert time.monotonic() - start >= 0.1
    give_back(engine, slots)
    give_back(engine, await borrow(engine, 3))


async def test_a_server_that_does_not_answer_costs_the_deadline_and_no_more(colour: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and says nothing
        pair = create_engine(f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/db", acquire_timeout=0.3)
        start = time.monotonic()
        with pytest.raises(PoolTimeout):
            await maybe((pair.aio if colour == "async" else pair).query("SELECT 1"))
        assert time.monotonic() - start >= 0.3
        assert pair.pool.stats().size == 0


async def test_never_more_sessions_than_max_size(engine: Any, observer: Any) -> None:
    for _ in range(5):
        give_back(engine, await borrow(engine, 3))
    assert len(observer.query(SESSIONS)) == 3


async def test_a_terminated_backend_costs_at_most_one_error(engine: Any, observer: Any) -> None:
    give_back(engine, await borrow(engine, 3))
    observer.query(
        "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE application_name = 'ferrow_pool'"
    )
    await asyncio.sleep(0.05) if "Async" in type(engine).__name__ else time.sleep(0.05)
    errors = 0
    for number in range(10):
        try:
            assert (await maybe(engine.query_one("SELECT $1::int", [number])))[0] == number
        except ConnectionLost:
            errors += 1
    assert errors <= 1
    give_back(engine, await borrow(engine, 3))
    assert len(observer.query(SESSIONS)) == 3


async def test_a_backend_killed_in_a_transaction_is_an_error_and_nothing_goes_elsewhere(
    engine: Any, observer: Any
) -> None:
    observer.script("CREATE TABLE t (n int)")
    with pytest.raises(Error):
        async with entered(engine.transaction()):
            await maybe(engine.execute("INSERT INTO t VALUES (1)"))
            observer.query(
                "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE application_name = 'ferrow_pool'"
            )
            for number in range(3):
                with pytest.raises(Error):
                    await maybe(engine.execute("INSERT INTO t VALUES ($1)", [number]))
    assert observer.query("SELECT * FROM t") == []
    give_back(engine, await borrow(engine, 3))


async def test_a_commit_without_an_answer_is_neither_success_nor_failure(engine: Any, observer: Any) -> None:
    observer.script(
        """
        CREATE TABLE t (n int);
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION die();
        """
    )
    with pytest.raises(CommitUnknown):
        async with entered(engine.transaction()):
            await maybe(engine.execute("INSERT INTO t VALUES (1)"))
    assert (await maybe(engine.query_one("SELECT 1")))[0] == 1


@pytest.mark.parametrize("nested", [False, True])
def test_an_interrupt_from_the_keyboard_leaves_the_pool_whole(postgresql_url: str, observer: Any, nested: bool) -> None:
    observer.script("CREATE TABLE t (n int)")
    with create_engine(postgresql_url, max_size=1, application_name="ferrow_pool") as engine:
        engine.open()
        alarm = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        with keyboard.listening(), pytest.raises(KeyboardInterrupt), engine.transaction():
            alarm.start()
            engine.execute("INSERT INTO t VALUES (1)")
            if nested:
                with engine.transaction():
                    engine.query("SELECT pg_sleep(600)")
            engine.query("SELECT pg_sleep(600)")
        alarm.join()
        assert engine.query("SELECT * FROM t") == []
        assert engine.pool.stats().size == 1


async def test_close_ends_every_session(engine: Any, observer: Any, colour: str) -> None:
    give_back(engine, await borrow(engine, 3))
    await maybe(engine.close())
    await eventually(colour, lambda: observer.query(SESSIONS) == [])
    with pytest.raises(PoolClosed):
        await maybe(engine.query("SELECT 1"))
