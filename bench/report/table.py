"""One Markdown table per group."""

from __future__ import annotations

from bench.case import Group
from bench.report.measured import Measured, best


def render(group: Group, found: list[Measured]) -> str:
    """Medians with quartiles, fastest first, and their ratio to the best peer and to the floor."""
    peer = best(found, "driver", "orm")
    floor = best(found, "floor")
    lines = [
        f"## {group.title} ({group.name})",
        "",
        f"| case | kind | median per {group.unit} | quartiles | client CPU | × best peer | × floor |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for one in sorted((one for one in found if one.wall), key=lambda one: one.median):
        low, high = one.quartiles
        name = f"**{one.case.name}**" if one.case.kind.startswith("ferrow") else one.case.name
        lines.append(
            f"| {name} | {one.case.kind} | {seconds(one.median)} | {seconds(low)} to {seconds(high)} "
            f"| {seconds(one.median_cpu)} | {_ratio(one, peer)} | {_ratio(one, floor)} |"
        )
    lines += [f"| {one.case.name} | {one.case.kind} | {one.trouble} | | | | |" for one in found if one.trouble]
    return "\n".join([*lines, "", *_busy(found)])


def seconds(value: float) -> str:
    """A duration with three digits: `12.3 µs`."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def _ratio(one: Measured, reference: Measured | None) -> str:
    return "" if reference is None else f"{one.median / reference.median:.2f}"


def _busy(found: list[Measured]) -> list[str]:
    shares = [share for one in found for share in one.others]
    average = sum(shares) / len(shares) if shares else 0.0
    if average < 0.2:
        return []
    return [f"Other programs used {average:.0%} of the machine meanwhile: trust the order more than the ratios.", ""]
