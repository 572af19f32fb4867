"""The figures against what we set out to reach."""

from __future__ import annotations

from bench.case import Group
from bench.report.measured import Measured, best

SLOWER_THAN_DRIVERS = 1.2
"""At driver level we may take at most this times what the best driver takes."""
FASTER_THAN_ORMS = 4.0
"""Where instances are built we are to be at least so many times faster than the best ORM."""


def render(found: dict[Group, list[Measured]]) -> str:
    """A line for each of our cases and target."""
    lines = [
        "## Targets",
        "",
        f"At most {SLOWER_THAN_DRIVERS} times the best driver; at least {FASTER_THAN_ORMS:g} times as fast as the best ORM.",
        "",
        "| group | case | against | ratio | reached |",
        "|---|---|---|---:|---|",
    ]
    for group, cases in found.items():
        driver, orm = best(cases, "driver"), best(cases, "orm")
        for one in cases:
            if not one.case.kind.startswith("ferrow") or not one.wall:
                continue
            if driver is not None and one.case.kind == "ferrow":
                ratio = one.median / driver.median
                lines.append(_line(group, one, driver, f"{ratio:.2f} × its time", ratio <= SLOWER_THAN_DRIVERS))
            if orm is not None:
                ratio = orm.median / one.median
                lines.append(_line(group, one, orm, f"{ratio:.1f} × as fast", ratio >= FASTER_THAN_ORMS))
    return "\n".join([*lines, ""])


def _line(group: Group, one: Measured, other: Measured, ratio: str, reached: bool) -> str:
    return f"| {group.name} | {one.case.name} | {other.case.name} | {ratio} | {'yes' if reached else '**no**'} |"
