"""An empty database with the tables of `tests.support.related`."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.support.colours import Runner
from tests.support.related import create, related


@pytest.fixture
def models(style: str) -> ModuleType:
    return related(style)


@pytest.fixture
def session(engine: Any, colour: str, models: ModuleType, runner: Runner) -> Any:
    from ferrow import AsyncSession, Session

    runner.run(create(engine, models))
    return AsyncSession(engine) if colour == "async" else Session(engine)
