"""The fixtures that run one test body in both colours."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager

import pytest

from tests.support import entered, items, maybe
from tests.support.colours import runner


async def test_body_runs_in_a_loop_only_in_the_async_colour(colour: str) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        assert colour == "sync"
    else:
        assert colour == "async"


async def test_body_without_a_colour_runs_in_a_loop() -> None:
    await asyncio.sleep(0)


async def test_both_kinds_of_call_context_and_iteration(colour: str) -> None:
    async def later() -> int:
        return 1

    @asynccontextmanager
    async def waiting():  # type: ignore[no-untyped-def]
        yield 2

    @contextmanager
    def plain():  # type: ignore[no-untyped-def]
        yield 2

    async def stream():  # type: ignore[no-untyped-def]
        yield 3

    assert await maybe(later()) == await maybe(1) == 1
    for manager in (waiting(), plain()):
        async with entered(manager) as value:
            assert value == 2
    assert await items(stream()) == await items([3]) == [3]


def test_waiting_in_the_sync_colour_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="sleep waited in the blocking world"):
        runner("sync").run(asyncio.sleep(0))
