"""The figures against what we set out to reach."""

from __future__ import annotations

from bench.case import Group
from bench.report.measured import Measured, best

SLOWER_THAN_DRIVERS = 1.2
"""At driver level we may take at most this times what the best driver takes."""
OF_GROUP = {
    "pg-connect-asyncio": 0.75,
    "pg-connect-uvloop": 0.75,
    "pg-point-sync": 0.80,
    "pg-point-asyncio": 0.55,
    "pg-point-uvloop": 0.85,
    "pg-tasks-asyncio": 0.15,
    "pg-tasks-uvloop": 0.20,
    "pg-tasks-slow-asyncio": 1.0,
    "pg-tasks-slow-uvloop": 1.0,
    "pg-rows-sync": 0.60,
    "pg-rows-asyncio": 0.60,
    "pg-rows-uvloop": 0.60,
    "pg-wide-asyncio": 0.60,
    "pg-wide-uvloop": 0.60,
    "pg-many-asyncio": 0.85,
    "pg-many-uvloop": 0.85,
    "pg-pipeline-sync": 0.50,
    "pg-pipeline-asyncio": 0.50,
    "pg-pipeline-uvloop": 0.50,
    "pg-copy-sync": 0.70,
    "pg-copy-asyncio": 0.70,
    "pg-copy-uvloop": 0.70,
    "sqlite-point-sync": 0.80,
    "sqlite-point-decoded-sync": 0.80,
    "sqlite-point-asyncio": 0.30,
    "sqlite-point-uvloop": 0.30,
    "sqlite-rows-sync": 0.75,
    "sqlite-dicts-sync": 0.55,
    "sqlite-insert-sync": 0.65,
}
"""The same where we have set out to do better than the best driver."""
PEERS = {
    "pg-connect-asyncio": "asyncpg connect",
    "pg-connect-uvloop": "asyncpg connect",
    "pg-point-asyncio": "asyncpg prepared statement",
    "pg-point-uvloop": "asyncpg prepared statement",
    "pg-tasks-asyncio": "asyncpg pool",
    "pg-tasks-uvloop": "asyncpg pool",
    "pg-tasks-slow-asyncio": "asyncpg pool",
    "pg-tasks-slow-uvloop": "asyncpg pool",
}
"""Whom a group is judged against, where that is not the fastest driver in it."""
OVERHEAD = {"pg-query-sync": 8e-6, "sqlite-query-sync": 8e-6}
"""Seconds of the client's CPU that a query object may cost over our own driver; the least of all rounds on both sides."""
FASTER_THAN_ORMS = 4.0
"""Where instances are built we are to be at least so many times faster than the best ORM."""


def render(found: dict[Group, list[Measured]]) -> str:
    """A line for each of our cases and target."""
    lines = [
        "## Targets",
        "",
        f"At most {SLOWER_THAN_DRIVERS} times the best driver, or what is named; at least {FASTER_THAN_ORMS:g} times as fast as the best ORM.",
        "",
        "| group | case | against | ratio | reached |",
        "|---|---|---|---:|---|",
    ]
    for group, cases in found.items():
        named = [one for one in cases if one.case.name == PEERS.get(group.name)]
        driver, orm = best(named or cases, "driver"), best(cases, "orm")
        for one in cases:
            if not one.case.kind.startswith("ferrow") or not one.wall:
                continue
            if driver is not None and one.case.kind == "ferrow":
                ratio = one.median / driver.median
                most = OF_GROUP.get(group.name, SLOWER_THAN_DRIVERS)
                shown = f"{ratio:.2f} × its time" + (f" (at most {most:.2f})" if group.name in OF_GROUP else "")
                lines.append(_line(group, one, driver, shown, ratio <= most))
            if driver is not None and group.name in OVERHEAD:
                more, most = min(one.cpu) - min(driver.cpu), OVERHEAD[group.name]
                shown = f"{more * 1e6:.1f} µs of CPU more (at most {most * 1e6:g})"
                lines.append(_line(group, one, driver, shown, more <= most))
            if orm is not None:
                ratio = orm.median / one.median
                lines.append(_line(group, one, orm, f"{ratio:.1f} × as fast", ratio >= FASTER_THAN_ORMS))
    return "\n".join([*lines, ""])


def _line(group: Group, one: Measured, other: Measured, ratio: str, reached: bool) -> str:
    return f"| {group.name} | {one.case.name} | {other.case.name} | {ratio} | {'yes' if reached else '**no**'} |"
