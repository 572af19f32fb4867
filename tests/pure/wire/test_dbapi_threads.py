"""In whose thread a connection of another driver is asked."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from ferrow.wire.dbapi.aio import Threads


class Own:
    """A connection that has a thread of its own, as those of aiosqlite have."""

    def __init__(self) -> None:
        self.asked = 0

    async def _execute(self, work: Callable[[], Any]) -> Any:
        self.asked += 1
        return work()


async def test_a_connection_with_a_thread_of_its_own_is_asked_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def deprecated(_: object) -> bool:
        warnings.warn("as Python 3.14 warns, and 3.16 has none", DeprecationWarning, stacklevel=2)
        return True

    monkeypatch.setattr(asyncio, "iscoroutinefunction", deprecated)
    connection = Own()
    hop = await Threads().hop_for(connection)
    assert await hop(lambda: 42) == 42
    assert connection.asked == 1
