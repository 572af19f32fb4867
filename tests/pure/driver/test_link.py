"""One connection of a listener, over a wire that only notes when it is asked."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from ferrow.driver.link import Link
from ferrow.wire.inbox import Inbox


class Asked:
    """Its clock has gone on when it answers."""

    dialect = "postgresql"
    busy = False

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.news = SimpleNamespace(inbox=Inbox(10))
        self.at = datetime.now(UTC)

    async def script(self, sql: str, timeout: float | None = None) -> None:
        self.at = datetime.now(UTC)
        while datetime.now(UTC) == self.at:
            pass

    async def close(self) -> None:
        self.ended.append("close")

    def abort(self) -> None:
        self.ended.append("abort")


def test_what_is_notified_while_the_server_answers_is_in_the_gap() -> None:
    wire: Any = Asked()
    world: Any = SimpleNamespace(now=lambda: 0.0)
    link = Link(wire, world, 30)
    asyncio.run(link.listen(["jobs"]))
    assert link.since <= wire.at


def test_a_gap_begins_at_the_last_sign_of_life() -> None:
    wire: Any = Asked()
    world: Any = SimpleNamespace(now=lambda: 0.0)
    link = Link(wire, world, 30)
    asyncio.run(link.listen(["jobs"]))
    between = datetime.now(UTC)
    asyncio.run(link.unlisten(["jobs"]))
    assert between <= link.since <= wire.at


@pytest.mark.parametrize("busy", [False, True])
def test_the_end_does_not_wait_for_the_answer_to_a_question(busy: bool) -> None:
    wire: Any = Asked()
    wire.busy = busy
    asyncio.run(Link(wire, SimpleNamespace(now=lambda: 0.0), 30).close())  # type: ignore[arg-type]
    assert wire.ended == ["abort" if busy else "close"]
