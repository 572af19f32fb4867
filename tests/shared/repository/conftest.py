"""Repositories of one colour on a database that has the tables of their models."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import maybe
from tests.support.colours import Runner
from tests.support.repository_models import Article, Author, Counter, Frozen, Membership, Outbox, Person, Post

MODELS = (Person, Author, Post, Frozen, Article, Counter, Membership, Outbox)


class Kit:
    """The classes of one colour, and an engine."""

    def __init__(self, engine: Any, colour: str) -> None:
        import ferrow.repository as room

        self.engine = engine
        self.colour = colour
        prefix = "Async" if colour == "async" else ""
        self.Repository: Any = getattr(room, f"{prefix}Repository")
        self.Hub: Any = getattr(room, f"{prefix}UnifiedRepository")
        self.Session: Any = getattr(room, f"{prefix}Session")

    def repo(self, model: type, **options: Any) -> Any:
        return self.Repository(self.engine, model, **options)


@pytest.fixture
def bare(engine: Any, colour: str) -> Kit:
    """On a database without tables."""
    return Kit(engine, colour)


@pytest.fixture
def kit(bare: Kit, runner: Runner) -> Kit:
    """On a database with all of them."""

    async def create() -> None:
        for model in MODELS:
            bare.repo(model)  # each is called as repositories call it
        await maybe(bare.engine.create_all(*MODELS))

    runner.run(create())
    return bare
