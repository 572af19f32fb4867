"""A COPY of data that are written already, in one of its formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.driver.copy_source import data_of

if TYPE_CHECKING:
    from ferrow.abc import Wire


async def copy_data(wire: Wire, sql: str, source: Any, timeout: float | None) -> int:
    """Send what the source gives, as it is."""
    pieces = data_of(source)
    piece = await anext(pieces, b"")  # a source that fails at once costs nothing
    sink = await wire.copy_in(sql, timeout)
    try:
        # False: the server has had enough, and says why in the end.
        while await sink.write(piece):
            following = await anext(pieces, None)
            if following is None:
                break
            piece = following
    except Exception as error:
        await sink.fail(f"{type(error).__name__}: {error}")
        raise
    except BaseException:
        sink.leave()  # whoever is cancelled goes at once
        raise
    return await sink.finish()
