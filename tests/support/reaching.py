"""Connections in both colours, to servers that are played and to real ones."""

from __future__ import annotations

from typing import Any

from ferrow import driver
from tests.support import maybe

CLEAR = "allow_cleartext_password=1"


async def connected(url: str, colour: str, **options: Any) -> Any:
    if colour == "async":
        return await driver.connect_async(url, **options)
    return driver.connect(url, **options)


async def greeted(url: str, colour: str, **options: Any) -> None:
    conn = await connected(url, colour, **options)
    assert await maybe(conn.query_one("SELECT a")) is not None
    await maybe(conn.close())
