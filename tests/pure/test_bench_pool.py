"""The tables that `python -m bench.pool` prints, without an outage."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bench import acquiring, healing, pool
from bench.acquiring import Overshoot
from bench.healing import Outcome

COLOURS = ("blocking", "asyncio")
ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/pool.md"


def outcome(lost: int, healed: float | None, overshoot: float | None, asked: int) -> Outcome:
    return Outcome(Counter(lost=lost, late=lost - 8), healed, overshoot, lost - 8, 0, asked)


def test_an_outage_of_several_runs() -> None:
    runs = [outcome(8, 20.4, None, 1000), outcome(9, 11, 7.6, 500), outcome(8, 13.2, None, 500)]
    place = ("terminated", "blocking")
    assert [*pool.healed([{place: run} for run in runs])][2] == (
        "| all sessions are terminated | blocking | 0 to 1 late, 8 to 9 lost | 13 (11 to 20) | 7.6 | 0 to 1 | 0 of 2,000 |"
    )
    assert "| never |" in [*pool.healed([{place: runs[0]}, {place: outcome(8, None, None, 1)}])][2]


def test_the_median_of_the_runs_and_their_range() -> None:
    place = ("all are lent", "asyncio")
    runs = [{place: Overshoot(*times)} for times in ((1.44, 17.6, 20), (0.2, 5.0, 6), (1.04, 9.0, 9))]
    assert [*pool.late(runs)][2] == "| all are lent | asyncio | 1.0 (0.2 to 1.4) | 9.0 (5.0 to 18) |"


def test_they_are_the_tables_of_the_document() -> None:
    made = [
        *pool.healed([{(name, colour): outcome(8, 1, None, 1) for name in healing.OUTAGES for colour in COLOURS}]),
        *pool.late([{(name, colour): Overshoot(1, 2, 3) for name in acquiring.CASES for colour in COLOURS}]),
    ]
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith(("| ", "|--"))]
    places = [_place(line) for line in lines]
    for line in made:
        assert _place(line) in places


def _place(line: str) -> tuple[object, ...]:
    cells = line.split("|")
    return (len(cells), *(cells if not cells[1].strip() else cells[1:3]))
