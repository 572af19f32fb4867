"""The tables of docs/pool.md: `python -m bench.pool [runs]`, three runs if not said; takes about four minutes.

The figures of one run each, as they come: `python -m bench.healing`, `python -m bench.acquiring`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from bench import acquiring, healing
from bench.acquiring import Overshoot
from bench.healing import Outcome

Place = tuple[str, str]
"""What happens, and the call style."""


def healed(runs: Sequence[dict[Place, Outcome]]) -> Iterator[str]:
    """The worst of several runs, figure by figure; queries are added up."""
    yield "| | | errors of clients at work | healed after | deadline passed by | errors if all were idle | wrong answers |"
    yield "|---|---|---|---|---|---|---|"
    for name, colour in runs[0]:
        found = [run[name, colour] for run in runs]
        errors: Counter[str] = Counter()
        for one in found:
            errors |= one.errors
        times = [one.healed for one in found if one.healed is not None]
        late = [one.overshoot for one in found if one.overshoot is not None]
        yield (
            "| "
            + " | ".join(
                [
                    healing.OUTAGES[name],
                    colour,
                    healing.told(errors),
                    f"{max(times):.0f} ms" if len(times) == len(found) else "never",
                    f"{max(late):.0f} ms" if late else "",
                    f"{max(one.idle for one in found)}",
                    f"{sum(one.wrong for one in found)} of {sum(one.asked for one in found):,}",
                ]
            )
            + " |"
        )


def late(runs: Sequence[dict[Place, Overshoot]]) -> Iterator[str]:
    """From the best to the worst of several runs."""
    yield "| | | median | 99th percentile |"
    yield "|---|---|---|---|"
    for name, colour in runs[0]:
        found = [run[name, colour] for run in runs]
        yield f"| {name} | {colour} | {_range([one.median for one in found])} | {_range([one.p99 for one in found])} |"


def _range(times: Sequence[float]) -> str:
    low, high = _said(min(times)), _said(max(times))
    return low if low == high else f"{low} to {high}"


def _said(time: float) -> str:
    return f"{time:.1f}" if time < 10 else f"{time:.0f}"


def main(runs: int = 3) -> None:
    """Print both tables."""
    outcomes = [{(name, colour): one for name, colour, one in healing.outcomes(healing.SECONDS)} for _ in range(runs)]
    print(*healed(outcomes), "", sep="\n", flush=True)
    overshoots = [
        {(name, colour): one for name, colour, one in acquiring.overshoots(acquiring.ROUNDS, acquiring.SECONDS)}
        for _ in range(runs)
    ]
    print(*late(overshoots), sep="\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
