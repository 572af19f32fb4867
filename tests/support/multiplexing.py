"""Engines whose statements share connections: how they learn which ones may, and when nothing is under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ferrow.engine import create_engine

TAG = "SELECT $1::int AS tag"
APPLICATION = "ferrow_shared"


@asynccontextmanager
async def opened(url: str, **options: Any) -> AsyncIterator[Any]:
    async with await create_engine(url, application_name=APPLICATION, **options) as engine:
        yield engine


async def learn(engine: Any, *statements: str, params: Any = None) -> None:
    """Run each until it is shared."""
    for sql in statements:
        for _ in range(500):
            if is_shared(engine, sql):
                break
            await engine.run(sql, params)
        else:
            pytest.fail(f"not shared: {sql}")


def is_shared(engine: Any, sql: str) -> bool:
    text = engine._shared._texts.get(sql)
    return text is not None and text.shared


async def tagged(engine: Any, count: int) -> None:
    rows = await asyncio.gather(*(engine.query_one(TAG, [number]) for number in range(count)))
    assert [row["tag"] for row in rows] == [*range(count)]


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not done():  # noqa: ASYNC110  # what is waited for has no event of its own
            await asyncio.sleep(0.002)


def idle(engine: Any) -> bool:
    stats = engine.pool.stats()
    return (stats.used, stats.opening, stats.recovering, stats.waiting, stats.shared) == (0, 0, 0, 0, 0)
