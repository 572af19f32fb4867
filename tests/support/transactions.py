"""An engine with a table of numbers, to see what transactions leave in it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import maybe
from tests.support.deadlines import eventually


class Stop(Exception):
    """What leaves a block in these tests."""


@pytest.fixture
def engine(engine: Any, runner: Any) -> Any:
    async def table() -> None:
        await maybe(engine.script("CREATE TABLE t (n INTEGER PRIMARY KEY)"))

    runner.run(table())
    return engine


async def add(target: Any, number: int) -> None:
    # The number is checked to be one: it is written into the SQL because placeholders differ between the backends.
    await maybe(target.execute(f"INSERT INTO t (n) VALUES ({int(number)})"))


async def numbers(engine: Any) -> list[int]:
    return [row[0] for row in await maybe(engine.query("SELECT n FROM t ORDER BY n"))]


async def idle(engine: Any) -> None:
    """Every connection is back and clean."""

    def given_back() -> bool:
        stats = engine.pool.stats()
        return bool(stats.used == stats.recovering == stats.opening == 0)

    await eventually("async", given_back)
