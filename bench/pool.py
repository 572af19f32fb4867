"""The tables of docs/pool.md: `python -m bench.pool [runs]`, three runs if not said, four minutes in all.

The figures of one run each, as they come: `python -m bench.healing`, `python -m bench.acquiring`.
"""

from __future__ import annotations

import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from bench import acquiring, healing
from bench.acquiring import Overshoot
from bench.healing import Outcome

Place = tuple[str, str]
"""What happens, and the call style."""


def healed(runs: Sequence[dict[Place, Outcome]]) -> Iterator[str]:
    """From the best to the worst of several runs; queries are added up."""
    yield "| | | errors of clients at work | healed after (ms) | deadline passed by (ms) | errors if all were idle | wrong answers |"
    yield "|---|---|---|---|---|---|---|"
    for name, colour in runs[0]:
        found = [run[name, colour] for run in runs]
        cells = [
            healing.OUTAGES[name],
            colour,
            _errors([one.errors for one in found]),
            "never" if any(one.healed is None for one in found) else _median([one.healed or 0 for one in found]),
            _median([one.overshoot for one in found if one.overshoot is not None]),
            _range([one.idle for one in found]),
            f"{sum(one.wrong for one in found)} of {sum(one.asked for one in found):,}",
        ]
        yield f"| {' | '.join(cells)} |"


def late(runs: Sequence[dict[Place, Overshoot]]) -> Iterator[str]:
    """The median of several runs, and from the best to the worst."""
    yield "| | | median | 99th percentile |"
    yield "|---|---|---|---|"
    for name, colour in runs[0]:
        found = [run[name, colour] for run in runs]
        yield f"| {name} | {colour} | {_median([one.median for one in found])} | {_median([one.p99 for one in found])} |"


def _errors(runs: Sequence[Counter[str]]) -> str:
    """`8 lost, 22 to 97 refused`."""
    kinds = sorted(set().union(*runs))
    return ", ".join(f"{_range([run[kind] for run in runs])} {kind}" for kind in kinds) or "none"


def _median(times: Sequence[float]) -> str:
    """`1.4 (0.2 to 3.0)`; nothing of nothing."""
    if not times:
        return ""
    middle, around = _said(statistics.median(times)), _range(times)
    return middle if middle == around else f"{middle} ({around})"


def _range(figures: Sequence[float]) -> str:
    low, high = _said(min(figures)), _said(max(figures))
    return low if low == high else f"{low} to {high}"


def _said(figure: float) -> str:
    return f"{figure:.1f}" if isinstance(figure, float) and figure < 10 else f"{figure:.0f}"


def main(runs: int = 3) -> None:
    """Print both tables."""
    outcomes = [{(name, colour): one for name, colour, one in healing.outcomes()} for _ in range(runs)]
    print(*healed(outcomes), "", sep="\n", flush=True)
    overshoots = [{(name, colour): one for name, colour, one in acquiring.overshoots()} for _ in range(runs)]
    print(*late(overshoots), sep="\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
