"""What runs beside a test: in another thread, or in another task."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tests.support.colours import runner

DEADLINE = 60
"""Seconds for a defect alone, which then fails instead of waiting for ever."""

Work = Callable[[], Coroutine[Any, Any, Any]]
Started = Callable[[], Awaitable[Any]]
"""Waits for what was begun; gives what it returned, or the exception that it raised."""


async def outcome(work: Work) -> Any:
    try:
        return await work()
    except Exception as error:
        return error


@contextmanager
def elsewhere(colour: str, most: int = 4) -> Iterator[Callable[[Work], Started]]:
    """What is given begins a test body, which is an `async def` in both colours."""
    if colour == "async":

        def begin_task(work: Work) -> Started:
            task = asyncio.create_task(outcome(work))
            return lambda: asyncio.wait_for(task, DEADLINE)

        yield begin_task
        return

    def begin(work: Work) -> Started:
        future = threads.submit(lambda: runner("sync").run(outcome(work)))

        async def ended() -> Any:
            return future.result(DEADLINE)

        return ended

    threads = ThreadPoolExecutor(most)
    yield begin
    threads.shutdown(wait=False)
