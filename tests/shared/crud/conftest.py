"""The functions, in the colour and on the database of the test."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

import ferrow.crud
import ferrow.crud.sync
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.crud import models

NAMES = (
    "ConnectionManager", "insert", "insert_many", "upsert", "select_one", "select_all", "update", "delete", "paginate", "paginate_keyset",
    "select_raw", "execute_raw", "paginate_raw",
)  # fmt: skip


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def numbered(backend: str) -> str:
    """SQL of a primary key that the database numbers."""
    types = {
        "postgresql": "serial PRIMARY KEY",
        "sqlite": "integer PRIMARY KEY",
        "mariadb": "integer AUTO_INCREMENT PRIMARY KEY",
    }
    return types[backend]


def functions(colour: str) -> SimpleNamespace:
    module: Any = ferrow.crud.sync if colour == "sync" else ferrow.crud
    return SimpleNamespace(**{name: getattr(module, name) for name in NAMES})


@pytest.fixture
def empty(colour: str, runner: Runner) -> Iterator[SimpleNamespace]:
    """The functions, before `initialize`; whatever is initialized is closed."""
    found = functions(colour)
    yield found
    runner.run(maybe(found.ConnectionManager.close()))


@pytest.fixture
def crud(empty: SimpleNamespace, engine: Any, runner: Runner) -> SimpleNamespace:
    """The functions on a database that has the tables of the models."""
    empty.ConnectionManager.use(engine)
    runner.run(maybe(engine.create_all(*models.ALL)))
    return empty


@pytest.fixture
def traced(
    empty: SimpleNamespace, url: str, colour: str, runner: Runner
) -> Iterator[tuple[SimpleNamespace, list[str]]]:
    """The functions, and the texts of the statements that they send."""
    from ferrow import create_engine

    sent: list[str] = []
    engine = create_engine(url, trace=lambda trace: sent.append(trace.sql))
    chosen: Any = engine if colour == "sync" else engine.aio
    empty.ConnectionManager.use(chosen)
    runner.run(maybe(chosen.create_all(*models.ALL)))
    yield empty, sent
    runner.run(maybe(chosen.close()))
