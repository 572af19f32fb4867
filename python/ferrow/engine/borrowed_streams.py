"""What a borrower began and has not ended: it ends with the borrowing, like the connection itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow._core import CopyEncoder
    from ferrow.abc import WireCopyIn, WireCopyOut, WireCursor
    from ferrow.abc.pieces import Data
    from ferrow.engine.borrowed import BorrowedWire


class BorrowedCursor:
    """A `WireCursor` of a borrowed connection. Closing it later is fine: the pool has ended it."""

    __slots__ = ("_cursor", "_borrowed")

    def __init__(self, borrowed: BorrowedWire, cursor: WireCursor) -> None:
        self._borrowed = borrowed
        self._cursor = cursor

    @property
    def columns(self) -> tuple[str, ...]:
        """As `WireCursor.columns`."""
        return self._cursor.columns

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        """As `WireCursor.fetch`. Raises InterfaceError once the connection was given back."""
        self._borrowed.check()
        return await self._cursor.fetch(limit)

    async def close(self) -> None:
        """As `WireCursor.close`."""
        if not self._borrowed.over:
            await self._cursor.close()


class BorrowedCopyIn:
    """A `WireCopyIn` of a borrowed connection."""

    __slots__ = ("_copy", "_borrowed")

    def __init__(self, borrowed: BorrowedWire, copy: WireCopyIn) -> None:
        self._borrowed = borrowed
        self._copy = copy

    @property
    def described(self) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
        """As `WireCopyIn.described`."""
        return self._copy.described

    async def write(self, data: Data) -> bool:
        """As `WireCopyIn.write`. Raises InterfaceError once the connection was given back."""
        self._borrowed.check()
        return await self._copy.write(data)

    async def finish(self, rest: CopyEncoder | None = None) -> int:
        """As `WireCopyIn.finish`. Raises InterfaceError once the connection was given back."""
        self._borrowed.check()
        return await self._copy.finish(rest)

    async def fail(self, reason: str) -> None:
        """As `WireCopyIn.fail`."""
        if not self._borrowed.over:
            await self._copy.fail(reason)

    def leave(self) -> None:
        """As `WireCopyIn.leave`."""
        if not self._borrowed.over:
            self._copy.leave()


class BorrowedCopyOut:
    """A `WireCopyOut` of a borrowed connection."""

    __slots__ = ("_copy", "_borrowed")

    def __init__(self, borrowed: BorrowedWire, copy: WireCopyOut) -> None:
        self._borrowed = borrowed
        self._copy = copy

    @property
    def rowcount(self) -> int:
        """As `WireCopyOut.rowcount`."""
        return self._copy.rowcount

    async def read(self) -> bytes | None:
        """As `WireCopyOut.read`. Raises InterfaceError once the connection was given back."""
        self._borrowed.check()
        return await self._copy.read()

    async def close(self) -> None:
        """As `WireCopyOut.close`."""
        if not self._borrowed.over:
            await self._copy.close()
