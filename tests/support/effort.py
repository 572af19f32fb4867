"""How hard the tests try: `make campaign` has them try many times as hard as `make test`."""

from __future__ import annotations

import os

VARIABLE = "FERROW_TEST_EFFORT"
EFFORT = int(os.environ.get(VARIABLE, "1"))


def times(count: int) -> int:
    """How many examples to take where one in a test run takes `count`."""
    return count * EFFORT
