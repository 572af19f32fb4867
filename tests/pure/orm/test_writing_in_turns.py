"""Whose turn it is to write what is pending in a unit of work."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from ferrow.errors import PoolTimeout
from ferrow.orm.unit.turn import Turn
from ferrow.wire.aio.world import AsyncioWorld


def engine(seconds: float = 30) -> Any:
    limits = SimpleNamespace(acquire_timeout=seconds)
    return SimpleNamespace(world=AsyncioWorld(), pool=SimpleNamespace(limits=limits))


def nothing() -> None:
    pass


async def test_a_task_that_was_started_in_one_turn_does_not_have_the_next() -> None:
    turn, next_one = Turn(), asyncio.Event()

    async def look() -> tuple[bool, bool]:
        await next_one.wait()
        return turn.here, turn.elsewhere

    async with turn.of(engine(), nothing):
        assert turn.here
        task = asyncio.create_task(look())
    async with turn.of(engine(), nothing):
        next_one.set()
        assert await task == (False, True)


async def test_who_waits_in_vain_is_told_for_what() -> None:
    turn, answers = Turn(), asyncio.get_running_loop().create_future()

    async def wait() -> None:
        async with turn.of(engine(0.01), nothing):
            pass

    async def write() -> None:
        async with turn.of(engine(), nothing):
            await answers

    writing = asyncio.create_task(write())
    await asyncio.sleep(0)
    with pytest.raises(PoolTimeout, match="still writing for the same session"):
        await wait()
    answers.set_result(None)
    await writing
    await wait()


async def test_a_failure_is_undone_before_the_next_turn() -> None:
    turn, told = Turn(), []

    async def fail() -> None:
        async with turn.of(engine(), lambda: told.append("undone")):
            await asyncio.sleep(0)
            raise KeyError

    async def follow() -> None:
        async with turn.of(engine(), nothing):
            told.append("next")

    await asyncio.gather(fail(), follow(), return_exceptions=True)
    assert told == ["undone", "next"]


async def test_a_request_that_fails_later_keeps_nobody_from_his_turn() -> None:
    turn = Turn()

    def ask(instance: object) -> None:
        raise KeyError(instance)

    with pytest.raises(KeyError):
        async with turn.of(engine(), nothing):
            turn.behind("it", ask)
    async with turn.of(engine(), nothing):
        assert turn.here
