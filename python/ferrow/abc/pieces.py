"""What a wire reads and writes piece by piece: rows of a cursor, data of a COPY."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from ferrow._core import CopyEncoder, Result

Data: TypeAlias = "bytes | memoryview | CopyEncoder"
"""Data for a COPY; an encoder stands for the rows that it has encoded, and has none of them afterwards."""


class WireCursor(Protocol):
    """A result that is read piece by piece; between two pieces the connection is free for other statements."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        ...

    async def fetch(self, limit: int) -> tuple[list[Any], bool]:
        """The next rows, at most `limit` (at least 1), and whether they are the last."""
        ...

    async def close(self) -> None:
        """Give up what was not read. Closing twice is fine."""
        ...


class Portal(WireCursor, Protocol):
    """That of PostgreSQL, which also says of what types the columns are."""

    @property
    def opened(self) -> Result:
        """The columns, and no rows."""
        ...


class WireCopyIn(Protocol):
    """A COPY FROM STDIN that takes data. Nothing else runs on the connection until `finish` or `fail`."""

    @property
    def described(self) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
        """Names and type oids of the columns of the query that was to be described with the beginning."""
        ...

    async def write(self, data: Data) -> bool:
        """Send data, waiting while the server takes less than is given; False when it wants no more: `finish` says why."""
        ...

    async def finish(self, rest: CopyEncoder | None = None) -> int:
        """Say that the data are complete with `rest`; the number of rows. Raises what the server has against them."""
        ...

    async def fail(self, reason: str) -> None:
        """Give the COPY up, and wait until the server has undone it. Never raises a database error."""
        ...

    def leave(self) -> None:
        """Give the COPY up without waiting for the server, which is told to stop: for a caller that was cancelled."""
        ...


class WireCopyOut(Protocol):
    """A COPY TO STDOUT that gives data. Nothing else runs on the connection until they end or `close`."""

    @property
    def rowcount(self) -> int:
        """The number of rows, once the data have ended; -1 before."""
        ...

    async def read(self) -> bytes | None:
        """Some data, cut anywhere; None at their end."""
        ...

    async def close(self) -> None:
        """Give up what was not read: outside a transaction the server is told to stop, inside one its data are skipped."""
        ...
