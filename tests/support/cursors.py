"""Two connections to one database, whose cursors begin transactions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ferrow import driver
from tests.support import maybe

TABLE = "CREATE TABLE item (id integer PRIMARY KEY)"


@asynccontextmanager
async def another(url: str, colour: str, **options: Any) -> AsyncIterator[Any]:
    """A second connection to the same database."""
    conn = await driver.connect_async(url, **options) if colour == "async" else driver.connect(url, **options)
    try:
        yield conn
    finally:
        await maybe(conn.close())


async def ids(conn: Any) -> list[int]:
    return [row[0] for row in await maybe(conn.query("SELECT id FROM item ORDER BY id"))]


@pytest.fixture
def two(conn: Any, url: str, colour: str) -> Any:
    return another(url, colour)
