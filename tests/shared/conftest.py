"""Fixtures of the tests that run on every backend, in both colours and all model styles."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
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


# Where the colour matters to the database: what MariaDB's two drivers do each in their own way.
BOTH_COLOURS = {"test_engine", "test_lent_bulk", "test_lent_cursors", "test_stream", "test_transactions"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On MariaDB each test runs in one style and one colour, another one from test to test: what they differ in is known from
    the other databases."""
    here = Path(__file__).parent
    groups: dict[Any, list[pytest.Item]] = {}
    for item in items:
        spec = getattr(item, "callspec", None)
        if here not in item.path.parents or spec is None or spec.params.get("backend") != "mariadb":
            continue
        varied = {"style"} if item.path.stem in BOTH_COLOURS else {"style", "colour"}
        rest = tuple([(name, place) for name, place in spec.indices.items() if name not in varied])
        groups.setdefault((item.path, getattr(item, "originalname", item.name), rest), []).append(item)
    left = set[int]()
    for (path, *name), members in groups.items():
        chosen = zlib.crc32(repr((path.name, name)).encode()) % len(members)
        left.update(id(one) for place, one in enumerate(members) if place != chosen)
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left])
    items[:] = [item for item in items if id(item) not in left]
