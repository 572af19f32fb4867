"""A flush that stops in its midst until it is told to go on, so that other tasks can come between."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.orm.unit import flush


class PausedFlush:
    """The next flush of whatever session: `await paused.reached.wait()`, then `paused.go.set()`. Those behind it are left alone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, written: bool) -> None:
        self.reached, self.go = asyncio.Event(), asyncio.Event()
        write = flush.write

        async def pause() -> None:
            self.reached.set()
            await self.go.wait()

        async def slow(unit: Any, connection: Any) -> None:
            monkeypatch.setattr(flush, "write", write)
            if not written:
                await pause()
            await write(unit, connection)
            if written:
                await pause()

        monkeypatch.setattr(flush, "write", slow)
