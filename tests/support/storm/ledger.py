"""What was asked, what was answered, and what is on the server."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

from ferrow._core import Shape

TABLE = "CREATE TABLE tags (tag integer, part integer, note text, PRIMARY KEY (tag, part))"
INSERT = "INSERT INTO tags (tag, part) VALUES ($1, $2)"

TUPLES = Shape.tuples()

TEXTS: dict[str, tuple[str, int]] = {
    "echo": ("SELECT $1::int AS tag", 1),
    "slow": ("SELECT $1::int AS tag FROM pg_sleep(0.004)", 1),
    "many": ("SELECT $1::int AS tag FROM generate_series(1, 500)", 500),
    "wide": ("SELECT $1::int AS tag, repeat('x', 20000) AS much", 1),
}
"""Statements that give their parameter back, and how often."""


class Ledger:
    """Each statement carries a tag of its own that must come back. A unit of work writes its tag with several parts, so that half of one shows."""

    def __init__(self, engine: Any, seed: int, url: str) -> None:
        self.engine = engine
        """An `AsyncEngine`, or an `AsyncConnection` where everything goes over one."""
        self.url = url
        """Of the same database, for connections of one's own."""
        self.chance = random.Random(seed)
        self.wrong: list[str] = []
        self.kept: dict[int, int] = {}
        """Tags that are there for certain, and with how many parts."""
        self.parts: dict[int, int] = {}
        """Tags that are there with so many parts or not at all."""
        self.undone: set[int] = set()
        """Tags that must not be there."""
        self.figures: Counter[str] = Counter()
        self.shapes: dict[str, list[int]] = {}
        """How often each shape of work was left, and how often it was done."""
        self.few = asyncio.Semaphore(2)
        """For who holds a connection and asks for another one: as many as there are connections could not go on."""
        self._tags = count(1)

    def tag(self) -> int:
        """A new one."""
        return next(self._tags)

    @property
    def tags(self) -> int:
        """How many there were."""
        return max(0, self.tag() - 1)

    def unit(self, parts: int = 2) -> int:
        """The tag of a unit of work that writes it with so many parts."""
        tag = self.tag()
        self.parts[tag] = parts
        return tag

    def lost(self) -> int:
        """The tag of a unit of work that is going to be undone."""
        tag = self.tag()
        self.undone.add(tag)
        return tag

    def keep(self, tag: int) -> None:
        """The database said that the unit of work is committed."""
        self.kept[tag] = self.parts[tag]

    async def ask(self, what: str = "echo", target: Any = None) -> None:
        """Run a statement of TEXTS on `target`, which is the engine if it is not given, and check the answer."""
        tag = self.tag()
        sql, rows = TEXTS[what]
        found = (await (target or self.engine).run(sql, [tag], TUPLES)).rows
        self.expect([row[0] for row in found], [tag] * rows, what)

    async def write(self, tag: int, part: int, target: Any = None) -> None:
        """One part of a unit of work."""
        await (target or self.engine).run(INSERT, [tag, part], TUPLES)

    def note(self, shape: str, left: bool) -> None:
        """Count one."""
        self.figures["cancelled" if left else "completed"] += 1
        self.shapes.setdefault(shape, [0, 0])[not left] += 1

    def expect(self, found: Any, right: Any, what: str) -> None:
        """Note a wrong answer."""
        if found != right:
            self.wrong.append(f"{what}: {found!r:.200} instead of {right!r:.200}")

    async def count(self, query: Callable[..., Any]) -> None:
        """Compare with what is on the server."""
        there = dict(map(tuple, await query("SELECT tag, count(*) FROM tags GROUP BY tag")))
        for tag, parts in there.items():
            if tag in self.undone:
                self.wrong.append(f"tag {tag} was rolled back, but is there")
            elif parts != self.parts[tag]:
                self.wrong.append(f"tag {tag}: {parts} parts of {self.parts[tag]}")
        for tag in self.kept.keys() - there.keys():
            self.wrong.append(f"tag {tag} was said to be committed, but is lost")
