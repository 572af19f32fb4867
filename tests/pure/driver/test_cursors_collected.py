"""A connection is closed while the garbage collector takes its cursors away."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from ferrow.driver.implicit import Implicit


class Cursor:
    """One that is part of a cycle, as those that an exception's traceback holds."""

    def __init__(self) -> None:
        self.me = self

    def _end(self, rest: Any) -> None:
        pass


@pytest.mark.parametrize("allocations", range(8))
def test_closing_while_cursors_are_collected(allocations: int) -> None:
    """On Python 3.11 any allocation may begin a collection, also one of what looks at them."""
    implicit = Implicit()
    before = gc.get_threshold()
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            cursor: Any = Cursor()
            implicit.made(cursor)
        del cursor
        gc.set_threshold(gc.get_count()[0] + allocations, *before[1:])
        gc.enable()
        implicit.disconnect()
    finally:
        gc.set_threshold(*before)
        gc.enable()
