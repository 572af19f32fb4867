"""One connection of a listener, over a wire that only notes when it is asked."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from ferrow.driver.link import Link
from ferrow.wire.inbox import Inbox


class Asked:
    """Its clock has gone on when it answers."""

    dialect = "postgresql"

    def __init__(self) -> None:
        self.news = SimpleNamespace(inbox=Inbox(10))
        self.at = datetime.now(UTC)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        self.at = datetime.now(UTC)
        while datetime.now(UTC) == self.at:
            pass


def test_what_is_notified_while_the_server_answers_is_in_the_gap() -> None:
    wire: Any = Asked()
    world: Any = SimpleNamespace(now=lambda: 0.0)
    link = Link(wire, world, 30)
    asyncio.run(link.listen(["jobs"]))
    assert link.since <= wire.at
