"""Rounds over the cases of one group."""

from __future__ import annotations

import random
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bench import quiet
from bench.case import Case
from bench.process import Worker
from bench.report.measured import Measured


def measure(
    cases: Sequence[Case], rounds: int, patience: float, cores: AbstractSet[int] | None = None
) -> list[Measured]:
    """Measure the cases of one group, one at a time, in a new random order in every round; on these cores only, if so."""
    workers = [Worker(case, cores) for case in cases]
    results = {worker: Measured(worker.case) for worker in workers}
    try:
        for _ in range(rounds):
            for worker in random.sample(workers, len(workers)):
                if worker.trouble is not None:
                    continue
                others = quiet.wait(patience)
                times = worker.measure()
                if times is not None:
                    results[worker].add(times["wall"], times["cpu"], others)
    finally:
        for worker in workers:
            worker.close()
    for worker, result in results.items():
        result.trouble = worker.trouble
    return list(results.values())
