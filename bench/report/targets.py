"""The figures against what we set out to reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.case import Group
from bench.report.measured import Measured, best

SLOWER_THAN_DRIVERS = 1.2
"""At driver level we may take at most this times what the best driver takes, where no goal says otherwise."""
OVERHEAD = dict.fromkeys(
    ("pg-query-sync", "pg-query-asyncio", "pg-query-uvloop", "sqlite-query-sync", "sqlite-query-asyncio"), 8e-6
)
"""Seconds of the client's CPU that a query object may cost over our own driver; the least of all rounds on both sides."""
FASTER_THAN_ORMS = 4.0
"""Where instances are built we are to be at least so many times faster than the best ORM, where no goal says otherwise."""


@dataclass(frozen=True)
class Goal:
    """What our cases of a group are to reach: `at_most` times what `peer` takes."""

    at_most: float
    peer: str = "driver"
    """The name of a case, or a kind: the fastest of that kind."""
    kinds: tuple[str, ...] = ("ferrow",)
    """Which of our cases are meant."""
    named: str = ""
    """What their names must contain."""


ORM = ("ferrow-orm",)
OURS = ("ferrow", "ferrow-orm")
SLOTS_ASYNC = "asyncpg and dataclass with slots by hand"
SLOTS_SYNC = "psycopg and dataclass with slots by hand"
PYDANTIC_ASYNC = "asyncpg and Pydantic model by hand"
PYDANTIC_SYNC = "psycopg and Pydantic model by hand"


def _on(loops: tuple[str, ...], name: str, *goals: Goal) -> dict[str, tuple[Goal, ...]]:
    return {f"{name}-{loop}": goals for loop in loops}


LOOPS = ("asyncio", "uvloop")
ALL = ("sync", *LOOPS)
DBAPI = ("sqlite3", "pg8000", "psycopg", "pymysql")
GOALS: dict[str, tuple[Goal, ...]] = {
    **_on(LOOPS, "pg-connect", Goal(0.75, "asyncpg connect")),
    "pg-point-sync": (Goal(0.80),),
    "pg-point-asyncio": (Goal(0.55, "asyncpg prepared statement"),),
    "pg-point-uvloop": (Goal(0.85, "asyncpg prepared statement"),),
    "pg-tasks-asyncio": (Goal(0.15, "asyncpg pool"),),
    "pg-tasks-uvloop": (Goal(0.20, "asyncpg pool"),),
    **_on(LOOPS, "pg-tasks-slow", Goal(1.0, "asyncpg pool")),
    **_on(ALL, "pg-rows", Goal(0.60)),
    **_on(LOOPS, "pg-wide", Goal(0.60)),
    **_on(ALL, "pg-many", Goal(0.50)),
    **_on(ALL, "pg-pipeline", Goal(0.50)),
    # Of five plain columns the server alone takes most of what the best driver takes: it is the other measure.
    **_on(ALL, "pg-copy", Goal(0.95), Goal(1.35, "Python socket, bytes only")),
    **_on(ALL, "pg-copy-wide", Goal(0.70)),
    "sqlite-point-sync": (Goal(0.80),),
    "sqlite-point-decoded-sync": (Goal(0.80),),
    **_on(LOOPS, "sqlite-point", Goal(0.30)),
    "sqlite-rows-sync": (Goal(0.75),),
    "sqlite-dicts-sync": (Goal(0.55),),
    "sqlite-insert-sync": (Goal(0.65),),
    **_on(
        LOOPS,
        "pg-instances",
        Goal(0.55, SLOTS_ASYNC, OURS, "class"),
        Goal(0.55, PYDANTIC_ASYNC, OURS, "Pydantic"),
        Goal(0.18, "orm", OURS),
    ),
    "pg-instances-sync": (
        Goal(0.55, SLOTS_SYNC, OURS, "class"),
        Goal(0.55, PYDANTIC_SYNC, OURS, "Pydantic"),
        Goal(0.18, "orm", OURS),
    ),
    **_on(
        LOOPS,
        "pg-wide-instances",
        Goal(0.55, "asyncpg with a JSON codec and dataclass with slots by hand", ORM, "class"),
        Goal(0.55, "asyncpg with a JSON codec and Pydantic model by hand", ORM, "Pydantic"),
    ),
    "pg-wide-instances-sync": (
        Goal(0.55, "psycopg binary and dataclass with slots by hand", ORM, "class"),
        Goal(0.55, "psycopg binary and Pydantic model by hand", ORM, "Pydantic"),
    ),
    "pg-get-sync": (Goal(0.12, "orm", ORM), Goal(1.0, "psycopg class_row, dataclass with slots", ORM)),
    **_on(LOOPS, "pg-get", Goal(0.12, "orm", ORM), Goal(0.90, "asyncpg and dataclass by keywords", ORM)),
    "pg-insert-sync": (Goal(0.20, "SQLAlchemy add_all and flush, psycopg", ORM),),
    **_on(LOOPS, "pg-insert", Goal(0.20, "SQLAlchemy add_all and flush, asyncpg", ORM)),
    "pg-unit-sync": (Goal(0.20, "orm", ORM),),
    **_on(LOOPS, "pg-unit", Goal(0.20, "orm", ORM)),
    **_on(ALL, "crud-pg-one", Goal(1.3, "Ferrow query_one", ORM)),
    **_on(ALL, "crud-pg-all", Goal(1 / 3, "psycopg dict rows and model_validate", ORM)),
    **_on(ALL, "pg-repository-get", Goal(1.2, "Ferrow session.get", ORM, "repository")),
    **_on(("sync", "asyncio"), "sqlite-repository-get", Goal(1.2, "Ferrow session.get", ORM, "repository")),
    **_on(ALL, "pg-repository-list", Goal(1.05, "Ferrow session.query.all", ORM, "repository")),
    **_on(("sync", "asyncio"), "sqlite-repository-list", Goal(1.05, "Ferrow session.query.all", ORM, "repository")),
    **{f"dbapi-repository-get-{name}": (Goal(1.5, kinds=ORM),) for name in DBAPI},
    **{f"dbapi-repository-list-{name}": (Goal(1.2, kinds=ORM),) for name in DBAPI},
    **{f"dbapi-repository-insert-{name}": (Goal(1 / 3, kinds=ORM),) for name in DBAPI},
    "sqlite-get-sync": (Goal(0.12, "orm", ORM),),
    "sqlite-get-asyncio": (Goal(0.12, "orm", ORM),),
    "sqlite-instances-sync": (Goal(0.16, "orm", ORM, "class"),),
    "sqlite-instances-asyncio": (Goal(0.16, "orm", ORM, "class"),),
    "sqlite-insert-all-sync": (Goal(0.20, "orm", ORM),),
    "sqlite-insert-all-asyncio": (Goal(0.20, "orm", ORM),),
    "any-declare": (Goal(0.15, "SQLAlchemy ORM", ORM),),
}
"""Goals of a group of cases; one that is not here has `USUAL`."""
USUAL = (Goal(SLOWER_THAN_DRIVERS), Goal(1 / FASTER_THAN_ORMS, "orm", OURS))


def render(found: dict[Group, list[Measured]]) -> str:
    """A line for each of our cases and goal."""
    lines = [
        "## Targets",
        "",
        f"Where nothing else is named: at most {SLOWER_THAN_DRIVERS} times the best driver, and at least {FASTER_THAN_ORMS:g} times as fast "
        "as the best ORM. Where the server sends or takes many rows at once (pg-rows, pg-wide, pg-copy), measure with `--apart`, too: "
        "client and server that share a core take turns.",
        "",
        "| group | case | against | its time | at most | reached |",
        "|---|---|---|---:|---:|---|",
    ]
    for group, cases in found.items():
        for goal in GOALS.get(group.name, () if group.name in OVERHEAD else USUAL):
            peer = _peer(goal, cases)
            if peer is not None:
                lines += [_line(group, one, peer, goal.at_most) for one in _meant(goal, cases)]
        if group.name in OVERHEAD:
            lines += _overhead(group, cases, OVERHEAD[group.name])
    return "\n".join([*lines, ""])


def _peer(goal: Goal, cases: list[Measured]) -> Measured | None:
    if goal.peer in ("driver", "orm"):
        return best(cases, goal.peer)
    return next((one for one in cases if one.case.name == goal.peer and one.wall), None)


def _meant(goal: Goal, cases: list[Measured]) -> Iterator[Measured]:
    return (one for one in cases if one.case.kind in goal.kinds and goal.named in one.case.name and one.wall)


def _line(group: Group, one: Measured, other: Measured, most: float) -> str:
    ratio = one.median / other.median
    reached = "yes" if ratio <= most else "**no**"
    return f"| {group.name} | {one.case.name} | {other.case.name} | {ratio:.2f} | {most:.2f} | {reached} |"


def _overhead(group: Group, cases: list[Measured], most: float) -> list[str]:
    driver = best(cases, "driver")
    if driver is None:
        return []
    lines = []
    for one in cases:
        if one.case.kind in OURS and one.wall:
            more = min(one.cpu) - min(driver.cpu)
            reached = "yes" if more <= most else "**no**"
            shown = f"{more * 1e6:.1f} µs of CPU more | {most * 1e6:g} µs | {reached} |"
            lines.append(f"| {group.name} | {one.case.name} | {driver.case.name} | {shown}")
    return lines
