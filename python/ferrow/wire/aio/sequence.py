"""Pipelines of the asyncio SQLite wire: a task that runs one statement after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.errors import OperationalError
from ferrow.wire.pipelining import LEFT, Answer, Answers, not_committed

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params
    from ferrow.wire.aio.sqlite import AsyncioSqliteWire


class AsyncioSequence:
    """A `WirePipeline`."""

    __slots__ = ("_answers", "_queue", "_task", "_wire")

    def __init__(self, wire: AsyncioSqliteWire) -> None:
        self._wire = wire
        self._answers = Answers()
        self._queue: deque[tuple[Answer, Callable[[], Coroutine[Any, Any, Any]]]] = deque()
        self._task: asyncio.Task[None] | None = None

    def begin(self, sql: str) -> None:
        self._put(lambda: self._begin(sql))

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Answer:
        return self._put(lambda: self._wire.run(sql, params, shape, kinds))

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None) -> Answer:
        rows = [*rows]  # an iterator may have gone on by then
        return self._put(lambda: self._wire.run_many(sql, rows, shape, kinds))

    def script(self, sql: str) -> Answer:
        if sql in ("COMMIT", "ROLLBACK"):
            return self._put(lambda: self._end(sql))
        return self._put(lambda: self._wire.script(sql))

    def _put(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Answer:
        answer = Answer()
        self._queue.append((answer, work))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work())
        return answer

    async def _begin(self, sql: str) -> None:
        self._answers.begins()
        await self._wire.script(sql)

    async def _end(self, sql: str) -> None:
        cause = self._answers.ends()
        if self._wire.status is Status.IDLE and cause is not None:
            raise not_committed(cause)  # BEGIN itself failed
        if sql == "COMMIT" and cause is None:
            try:
                await self._wire.script(sql)
            except Exception:
                if self._wire.status is not Status.IDLE:
                    await self._wire.script("ROLLBACK")  # SQLite keeps a transaction open whose COMMIT failed
                raise
            return
        if self._wire.status is not Status.IDLE:
            await self._wire.script("ROLLBACK")
        if sql == "COMMIT" and cause is not None:
            raise not_committed(cause)

    async def _work(self) -> None:
        answers, queue = self._answers, self._queue
        try:
            while queue:
                answer, work = queue[0]
                result, error = None, None
                try:
                    result = await self._one(work)
                except Exception as failed:
                    error = failed
                del queue[0]
                answers.settle(answer, result, error)
        finally:
            self._task = None
            while queue:  # cancelled
                answers.settle(queue.popleft()[0], None, OperationalError(LEFT))

    async def _one(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        coro = work()
        refusal = None if coro.__name__ == "_end" else self._answers.refusal()
        if refusal is not None:
            coro.close()
            raise refusal
        return await coro

    async def wait(self, pending: Answer | None) -> None:
        if pending is None:
            pending = self._queue[-1][0] if self._queue else None
        while pending is not None and not pending.done():
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            pending.wake(future)
            await future

    def failure(self) -> Answer | None:
        return self._answers.failure()

    async def leave(self) -> None:
        if self._task is not None:
            self._task.cancel()  # which interrupts the statement
