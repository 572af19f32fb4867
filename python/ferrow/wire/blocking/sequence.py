"""Pipelines of the blocking SQLite wire: each statement runs when it is queued, for there is nobody to wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.abc import Status
from ferrow.wire.pipelining import Answer, Answers, not_committed

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params
    from ferrow.wire.blocking.sqlite import BlockingSqliteWire


class BlockingSequence:
    """A `WirePipeline`."""

    __slots__ = ("_answers", "_core", "_wire")

    def __init__(self, wire: BlockingSqliteWire) -> None:
        self._wire = wire
        self._core = wire.core
        self._answers = Answers()

    def begin(self, sql: str) -> None:
        self._answers.begins()
        self._do(self._core.script, sql)

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Answer:
        return self._do(self._core.run, sql, params, shape, kinds)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None) -> Answer:
        return self._do(self._core.run_many, sql, rows, shape, kinds)

    def script(self, sql: str) -> Answer:
        if sql in ("COMMIT", "ROLLBACK"):
            return self._settled(self._end, sql)
        return self._do(self._core.script, sql)

    def _end(self, sql: str) -> None:
        cause = self._answers.ends()
        if self._wire.status is Status.IDLE and cause is not None:
            raise not_committed(cause)  # BEGIN itself failed
        if sql == "COMMIT" and cause is None:
            try:
                self._core.script(sql)
            except Exception:
                if self._wire.status is not Status.IDLE:
                    self._core.script("ROLLBACK")  # SQLite keeps a transaction open whose COMMIT failed
                raise
            return
        if self._wire.status is not Status.IDLE:
            self._core.script("ROLLBACK")
        if sql == "COMMIT" and cause is not None:
            raise not_committed(cause)

    def _do(self, function: Callable[..., Any], *arguments: Any) -> Answer:
        refusal = self._answers.refusal()
        if refusal is not None:
            answer = Answer()
            self._answers.settle(answer, None, refusal)
            return answer
        return self._settled(function, *arguments)

    def _settled(self, function: Callable[..., Any], *arguments: Any) -> Answer:
        answer = Answer()
        result, error = None, None
        try:
            result = function(*arguments)
        except Exception as failed:
            error = failed
        self._answers.settle(answer, result, error)
        return answer

    async def wait(self, pending: Answer | None) -> None:
        """Nothing: everything has been answered."""

    def failure(self) -> Answer | None:
        return self._answers.failure()

    async def leave(self) -> None:
        """Nothing is under way."""
