"""Random conditions and orders of `Player`, said to ferrow and evaluated in Python, NULLs included."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from ferrow import Q
from tests.support.mixed import Row
from tests.support.mixed.types import Color, Level

Truth = bool | None
Holds = Callable[[Row], Truth]

COLORS = [*Color]
COMPARING: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
VALUES: dict[str, list[Any]] = {
    "color": COLORS,
    "level": [*Level],
    "age": [20, 30, 41, 25],
    "score": [Decimal("1.500"), Decimal("9.5"), Decimal(20), 10],
    "name": ["ada", "bob", "zz"],
    "nick": ["ada", "dee", "a%_b"],
    "doc__a": [1, 2, 5],
    "doc__b": ["p", "q"],
    "doc__price": [Decimal("9.90"), Decimal("9.95")],
    "meta__k": [1, 1.0, "1", 2],
    "meta__u__v__1": [1, 2],
    "city": ["Oslo", "Bern"],
}
TEAM_KEYS: list[Any] = [("N", 1), ("S", 2), ("S", 1)]


class World(NamedTuple):
    """The rows, and who is related to whom."""

    teams: list[Row]
    players: list[Row]

    def team(self, row: Row) -> Row | None:
        key = (row["team_region"], row["team_number"])
        return next((one for one in self.teams if (one["region"], one["number"]) == key), None)

    def coach(self, row: Row) -> Row | None:
        return next((one for one in self.players if one["id"] == row["coach_id"]), None)

    def coached(self, row: Row) -> list[Row]:
        return [one for one in self.players if one["coach_id"] == row["id"]]

    def of_team(self, row: Row | None) -> list[Row]:
        if row is None:
            return []
        key = (row["region"], row["number"])
        return [one for one in self.players if (one["team_region"], one["team_number"]) == key]

    def value(self, row: Row | None, path: str) -> Any:
        """What a path of single objects and documents leads to."""
        first, _, rest = path.partition("__")
        if row is None:
            return None
        if first in ("team", "coach"):
            return self.value(getattr(self, first)(row), rest)
        found: Any = row[first]
        for step in rest.split("__") if rest else ():
            if isinstance(found, Mapping):
                found = found.get(step)
            elif isinstance(found, list):
                found = found[int(step)] if int(step) < len(found) else None
            elif found is not None:
                found = getattr(found, step)
        return found


def rank(value: Any) -> Any:
    """What it is compared by."""
    if isinstance(value, Color):
        return COLORS.index(value)
    return value.value if isinstance(value, Level) else value


def opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth


def both(*truths: Truth) -> Truth:
    return False if False in truths else None if None in truths else True


def either(*truths: Truth) -> Truth:
    return opposite(both(*map(opposite, truths)))


class Said(NamedTuple):
    """A condition: keywords of one call, and which rows it holds for."""

    keywords: dict[str, Any]
    holds: Holds

    @property
    def q(self) -> Q:
        return Q(**self.keywords)


def comparison(chance: random.Random, world: World, path: str, kind: str) -> Said:
    """`path` compared with a value of a kind."""
    name = chance.choice([*COMPARING, "in", "notin", "isnull"])
    if name == "isnull":
        flag = chance.choice([True, False])
        return Said({f"{path}__isnull": flag}, lambda row: (world.value(row, path) is None) is flag)
    if name in ("in", "notin"):
        given = chance.sample([*VALUES[kind], None], chance.randint(0, 3))
        return Said({f"{path}__{name}": given}, lambda row: _among(world.value(row, path), given, name == "notin"))
    value = chance.choice(VALUES[kind])
    keyword = path if name == "eq" and chance.random() < 0.5 else f"{path}__{name}"
    return Said({keyword: value}, lambda row: _compared(world.value(row, path), name, value))


def _alike(one: Any, other: Any) -> bool:
    return isinstance(one, str) == isinstance(other, str)


def _compared(found: Any, name: str, value: Any) -> Truth:
    if found is None:
        return None
    if not _alike(found, value):  # in documents
        return {"eq": False, "ne": True}.get(name)
    return COMPARING[name](rank(found), rank(value))


def _among(found: Any, given: list[Any], negated: bool) -> Truth:
    items = [rank(one) for one in given if one is not None]
    if not items:
        return negated if not given else (found is None) is not negated
    if found is None:
        return True if None in given and not negated else None
    return any(_alike(rank(found), one) and rank(found) == one for one in items) is not negated


def leaf(chance: random.Random, world: World) -> Said:
    """One condition on rows of Player."""
    kind = chance.choice(["own", "own", "own", "text", "list", "one", "many", "pair", "key"])
    if kind == "own":
        path = chance.choice([path for path in VALUES if path != "city"])
        return comparison(chance, world, path, path)
    if kind == "text":
        path, how, part = (
            chance.choice(["name", "nick"]),
            chance.choice(["contains", "istartswith"]),
            chance.choice("aA%_d"),
        )
        return Said({f"{path}__{how}": part}, lambda row: _text(row[path], how, part))
    if kind == "list":
        item: Any = chance.choice([Color.RED, Color.BLUE, "x", "y"])
        key, how = (
            "tags" if isinstance(item, str) else "colors",
            chance.choice(["contains", "contains_all", "overlaps"]),
        )
        return Said({f"{key}__{how}": item if how == "contains" else [item]}, lambda row: item in row[key])
    if kind == "one":
        path, of = chance.choice(
            [("team__city", "city"), ("team__color", "color"), ("coach__age", "age"), ("coach__coach__level", "level"),
             ("coach__team__city", "city"), ("coach__doc__b", "doc__b"), ("coach__meta__k", "meta__k")]
        )  # fmt: skip
        said = comparison(chance, world, path, of)
        # A path says that there is such an object: never unknown.
        if said.keywords.get(f"{path}__isnull"):
            return said
        return Said(said.keywords, lambda row: _inner(world, row, path, said))
    if kind == "many":
        inner = leaf(chance, world)
        return Said(
            {f"coached__{keyword}": value for keyword, value in inner.keywords.items()},
            lambda row: any(inner.holds(one) is True for one in world.coached(row)),
        )
    if kind == "pair":
        age, name = chance.choice(VALUES["age"]), chance.choice(VALUES["name"])
        return Said(
            {"team__players__age": age, "team__players__name": name},
            lambda row: any(one["age"] == age and one["name"] == name for one in world.of_team(world.team(row))),
        )
    return _by_key(chance, world)


def _inner(world: World, row: Row, path: str, said: Said) -> Truth:
    at: Row | None = row
    *steps, _ = path.split("__")
    while steps and steps[0] in ("team", "coach"):
        at = getattr(world, steps.pop(0))(at)
        if at is None:
            return False
    return said.holds(row) is True


def _text(found: str, how: str, part: str) -> bool:
    return part in found if how == "contains" else found.lower().startswith(part.lower())


def _by_key(chance: random.Random, world: World) -> Said:
    key, who = chance.choice(TEAM_KEYS), UUID(int=chance.randint(1, len(world.players)))

    def of(row: Row) -> Any:
        return None if row["team_region"] is None else (row["team_region"], row["team_number"])

    return chance.choice(
        [
            Said({"team": key}, lambda row: None if of(row) is None else of(row) == key),
            Said({"team__ne": key}, lambda row: None if of(row) is None else of(row) != key),
            Said({"team__in": [key, None]}, lambda row: of(row) in (key, None)),
            Said({"coach": who}, lambda row: None if row["coach_id"] is None else row["coach_id"] == who),
            Said({"coach__isnull": True}, lambda row: row["coach_id"] is None),
            Said({"coached": who}, lambda row: any(one["id"] == who for one in world.coached(row))),
            Said({"coached__ne": who}, lambda row: all(one["id"] != who for one in world.coached(row))),
            Said({"coached__in": [who, None]}, lambda row: world.coached(row) == [] or any(one["id"] == who for one in world.coached(row))),
            Said({"coached__notin": [who, None]}, lambda row: world.coached(row) != [] and all(one["id"] != who for one in world.coached(row))),
            Said({"coached": None}, lambda row: world.coached(row) == []),
        ]
    )  # fmt: skip


def condition(chance: random.Random, world: World, depth: int = 2) -> tuple[Q, Holds]:
    """Conditions combined at will."""
    if not depth or chance.random() < 0.4:
        said = leaf(chance, world)
        return said.q, said.holds
    (one, mine), (other, theirs) = condition(chance, world, depth - 1), condition(chance, world, depth - 1)
    match chance.choice("&|~"):
        case "&":
            return one & other, lambda row: both(mine(row), theirs(row))
        case "|":
            return one | other, lambda row: either(mine(row), theirs(row))
        case _:
            return ~one, lambda row: opposite(mine(row))


SORTED_BY = [
    "name",
    "nick",
    "color",
    "level",
    "age",
    "score",
    "team__city",
    "team__color",
    "coach__name",
    "doc__b",
    "meta__k",
]


def ordered(rows: list[Row], world: World, terms: list[str], *, nulls_first: bool) -> list[Row]:
    """The rows in an order of names; `nulls_first`, ascending, as the database has it."""
    found = list(rows)
    for term in reversed(terms):
        name = term.removeprefix("-")

        def key(row: Row, name: str = name) -> Any:
            value = world.value(row, name)
            if value is None:
                return (0 if nulls_first else 2,)
            return 1, not isinstance(value, str), rank(value)

        found.sort(key=key, reverse=term.startswith("-"))
    return found


def order(chance: random.Random) -> list[str]:
    """Names, some of them the largest first, and the key at the end, for there to be one order."""
    terms = chance.sample(SORTED_BY, chance.randint(0, 2))
    return [chance.choice(["", "-"]) + one for one in terms] + [chance.choice(["id", "-id"])]
