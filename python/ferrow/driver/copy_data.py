"""A COPY of data that are written already, in one of its formats."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from ferrow.driver.copy_source import data_of

if TYPE_CHECKING:
    from ferrow.abc import WireCopyIn
    from ferrow.driver.connection import AsyncConnection


@asynccontextmanager
async def sending(sink: WireCopyIn) -> AsyncIterator[None]:
    """A block that sends; when it fails, the COPY is given up, and the server hears why."""
    try:
        yield
    except Exception as error:
        await sink.fail(_reason(error))
        raise
    except BaseException:
        sink.leave()  # whoever is cancelled goes at once
        raise


def _reason(error: Exception) -> str:
    """What the server is told: whatever the error's own text is like, for the COPY has to end."""
    try:
        words = str(error)
    except Exception:
        words = "..."
    return f"{type(error).__name__}: {words}".encode(errors="backslashreplace").decode()


async def copy_data(
    conn: AsyncConnection, sql: str, source: Any, timeout: float | None, encoding: str | None = None
) -> int:
    """Send what the source gives, as it is."""
    pieces = data_of(source, encoding)
    piece = await anext(pieces, b"")  # a source that fails at once costs nothing
    sink = await conn.wire.copy_in(sql, timeout)  # asked for now: meanwhile a stream may have taken it
    async with sending(sink):
        # False: the server has had enough, and says why in the end.
        while await sink.write(piece):
            following = await anext(pieces, None)
            if following is None:
                break
            piece = following
    return await sink.finish()
