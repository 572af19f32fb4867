"""A database with the rows of `tests.support.soft`."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.support.colours import Runner
from tests.support.sessions import session_of
from tests.support.soft import create, fill, soft


@pytest.fixture
def models(style: str) -> ModuleType:
    return soft(style)


@pytest.fixture
def session(engine: Any, colour: str, models: ModuleType, runner: Runner) -> Any:
    made = session_of(engine, colour)
    runner.run(create(engine, models))
    runner.run(fill(made, models))
    return made
