"""A pipeline that reports its statements, each when it has been answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params
    from ferrow.driver.tracing import TracingWire
    from ferrow.wire.pipelining import WirePending, WirePipeline


class TracedPipeline:
    """Stands in for `inner`."""

    __slots__ = ("_begin", "_inner", "_wire")

    def __init__(self, inner: WirePipeline, wire: TracingWire) -> None:
        self._inner = inner
        self._wire = wire
        self._begin: str | None = None

    def begin(self, sql: str) -> None:
        """As `WirePipeline.begin`."""
        self._inner.begin(sql)
        self._begin = sql

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> WirePending:
        """As `WirePipeline.run`."""
        return self._report(sql, params, self._inner.run(sql, params, shape, kinds))

    def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> WirePending:
        """As `WirePipeline.run_many`."""
        return self._report(sql, None, self._inner.run_many(sql, rows, shape, kinds))

    def script(self, sql: str) -> WirePending:
        """As `WirePipeline.script`."""
        if self._begin is not None and sql in ("COMMIT", "ROLLBACK") and self._wire.dialect == "postgresql":
            self._begin = None
            return self._inner.script(sql)  # nothing was sent, and nothing is
        return self._report(sql, None, self._inner.script(sql))

    def _report(self, sql: str, params: Any, pending: WirePending) -> WirePending:
        begin, self._begin = self._begin or self._wire.begun(), None
        pending.wake(Report(self._wire, begin, sql, params, pending))
        return pending

    async def wait(self, pending: WirePending | None, timeout: float | None = None) -> None:
        """As `WirePipeline.wait`."""
        await self._inner.wait(pending, timeout)

    def failure(self) -> WirePending | None:
        """As `WirePipeline.failure`."""
        return self._inner.failure()

    async def leave(self) -> None:
        """As `WirePipeline.leave`."""
        await self._inner.leave()


class Report:
    """Is told of an answer as a future would be."""

    __slots__ = ("_begin", "_params", "_pending", "_sql", "_start", "_wire")

    def __init__(self, wire: TracingWire, begin: str | None, sql: str, params: Any, pending: WirePending) -> None:
        self._wire = wire
        self._begin = begin
        self._sql = sql
        self._params = params
        self._pending = pending
        self._start = perf_counter()

    def done(self) -> bool:
        """Never before it is told."""
        return False

    def set_result(self, value: None) -> None:
        """The answer is there."""
        self._wire.report_begin(self._begin, self._start)
        self._wire.report(self._sql, self._start, self._params, *self._pending.outcome())
