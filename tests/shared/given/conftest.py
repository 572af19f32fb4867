"""Databases over connections that the program has opened with another driver."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.support import maybe
from tests.support.colours import Runner
from tests.support.given import PAIRS, Way
from tests.support.models import models as models_of


@pytest.fixture(params=PAIRS)
def pair(request: pytest.FixtureRequest) -> tuple[Way, str]:
    value: tuple[Way, str] = request.param
    return value


@pytest.fixture
def way(pair: tuple[Way, str]) -> Way:
    return pair[0]


@pytest.fixture
def colour(pair: tuple[Way, str]) -> str:
    return pair[1]


@pytest.fixture
def backend(way: Way) -> str:
    return way.backend


@pytest.fixture
def style() -> str:
    """Values are converted below all styles of models."""
    return "dataclass"


@pytest.fixture
def models(style: str) -> ModuleType:
    return models_of(style)


@pytest.fixture
def conn(way: Way, url: str, runner: Runner) -> Iterator[Any]:
    """A connection of another driver."""
    conn = runner.run(way.opened(url))
    yield conn
    runner.run(maybe(conn.close()))


@pytest.fixture
def db(conn: Any, colour: str, runner: Runner) -> Iterator[Any]:
    """A `Database`, or an `AsyncDatabase`, over it."""
    from ferrow.repository import AsyncDatabase, Database

    db = AsyncDatabase(conn) if colour == "async" else Database(conn)
    yield db
    runner.run(maybe(db.engine.close()) if not db.closed else _nothing())


async def _nothing() -> None:
    pass


@pytest.fixture
def engine(db: Any) -> Any:
    """What a session takes."""
    return db.engine
