"""Pipelines of the asyncio SQLite wire: the connection's thread does one statement after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from ferrow.errors import InterfaceError
from ferrow.wire.aio.deadline import answered
from ferrow.wire.aio.sqlite_thread import Job
from ferrow.wire.answer import Answer, Answers
from ferrow.wire.deadline import limit
from ferrow.wire.sqlite_steps import Steps

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params
    from ferrow.wire.aio.sqlite import AsyncioSqliteWire
    from ferrow.wire.pipelining import WirePending


class AsyncioSequence:
    """A `WirePipeline`."""

    __slots__ = ("_answers", "_jobs", "_steps", "_wire")

    def __init__(self, wire: AsyncioSqliteWire) -> None:
        self._wire = wire
        self._answers = Answers()
        self._steps = Steps(wire.core)
        self._jobs: dict[Job, Answer] = {}  # the last ones, at least

    def begin(self, sql: str) -> None:
        self._put(self._steps.begin, sql)

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Answer:
        return self._put(self._steps.do, self._wire.core.run, sql, params, shape, kinds)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None) -> Answer:
        # Gone through here: an iterator may not be, in another thread.
        return self._put(self._steps.do, self._wire.core.run_many, sql, [*rows], shape, kinds)

    def script(self, sql: str) -> Answer:
        if sql in ("COMMIT", "ROLLBACK"):
            return self._put(self._steps.end, sql)
        return self._put(self._steps.do, self._wire.core.script, sql)

    def _put(self, function: Callable[..., Any], *arguments: Any) -> Answer:
        answer = Answer(self._answers)
        if len(self._jobs) > 2 * self._answers.missing + 100:
            self._jobs = {job: kept for job, kept in self._jobs.items() if not kept.done()}
        try:
            self._jobs[self._wire.put(function, arguments, answer)] = answer
        except InterfaceError as error:
            answer.set_exception(error)
        return answer

    async def wait(self, pending: WirePending | None, timeout: float | None = None) -> None:
        seconds = limit(timeout, None)
        if pending is None:
            last: WirePending | None = next(reversed(self._jobs.values()), None)
            pending = last
        if pending is not None and not pending.done():
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            pending.wake(future)
            await answered(future, None if seconds is None else monotonic() + seconds, seconds)

    def failure(self) -> Answer | None:
        return self._answers.failure()

    async def leave(self) -> None:
        self._wire.left(job for job, answer in self._jobs.items() if not answer.done())
