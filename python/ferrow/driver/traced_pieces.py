"""Streams and COPY, traced: reported once, when they end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from ferrow.abc import WireCopyIn, WireCopyOut, WireCursor

if TYPE_CHECKING:
    from ferrow._core import CopyEncoder, Result
    from ferrow.abc.pieces import Data, Portal
    from ferrow.driver.tracing import TracingWire

T = TypeVar("T")


class _Pieces(Generic[T]):
    """Reports once: at the end, at the first error, or when it is closed early."""

    __slots__ = ("_inner", "_params", "_sql", "_start", "_reported", "_wire")

    def __init__(self, inner: T, wire: TracingWire, sql: str, start: float, params: Any) -> None:
        self._inner = inner
        self._wire = wire
        self._sql = sql
        self._start = start
        self._params = params
        self._reported = False

    def _over(self, rowcount: int, error: BaseException | None = None) -> None:
        if not self._reported:
            self._reported = True
            self._wire.report(self._sql, self._start, self._params, rowcount, error)


class TracedCursor(_Pieces[WireCursor]):
    """A stream; if it is closed early, the row count is that of the rows fetched."""

    __slots__ = ("_count",)

    def __init__(self, inner: WireCursor, *call: Any) -> None:
        super().__init__(inner, *call)
        self._count = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """As `WireCursor.columns`."""
        return self._inner.columns

    @property
    def opened(self) -> Result:
        """As `Portal.opened`."""
        return cast("Portal", self._inner).opened

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        """As `WireCursor.fetch`."""
        try:
            rows, last = await self._inner.fetch(limit)
        except BaseException as error:
            self._over(-1, error)
            raise
        self._count += len(rows)
        if last:
            self._over(self._count)
        return rows, last

    async def close(self) -> None:
        """As `WireCursor.close`."""
        self._over(self._count)
        await self._inner.close()


class TracedCopyIn(_Pieces[WireCopyIn]):
    """A COPY into a table."""

    __slots__ = ()

    @property
    def described(self) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
        """As `WireCopyIn.described`."""
        return self._inner.described

    async def write(self, data: Data) -> bool:
        """As `WireCopyIn.write`."""
        return await self._inner.write(data)  # its errors are reported by `fail` or `leave`

    async def finish(self, rest: CopyEncoder | None = None) -> int:
        """As `WireCopyIn.finish`."""
        try:
            count = await self._inner.finish(rest)
        except BaseException as error:
            self._over(-1, error)
            raise
        self._over(count)
        return count

    async def fail(self, reason: str) -> None:
        """As `WireCopyIn.fail`; called while the exception that caused it is handled."""
        error = sys.exc_info()[1]
        try:
            await self._inner.fail(reason)
        finally:
            self._over(-1, error)

    def leave(self) -> None:
        """As `WireCopyIn.leave`."""
        self._over(-1, sys.exc_info()[1])
        self._inner.leave()


class TracedCopyOut(_Pieces[WireCopyOut]):
    """A COPY out of a table or a query."""

    __slots__ = ()

    @property
    def rowcount(self) -> int:
        """As `WireCopyOut.rowcount`."""
        return self._inner.rowcount

    async def read(self) -> bytes | None:
        """As `WireCopyOut.read`."""
        try:
            data = await self._inner.read()
        except BaseException as error:
            self._over(-1, error)
            raise
        if data is None:
            self._over(self._inner.rowcount)
        return data

    async def close(self) -> None:
        """As `WireCopyOut.close`."""
        self._over(-1)
        await self._inner.close()


PIECES: dict[str, tuple[type[_Pieces[Any]], str]] = {
    "open_cursor": (TracedCursor, "fetch"),
    "copy_in": (TracedCopyIn, "finish"),
    "copy_out": (TracedCopyOut, "read"),
}
"""By method of a wire: the class that wraps its result, and a method by which a result to wrap is recognised."""


def in_pieces(name: str, opened: Any, *call: Any) -> Any:
    """The traced `opened`; None for a result that is complete already. `call`: the other arguments of `_Pieces`."""
    kind, method = PIECES.get(name, (None, ""))
    return kind(opened, *call) if kind is not None and hasattr(opened, method) else None
