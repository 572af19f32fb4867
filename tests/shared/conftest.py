"""Fixtures of the tests that run on every backend, in both colours and all model styles."""

from __future__ import annotations

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


# The files whose tests run on MariaDB. The others have SQL, figures or models of the two older databases in them.
ON_MARIADB = {
    "test_builds",
    "test_conditions",
    "test_engine",
    "test_ensure",
    "test_ensure_conflicts",
    "test_ensure_transactions",
    "test_inspector",
    "test_keywords",
    "test_lent_bulk",
    "test_lent_cursors",
    "test_loading",
    "test_query",
    "test_roundtrip",
    "test_session",
    "test_transactions",
}
REFUSED = {"test_expressions": "UPDATE has no RETURNING on MariaDB"}
"""Single tests of those files, by name and reason."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what is not carried over to MariaDB."""
    here = Path(__file__).parent
    for item in items:
        spec = getattr(item, "callspec", None)
        if here not in item.path.parents or spec is None or spec.params.get("backend") != "mariadb":
            continue
        name = getattr(item, "originalname", "")
        if item.path.stem not in ON_MARIADB:
            item.add_marker(pytest.mark.skip(reason=f"{item.path.name} is not carried over to MariaDB yet"))
        elif name in REFUSED and item.path.stem == "test_query" and spec.params.get("style") == "declarative":
            item.add_marker(pytest.mark.skip(reason=REFUSED[name]))
