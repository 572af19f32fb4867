"""Fixtures of the tests about units of work: both databases, both colours, all model styles."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from tests.support import maybe
from tests.support.colours import Runner
from tests.support.paused_flush import PausedFlush
from tests.support.sessions import session_of
from tests.support.worked import worked


@pytest.fixture
def models(style: str) -> ModuleType:
    return worked(style)


@pytest.fixture
def session(engine: Any, colour: str, models: ModuleType, runner: Runner) -> Any:
    """A session outside of any block, on a database with the tables."""

    async def create() -> None:
        await maybe(engine.create_all(models.Item, models.Node, models.Account))

    runner.run(create())
    return session_of(engine, colour)


@pytest.fixture
def pause_flush(monkeypatch: pytest.MonkeyPatch) -> Callable[..., PausedFlush]:
    """`paused = pause_flush()`: the next flush stops before it writes; with `written=True`, when it has."""
    return lambda *, written=False: PausedFlush(monkeypatch, written=written)


@pytest.fixture
def opened(session: Any, engine: Any) -> Any:
    """`opened()`: a session to be entered."""
    return lambda **options: type(session)(engine, **options)
