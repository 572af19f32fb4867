"""A table for COPY to fill, and what it holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support import maybe

ITEMS = [(1, "a", Decimal("1.50")), (2, "b", None), (3, "c\n\t\\\x01", Decimal("-2"))]


@pytest.fixture
def table(pg: Any, runner: Any) -> Any:
    runner.run(maybe(pg.script("CREATE TABLE item (id integer PRIMARY KEY, name text NOT NULL, price numeric)")))
    return pg


async def stored(conn: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await maybe(conn.query("SELECT id, name, price FROM item ORDER BY id"))]


async def usable(conn: Any) -> None:
    assert (await maybe(conn.query_one("SELECT 42")))[0] == 42


class Broken(Exception):
    pass
