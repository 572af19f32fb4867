"""Pipelines of the blocking SQLite wire: each statement runs when it is queued."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.wire.answer import Answer, Answers
from ferrow.wire.sqlite_steps import Steps

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape, SqliteConnection
    from ferrow.abc import Params
    from ferrow.wire.pipelining import WirePending


class BlockingSequence:
    """A `WirePipeline`."""

    __slots__ = ("_answers", "_core", "_steps")

    def __init__(self, core: SqliteConnection) -> None:
        self._core = core
        self._answers = Answers()
        self._steps = Steps(core)

    def begin(self, sql: str) -> None:
        self._put(self._steps.begin, sql)

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> Answer:
        return self._put(self._steps.do, self._core.run, sql, params, shape, kinds)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None) -> Answer:
        return self._put(self._steps.do, self._core.run_many, sql, rows, shape, kinds)

    def script(self, sql: str) -> Answer:
        if sql in ("COMMIT", "ROLLBACK"):
            return self._put(self._steps.end, sql)
        return self._put(self._steps.do, self._core.script, sql)

    def _put(self, function: Callable[..., Any], *arguments: Any) -> Answer:
        answer = Answer(self._answers)
        try:
            answer.set_result(function(*arguments))
        except Exception as error:
            answer.set_exception(error)
        return answer

    async def wait(self, pending: WirePending | None, timeout: float | None = None) -> None:
        """Nothing: everything has been answered."""

    def failure(self) -> Answer | None:
        return self._answers.failure()

    async def leave(self) -> None:
        """Nothing is under way."""
