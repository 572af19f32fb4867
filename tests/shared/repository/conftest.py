"""Repositories of one colour on a database that has the tables of their models."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import maybe
from tests.support.colours import Runner
from tests.support.repository_models import Article, Author, Counter, Frozen, Membership, Outbox, Person, Post

MODELS = (Person, Author, Post, Frozen, Article, Counter, Membership, Outbox)


class Kit:
    """The classes of one colour, an engine, and what repositories are given: that, or a database."""

    def __init__(self, engine: Any, colour: str, source: Any = None) -> None:
        import ferrow.repository as room

        self.engine = engine
        self.source = engine if source is None else source
        self.colour = colour
        prefix = "Async" if colour == "async" else ""
        self.Repository: Any = getattr(room, f"{prefix}Repository")
        self.Hub: Any = getattr(room, f"{prefix}UnifiedRepository")
        self.Session: Any = getattr(room, f"{prefix}Session")

    def repo(self, model: type, **options: Any) -> Any:
        return self.Repository(self.source, model, **options)


@pytest.fixture
def bare(engine: Any, colour: str) -> Kit:
    """On a database without tables."""
    return Kit(engine, colour)


@pytest.fixture
def kit(bare: Kit, runner: Runner) -> Kit:
    """On a database with all of them."""
    runner.run(create(bare))
    return bare


async def create(kit: Kit) -> None:
    """The tables of all models."""
    for model in MODELS:
        kit.repo(model)  # each is called as repositories call it
    await maybe(kit.engine.create_all(*MODELS))
