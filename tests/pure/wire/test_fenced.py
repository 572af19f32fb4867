"""Statements of an asyncio connection that wait until another one is over."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ferrow.wire.aio.fenced import Fenced
from ferrow.wire.arrays import Disturbed


class Session:
    """Counts what it is given."""

    orphaned = False

    def __init__(self) -> None:
        self.requests = 0

    def submit_script(self, sql: str, future: asyncio.Future[Any]) -> None:
        self.requests += 1
        future.set_result(None)


class Settings:
    command_timeout = None


@pytest.fixture
def session() -> Session:
    return Session()


def fenced(session: Any) -> Fenced:
    transport, settings = object(), Settings()
    return Fenced(session, transport, settings)  # type: ignore[arg-type]


async def test_nothing_is_undone_that_others_have_sent_meanwhile(session: Session) -> None:
    """A savepoint would take theirs along."""
    wire = fenced(session)
    fence = wire._fence = asyncio.get_running_loop().create_future()
    back = "ROLLBACK TO SAVEPOINT ferrow_many"
    waiting = [asyncio.ensure_future(wire._sent_before(back, "INSERT", None, since)) for since in (0, None)]
    await asyncio.sleep(0)
    session.requests = 1
    wire._fence = None
    fence.set_result(None)
    with pytest.raises(Disturbed):
        await waiting[0]
    assert await waiting[1] == 2
    assert await wire._sent_before(back, "INSERT", None, 2) == 3
