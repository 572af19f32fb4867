"""One large value, read and written in place."""

from __future__ import annotations

import io
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ferrow.driver.single import Single
from ferrow.errors import InterfaceError, ProgrammingError

if TYPE_CHECKING:
    from ferrow._core import SqliteBlob
    from ferrow.abc import SqliteWire


class AsyncBlob(Single):
    """A value of one row, as a file of fixed length. Made by `conn.sqlite.open_blob`.

    It ends when it is closed, with its connection, and when its row is changed or removed by a statement: then reading and
    writing raise OperationalError. What was written is committed when it is closed, or with the transaction around it.
    """

    __slots__ = ("_blob", "_closed", "_position", "_wire")

    def __init__(self, wire: SqliteWire, blob: SqliteBlob) -> None:
        self._wire = wire
        self._blob = blob
        self._position = 0
        self._closed = False

    async def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, fewer at the end; all that are left if `size` is negative."""
        self._check()
        count = len(self) if size < 0 else size
        data = await self._wire.call(self._blob.read, self._position, count)
        self._position += len(data)
        return data

    async def readinto(self, buffer: Any) -> int:
        """Fill a writable buffer (bytearray, memoryview, array) with the next bytes; how many there were."""
        view = memoryview(buffer).cast("B")
        data = await self.read(len(view))
        view[: len(data)] = data
        return len(data)

    async def write(self, data: Any) -> int:
        """Overwrite the next bytes with those of a bytes-like object; how many.

        Raises ProgrammingError, and writes nothing, if the blob was opened for reading or is too short: it cannot grow.
        """
        self._check()
        given = data if isinstance(data, bytes) else memoryview(data).cast("B")
        await self._wire.call(self._blob.write, self._position, given)
        self._position += len(given)
        return len(given)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to `offset` from the start (`whence` 0), from here (1) or from the end (2); where that is."""
        self._check()
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self)}.get(whence)
        if start is None:
            raise ProgrammingError(f"whence is 0 (start), 1 (here) or 2 (end), not {whence}")
        if start + offset < 0:
            raise ProgrammingError(f"there is nothing before the start of a blob: {start + offset}")
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        """Where the next bytes are read or written."""
        self._check()
        return self._position

    def __len__(self) -> int:
        """How many bytes it has."""
        return self._blob.size

    @property
    def closed(self) -> bool:
        """Whether it was closed, itself or with its connection."""
        return self._closed or self._wire.closed

    async def close(self) -> None:
        """Close it, and commit what was written if there is no transaction around it. Closing twice is fine."""
        if not self._closed:
            self._closed = True
            if not self._wire.closed:
                await self._wire.call(self._blob.close)

    def _check(self) -> None:
        if self.closed:
            raise InterfaceError("the blob is closed")

    async def __aenter__(self) -> Self:
        self._check()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        state = "closed" if self.closed else f"{len(self)} bytes"
        return f"<{type(self).__name__} {state}>"
