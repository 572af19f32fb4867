"""A session takes an engine of either colour and talks through its own."""

from __future__ import annotations

from ferrow import AsyncSession, Session, create_engine
from ferrow.orm.colour import coloured
from ferrow.wire.aio import ASYNCIO
from ferrow.wire.blocking import BLOCKING

ENGINE = create_engine("sqlite::memory:")


def test_async_session() -> None:
    for given in (ENGINE, ENGINE.aio):
        assert AsyncSession(given)._engine is ENGINE.aio
        assert AsyncSession(given)._engine.world is ASYNCIO


def test_sync_session() -> None:
    for given in (ENGINE, ENGINE.aio):
        assert Session(given)._core._engine is ENGINE._core
        assert Session(given)._core._engine.world is BLOCKING


def test_async_code_over_the_blocking_world() -> None:
    assert coloured(ENGINE._core, None) is ENGINE._core
