"""A query over a few people, some of one name."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.support import maybe

# name, age
PEOPLE = [("Ada", 36), ("Alan", 41), ("Ada", 18), ("Grace", 85), ("Ada", None), ("Alan", 41)]


@pytest.fixture
def query(session: Any, models: ModuleType, runner: Any) -> Any:
    """A query over PEOPLE."""
    people = [
        models.User(name=name, email=f"{number}@example.org", age=age) for number, (name, age) in enumerate(PEOPLE)
    ]

    async def insert_all() -> None:
        await maybe(session.insert_all(people))

    runner.run(insert_all())
    return session.query(models.User)
