"""Leaving at every point at which a coroutine waits, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any

HOW = ("begins", "a turn later", "answered")
"""When at a point: as the wait begins, a turn of the loop later, and when what is waited for has come but is not taken yet."""


class Interrupted:
    """Awaits `work`, and cancels its own task at the points of waiting from number `at` on, `times` of them."""

    def __init__(self, work: Coroutine[Any, Any, Any], at: int, how: str, times: int) -> None:
        self.points = 0
        """How many there were."""
        self._work = work
        self._numbers = range(at, at + times)
        self._how = how

    def __await__(self) -> Generator[Any, Any, Any]:
        task = asyncio.current_task()
        assert task is not None
        inner = self._work.__await__()
        resume: Callable[[], Any] = partial(next, inner)
        while True:
            try:
                waits = resume()
            except StopIteration as stop:
                return stop.value
            self.points += 1
            if self.points in self._numbers:
                self._cancel(task, waits)
            try:
                yield waits
                resume = partial(next, inner)
            except BaseException as error:
                resume = partial(inner.throw, error)

    def _cancel(self, task: asyncio.Task[Any], waits: Any) -> None:
        if self._how == "begins":
            task.cancel()  # takes effect when it waits
        elif self._how == "answered" and waits is not None:
            waits.add_done_callback(lambda _: task.cancel())  # before the task itself is told
        else:
            asyncio.get_running_loop().call_soon(task.cancel)


async def step(work: Callable[[], Coroutine[Any, Any, Any]], at: int, how: str, times: int) -> bool:
    """Do it, leaving at that point; whether it has one. Raises what the work raises."""
    interrupted = Interrupted(work(), at, how, times)

    async def run() -> None:
        await interrupted

    task = asyncio.create_task(run())
    await asyncio.wait((task,))
    if not task.cancelled():
        task.result()
    return interrupted.points >= at
