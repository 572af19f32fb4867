"""An empty database with the tables of `tests.support.related`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import ModuleType
from typing import Any

import pytest

from tests.support.colours import Runner
from tests.support.related import create, fill, related
from tests.support.sessions import session_of

Open = Callable[[], AbstractAsyncContextManager[Any]]


@pytest.fixture
def models(style: str) -> ModuleType:
    return related(style)


@pytest.fixture
def session(engine: Any, colour: str, models: ModuleType, runner: Runner) -> Any:

    runner.run(create(engine, models))
    return session_of(engine, colour)


@pytest.fixture
def bare(session: Any, models: ModuleType, runner: Any) -> Any:
    """A session outside of any block, on the rows of `tests.support.related`."""
    runner.run(fill(session, models))
    return session


@pytest.fixture
def unit(bare: Any, colour: str) -> Open:
    """`async with unit() as session`, in either colour."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        session = type(bare)(bare._engine if colour == "async" else bare._core._engine.sync)
        if colour == "async":
            async with session:
                yield session
        else:
            with session:
                yield session

    return opened
