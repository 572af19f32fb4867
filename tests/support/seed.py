"""Where a test's random numbers begin: anywhere, unless FERROW_TEST_SEED repeats a run."""

from __future__ import annotations

import os
import random


def seed() -> int:
    """A number that the test prints, so that a failure says how to see it again."""
    found = int(os.environ.get("FERROW_TEST_SEED") or random.SystemRandom().randrange(2**32))
    print(f"FERROW_TEST_SEED={found}")  # noqa: T201
    return found
