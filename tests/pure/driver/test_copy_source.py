"""What a COPY reads from, cut into pieces of a size to send."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.driver.copy_source import PIECE, data_of


def pieces(source: Any) -> list[bytes]:
    async def read() -> list[bytes]:
        return [bytes(piece) async for piece in data_of(source)]

    return asyncio.run(read())


@pytest.mark.parametrize("size", [0, 1, PIECE, 4 * PIECE, 4 * PIECE + 1, 5 * PIECE - 1, 6 * PIECE, 6 * PIECE + 1])
@pytest.mark.parametrize("way", ["alone", "listed", "awaited", "text", "view"])
def test_large_pieces_are_sent_little_by_little_and_whole(size: int, way: str) -> None:
    """A message as long as its data would be copied whole, and has a longest length."""
    data = bytes(range(65, 91)) * (size // 26 + 1)
    data = data[:size]

    async def awaited() -> Any:
        yield data

    source = {
        "alone": data,
        "listed": [data],
        "awaited": awaited(),
        "text": data.decode(),
        "view": memoryview(bytearray(data)),
    }[way]
    found = pieces(source)
    assert b"".join(found) == data
    assert max(map(len, found)) <= 4 * PIECE
