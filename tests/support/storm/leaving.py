"""The ways in which a caller leaves, at any moment of what it does."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass
class Action:
    """Something to do, and how long it takes when nobody leaves."""

    run: Callable[[], Coroutine[Any, Any, None]]
    chance: random.Random
    seconds: float = 0.02

    async def measured(self) -> None:
        """Leave it alone, and remember how long it took: who looks only at what was not left in time sees the quick ones."""
        begun = time.perf_counter()
        await self.run()
        self.seconds += (time.perf_counter() - begun - self.seconds) / 3

    async def moment(self) -> None:
        """Wait until some moment of it."""
        match self.chance.randrange(8):
            case 0:
                pass  # before it has begun
            case 1 | 2:
                for _ in range(self.chance.randint(1, 12)):
                    await asyncio.sleep(0)
            case _:
                await asyncio.sleep(self.chance.uniform(0, 1.3) * self.seconds)

    async def again(self) -> None:
        """Wait until some moment of its end."""
        match self.chance.randrange(4):
            case 0:
                pass
            case 1:
                for _ in range(self.chance.randint(1, 6)):
                    await asyncio.sleep(0)
            case _:
                await asyncio.sleep(self.chance.random() ** 2 * 0.003)


async def cancelled(action: Action) -> bool:
    """One to three cancellations; whether it was cancelled before it was done."""
    task = asyncio.ensure_future(action.run())
    await action.moment()
    task.cancel()
    for _ in range(action.chance.choice([0, 0, 1, 1, 2])):
        await action.again()
        task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return True
    return False


async def out_of_time(action: Action) -> bool:
    """asyncio's own deadline."""
    limit = asyncio.timeout(action.chance.uniform(0, 1.3) * action.seconds)
    try:
        async with limit:
            await action.run()
    except TimeoutError:
        return True
    return False


async def deserted(action: Action) -> bool:
    """Another task of the group fails."""
    failed = RuntimeError("of another task")
    done = False

    async def fail() -> None:
        await action.moment()
        raise failed

    async def work() -> None:
        nonlocal done
        await action.run()
        done = True

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(work())
            group.create_task(fail())
    except ExceptionGroup as errors:
        if others := [error for error in errors.exceptions if error is not failed]:
            raise others[0] from None
    return not done


async def never(action: Action) -> bool:
    """Not at all."""
    await action.measured()
    return False


WAYS: list[Callable[[Action], Awaitable[bool]]] = [
    cancelled, cancelled, cancelled, cancelled, out_of_time, deserted, never, never,
]  # fmt: skip
