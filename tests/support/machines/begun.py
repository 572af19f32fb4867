"""A session outside of a block of its own: each outermost `begin()` is a unit of work that ends with it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from types import ModuleType

from hypothesis.stateful import precondition, rule

from tests.support.machines.colour import Colour
from tests.support.machines.direct import Direct
from tests.support.machines.units import Undo


class Begun(Direct):
    """There is always such a block around the operations; instances are followed to its end."""

    def __init__(self, colour: Colour, models: ModuleType) -> None:
        super().__init__(colour, models)
        self.exit(self.session)
        self.session = colour.session()
        self.begin_anew()

    def begin_anew(self) -> None:
        self.known.clear()
        self.rows.clear()
        block = self.session.begin()
        self.enter(block)
        self.blocks.append((block, 0, copy.deepcopy(self.view)))

    def read_again(self, keys: Iterable[int]) -> None:
        if self.blocks:  # else the unit has ended
            super().read_again(keys)

    def teardown(self) -> None:
        for block, _, _ in reversed(self.blocks):
            self.exit(block, Undo())

    @rule()
    @precondition(lambda self: self.blocks)
    def leave(self) -> None:
        super().leave()
        if not self.blocks:
            self.begin_anew()

    @rule()
    @precondition(lambda self: self.blocks)
    def leave_by_an_exception(self) -> None:
        super().leave_by_an_exception()
        if not self.blocks:
            self.begin_anew()
