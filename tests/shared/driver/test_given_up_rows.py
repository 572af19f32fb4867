"""Rows by the thousand that came before their query was given up are freed, not kept as long as the connection."""

from __future__ import annotations

import gc
from typing import Any
from weakref import WeakSet

import pytest

from ferrow.errors import OperationalError
from tests.support import maybe
from tests.support.deadlines import eventually

pytestmark = pytest.mark.postgresql

ROWS = "SELECT n::money FROM generate_series(1, 20000) n UNION ALL SELECT 1::money FROM pg_sleep(60)"


class Price:
    def __init__(self, text: str) -> None:
        self.text = text


async def test_they_are_freed_before_the_connection(pg: Any, colour: str) -> None:
    held: WeakSet[Price] = WeakSet()
    made = 0

    def decode(text: str) -> Price:
        nonlocal made
        made += 1
        held.add(price := Price(text))
        return price

    pg.set_codec("money", decode=decode, format="value")
    with pytest.raises(OperationalError):
        await maybe(pg.query(ROWS, timeout=1))
    assert made
    assert await maybe(pg.query_one("SELECT 'behind'")) == ("behind",)
    await eventually(colour, lambda: gc.collect() >= 0 and not held)
    await maybe(pg.close())
