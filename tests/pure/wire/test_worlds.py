"""The two ways of waiting keep the same promises."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ferrow.wire.aio import ASYNCIO
from ferrow.wire.blocking import BLOCKING
from ferrow.wire.drive import drive, drive_iter

WORLDS = {"blocking": (BLOCKING, drive), "asyncio": (ASYNCIO, asyncio.run)}


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> Any:
    return WORLDS[request.param]


def test_a_waiter_that_was_set_does_not_wait(world: Any) -> None:
    async def body() -> None:
        waiter = world[0].waiter()
        waiter.set()
        waiter.set()
        assert await waiter.wait(None)
        assert await waiter.wait(5)

    world[1](body())


def test_a_waiter_times_out(world: Any) -> None:
    async def body() -> None:
        waiter = world[0].waiter()
        assert not await waiter.wait(0.01)

    world[1](body())


def test_finish_gives_the_result_and_the_error(world: Any) -> None:
    async def value() -> int:
        return 5

    async def error() -> int:
        raise ValueError("x")

    async def body() -> None:
        assert await world[0].finish(value()) == 5
        with pytest.raises(ValueError, match="x"):
            await world[0].finish(error())

    world[1](body())


def test_threads_signal_each_other() -> None:
    waiter = BLOCKING.waiter()
    threading.Timer(0.02, waiter.set).start()
    assert drive(waiter.wait(10))


def test_finish_outlives_several_cancellations() -> None:
    async def main() -> None:
        ended = []
        go = asyncio.Event()

        async def work() -> None:
            await go.wait()
            ended.append(True)

        task = asyncio.create_task(ASYNCIO.finish(work()))
        for _ in range(3):
            await asyncio.sleep(0.01)
            task.cancel()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == [True]

    asyncio.run(main())


def test_spawned_work_is_kept_alive_and_its_errors_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async def work() -> None:
            await asyncio.sleep(0)
            raise ValueError("lost?")

        ASYNCIO.spawn(work())
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert "lost?" in caplog.text


def test_drive_refuses_what_waits_elsewhere() -> None:
    async def elsewhere() -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="elsewhere waited in the blocking world"):
        drive(elsewhere())


def test_drive_iter_closes_what_it_leaves() -> None:
    closed = []

    async def numbers() -> AsyncIterator[int]:
        try:
            for n in range(5):
                yield n
        finally:
            closed.append(True)

    assert list(drive_iter(numbers())) == [0, 1, 2, 3, 4]
    iterator = drive_iter(numbers())
    assert next(iterator) == 0
    iterator.close()  # type: ignore[attr-defined]
    assert closed == [True, True]


def test_now_is_monotonic_seconds() -> None:
    for world in (BLOCKING, ASYNCIO):
        assert abs(world.now() - time.monotonic()) < 1
