"""A random query, and the rows it is about."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any

from ferrow import columns
from tests.support.mixed.saying import World, condition, order, ordered


class Asked:
    """A random query, and the rows it is about, in order."""

    def __init__(self, chance: random.Random, session: Any, models: ModuleType, world: World, backend: str) -> None:
        self.chance, self.models, self.world, self.session = chance, models, world, session
        self.query, self.rows = session.query(models.Player), world.players
        for _ in range(chance.randint(0, 2)):
            said, holds = condition(chance, world)
            kept = chance.random() < 0.8
            self.query = self.query.filter(said) if kept else self.query.exclude(said)
            self.rows = [row for row in self.rows if (holds(row) is True) is kept]
        self.joined, self.shortened, self.distinct = chance.random() < 0.25, False, False
        if self.joined:
            self.join()
        self.nulls_first = backend != "postgresql"

    def join(self) -> None:
        city, team = self.chance.choice(["Oslo", "Bern"]), columns(self.models.Team)
        self.query = self.query.join(self.models.Team).filter(team.city == city)
        self.rows = [row for row in self.rows if self.world.value(row, "team__city") == city]

    def sort(self) -> None:
        terms = order(self.chance)
        self.query = self.query.order_by(*terms)
        self.rows = ordered(self.rows, self.world, terms, nulls_first=self.nulls_first)

    def cut(self) -> None:
        limit, offset = self.chance.choice([None, 0, 1, 5]), self.chance.choice([None, 0, 1, 3])
        self.query = self.query.limit(limit).offset(offset)
        self.shortened = not (limit is None and offset is None)
        start = offset or 0
        self.rows = self.rows[start : None if limit is None else start + limit]

    def values(self, *paths: str) -> list[tuple[Any, ...]]:
        return [tuple([self.world.value(row, path) for path in paths]) for row in self.rows]

    @property
    def keys(self) -> list[Any]:
        return [row["id"] for row in self.rows]
