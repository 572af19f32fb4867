"""Fixtures of the tests that run on every backend, in both colours and all model styles."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.support import maybe
from tests.support.colours import Runner
from tests.support.stage import Stage


@pytest.fixture
def session(session: Any, engine: Any, models: ModuleType, runner: Runner) -> Any:
    """A session on a database that has the tables of `models`."""
    runner.run(_create(engine, models))
    return session


async def _create(engine: Any, models: ModuleType) -> None:
    await maybe(engine.create_all(models.User, models.Post, models.Sample))


@pytest.fixture
def stage(url: str) -> Iterator[Stage]:
    """Where hostile texts are tried."""
    stage = Stage(url)
    yield stage
    stage.engine.close()
