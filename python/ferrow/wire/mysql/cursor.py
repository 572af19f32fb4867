"""A result in pieces. Nothing else can be asked while its rows are on their way, so then the rest is kept in memory."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from ferrow._core import Result
from ferrow.errors import DatabaseError
from ferrow.wire.mysql.columns import readers, rows

if TYPE_CHECKING:
    from ferrow._core import Shape
    from ferrow.wire.mysql.wire import MysqlWire


class MysqlCursor:
    """A `WireCursor`."""

    __slots__ = ("_kept", "_made", "_result", "_seconds", "_shape", "_sql", "_wire", "columns", "reading")

    def __init__(self, wire: MysqlWire, sql: str, result: Any, shape: Shape, seconds: float | None) -> None:
        """`seconds`: how long it waits for a row."""
        self._wire = wire
        self._sql = sql
        self._seconds = seconds
        self._result = result
        self._shape = shape
        fields = result.fields if result.field_count else []
        self.columns: tuple[str, ...] = tuple([field.name for field in fields])
        self._made = readers(fields, None if shape.kinds is None else shape.kinds.names)
        self._kept: deque[tuple[Any, ...]] = deque()
        self.reading: bool = bool(fields)

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        # One more than asked for, to know whether these are the last.
        while self.reading and len(self._kept) <= limit:
            await self._next()
        found = [self._kept.popleft() for _ in range(min(limit, len(self._kept)))]
        done = not self.reading and not self._kept
        if not self.columns:
            return [], done
        return Result.shaped(rows(found, self._made, self.columns), self._shape, self.columns).rows, done

    async def keep(self) -> None:
        """Take what is on its way, for another statement to go."""
        while self.reading:
            await self._next()

    async def _next(self) -> None:
        try:
            row = await self._wire.next_row(self._result, self._seconds, self._sql)
        except DatabaseError:
            self._ended()
            raise
        except Exception as error:
            self._ended()
            raise await self._wire.told(error, self._sql) from error
        if row is None:
            self._ended()
        else:
            self._kept.append(row)

    def _ended(self) -> None:
        self.reading = False
        self._wire.read(self)

    async def close(self) -> None:
        if not self._wire.closed:
            while self.reading:
                await self._next()
                self._kept.clear()
        self._kept.clear()
