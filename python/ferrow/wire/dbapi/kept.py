"""A result that is taken in pieces, of a driver that has read it whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow._core import Result


class KeptCursor:
    """A `WireCursor`."""

    __slots__ = ("_place", "_rows", "columns")

    def __init__(self, result: Result) -> None:
        self.columns: tuple[str, ...] = result.columns
        self._rows: list[Any] = result.rows
        self._place = 0

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        """As `WireCursor.fetch`."""
        start, self._place = self._place, self._place + limit
        return self._rows[start : self._place], self._place >= len(self._rows)

    async def close(self) -> None:
        """As `WireCursor.close`."""
        self._rows = []
