"""Pipelines of wires whose protocol has none: what was queued runs one after the other as soon as somebody waits for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ferrow.abc import Status
from ferrow.errors import OperationalError
from ferrow.wire.answer import NOT_COMMITTED, Answer, Answers, aborted

if TYPE_CHECKING:
    from ferrow._core import Kinds, Result, Shape
    from ferrow.abc import Params
    from ferrow.wire.pipelining import WirePending

Step = Callable[[], Coroutine[Any, Any, Any]]


class Running(Protocol):
    """As much of a `Wire` as it takes."""

    @property
    def closed(self) -> bool: ...
    @property
    def status(self) -> Status: ...
    async def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Result: ...
    async def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> Result: ...
    async def begin(self, sql: str, *, guarded: bool) -> None: ...
    async def script(self, sql: str) -> None: ...


class WireSequence:
    """A `WirePipeline`. A transaction that it began is all or nothing."""

    __slots__ = ("_answers", "_block", "_cause", "_queue", "_wire")

    def __init__(self, wire: Running) -> None:
        self._wire = wire
        self._answers = Answers()
        self._queue: deque[tuple[Answer, str, Step]] = deque()
        self._block = False
        self._cause: BaseException | None = None

    def begin(self, sql: str) -> None:
        self._put("begin", lambda: self._wire.begin(sql, guarded=True))

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Answer:
        return self._put("do", lambda: self._wire.run(sql, params, shape, kinds))

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None) -> Answer:
        listed = [*rows]
        return self._put("do", lambda: self._wire.run_many(sql, listed, shape, kinds))

    def script(self, sql: str) -> Answer:
        if sql in ("COMMIT", "ROLLBACK"):
            return self._put(sql, lambda: self._wire.script(sql))
        return self._put("do", lambda: self._wire.script(sql))

    def _put(self, what: str, step: Step) -> Answer:
        answer = Answer(self._answers)
        self._queue.append((answer, what, step))
        return answer

    async def wait(self, pending: WirePending | None, timeout: float | None = None) -> None:
        while self._queue and (pending is None or not pending.done()):
            answer, what, step = self._queue.popleft()
            try:
                answer.set_result(await self._done(what, step))
            except Exception as error:
                answer.set_exception(error)
            except BaseException as error:
                answer.set_exception(error)
                raise

    async def _done(self, what: str, step: Step) -> Any:
        if what == "begin":
            self._block, self._cause = True, None
        elif what in ("COMMIT", "ROLLBACK"):
            cause, self._cause, self._block = self._cause, None, False
            if what == "COMMIT" and cause is not None:
                if not self._wire.closed and self._wire.status is not Status.IDLE:
                    await self._wire.script("ROLLBACK")
                raise OperationalError(NOT_COMMITTED) from cause
        elif self._cause is not None:
            raise aborted(self._cause)
        try:
            return await step()
        except Exception as error:
            if self._block:
                self._cause = error
            raise

    def failure(self) -> Answer | None:
        return self._answers.failure()

    async def leave(self) -> None:
        """What was not sent yet is not sent."""
        self._queue.clear()
