"""A pipeline of a borrowed connection: it ends with the borrowing, like the connection itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow._core import Kinds, Shape
    from ferrow.abc import Params
    from ferrow.engine.borrowed import BorrowedWire
    from ferrow.wire.pipelining import WirePending, WirePipeline


class BorrowedPipeline:
    """Stands in for `inner`, and notes when a statement may have changed the session, as the `BorrowedWire` does."""

    __slots__ = ("_inner", "_borrowed")

    def __init__(self, borrowed: BorrowedWire, inner: WirePipeline) -> None:
        self._borrowed = borrowed
        self._inner = inner

    def begin(self, sql: str) -> None:
        """As `WirePipeline.begin`."""
        self._borrowed.check()
        self._inner.begin(sql)

    def run(self, sql: str, params: Params, shape: Shape, kinds: Kinds | None = None) -> WirePending:
        """As `WirePipeline.run`."""
        self._note(sql)
        return self._inner.run(sql, params, shape, kinds)

    def run_many(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, kinds: Kinds | None = None
    ) -> WirePending:
        """As `WirePipeline.run_many`."""
        self._note(sql)
        return self._inner.run_many(sql, rows, shape, kinds)

    def script(self, sql: str) -> WirePending:
        """As `WirePipeline.script`."""
        self._note(sql)
        return self._inner.script(sql)

    def _note(self, sql: str) -> None:
        self._borrowed.asked(sql)

    async def wait(self, pending: WirePending | None, timeout: float | None = None) -> None:
        """As `WirePipeline.wait`."""
        await self._inner.wait(pending, timeout)

    def failure(self) -> WirePending | None:
        """As `WirePipeline.failure`."""
        return self._inner.failure()

    async def leave(self) -> None:
        """As `WirePipeline.leave`; once given back, the pool has done so."""
        if not self._borrowed.over:
            await self._inner.leave()
