"""Two models with columns that queries may mix up, the same in each model style, and rows of them as dicts.

Names that are swapped in the database, a key of two columns and one of UUIDs, neither the first column; enumerations, lists, documents,
decimals that are equal and look different; a relation by the key of two columns, and one between rows of one table.
"""

from __future__ import annotations

import importlib
import random
from decimal import Decimal
from types import ModuleType
from typing import Any
from uuid import UUID

from tests.support.mixed.types import Color, Doc, Level

Row = dict[str, Any]


def mixed(style: str) -> ModuleType:
    """The module with `Team` and `Player` in the given style."""
    return importlib.import_module(f"tests.support.mixed.{style}_style")


def teams() -> list[Row]:
    keys = [
        ("N", 1, "Oslo", Color.RED),
        ("S", 1, "Rome", Color.BLUE),
        ("N", 2, "Oslo", None),
        ("S", 2, "Bern", Color.RED),
    ]
    return [{"region": region, "number": number, "city": city, "color": color} for region, number, city, color in keys]


def players(chance: random.Random, count: int) -> list[Row]:
    """Players who are coached by those before them, or by themselves."""
    made: list[Row] = []
    for number in range(1, count + 1):
        team = chance.choice([None, ("N", 1), ("N", 1), ("N", 2), ("S", 2)])
        a, text = chance.choice([1, 2, 5]), chance.choice([None, "p", "q"])
        made.append(
            {
                "id": UUID(int=number),
                "color": chance.choice([None, *Color]),
                "name": chance.choice(["ada", "bob", "cy"]),
                "nick": chance.choice(["ada", "bob", "dee", "a%_b"]),
                "level": chance.choice([None, *Level]),
                "age": chance.choice([None, 20, 30, 41]),
                "score": chance.choice([None, *map(Decimal, ("1.5", "1.50", "-3", "100", "9.25", "20"))]),
                "tags": chance.choice([[], ["x"], ["x", "y"], ["z", "x"], ["y", "z"]]),
                "colors": chance.choice([[], [Color.RED], [Color.GREEN, Color.BLUE], [Color.BLUE, Color.RED]]),
                "doc": chance.choice([None, Doc(a, text, chance.choice([None, Decimal("9.9"), Decimal(10)]))]),
                "meta": chance.choice(
                    [{}, {"k": None}, {"k": 1}, {"k": 1.0}, {"k": "1"}, {"k": 2, "u": {"v": [1, 2]}}]
                ),
                "team_region": team and team[0],
                "team_number": team and team[1],
                "coach_id": chance.choice([None, UUID(int=chance.randint(1, number))]),
            }
        )
    return made
