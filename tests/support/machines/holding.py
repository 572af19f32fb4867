"""Any way of holding instances, or parts of them, and of letting go of them: every change is saved, and one row is one instance."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable
from types import ModuleType
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.support.holding import INSTANCES, PARTS
from tests.support.machines.colour import Colour

Row = tuple[int, dict[str, Any], list[str]]
DOCUMENT = {"list": [0], "deep": [[0]]}
NUMBER = st.integers(0, 5)


class Undo(Exception):
    """What leaves a block that is to be undone."""


class Holding(RuleBasedStateMachine):
    """`rows` is what the session must see at any time; `held` gives back instances, `parts` change documents and lists in place."""

    def __init__(self, colour: Colour, models: ModuleType) -> None:
        super().__init__()
        self.do, self.enter, self.exit = colour.do, colour.enter, colour.exit
        self.model = models.Item
        self.other = colour.other
        self.do(self.other.query(self.model).delete())
        new = [self.model(name=f"n{number}", document=DOCUMENT, tags=["0"]) for number in range(6)]
        self.keys = [one.id for one in self.do(self.other.insert_all(new))]
        self.session = colour.session()
        self.block = self.session.begin()
        self.enter(self.block)
        self.rows: dict[int, Row] = {key: (0, copy.deepcopy(DOCUMENT), ["0"]) for key in self.keys}
        self.held: dict[int, Callable[[], Any]] = {}
        self.parts: list[tuple[int, str, Callable[[int], Any]]] = []
        self.inner: list[tuple[Any, dict[int, Row]]] = []

    def teardown(self) -> None:
        while self.inner:
            self.leave()
        self.held.clear()
        self.parts.clear()
        self.exit(self.block)
        assert self.seen(self.other) == self.rows

    def seen(self, session: Any) -> dict[int, Row]:
        """The rows, without reading instances."""
        query = session.query(self.model).order_by("id")
        return {key: tuple(row) for key, *row in self.do(query.values_list("id", "count", "document", "tags"))}

    def read(self, number: int, way: str, holder: Callable[[Any], Any]) -> Any:
        """What holds an instance, once nobody else does: a stream has passed it."""
        key = self.keys[number]
        if way == "get":
            return holder(self.do(self.session.get(self.model, key)))
        query = self.session.query(self.model).order_by("id")
        if way == "all":
            return holder(self.do(query.all())[number])
        stream = query.stream(batch_size=1)
        pieces = self.enter(stream)
        found = None
        while piece := self.do(pieces.fetch(1)):
            if piece[0].id == key:
                found = holder(piece[0])
            piece.clear()
        self.exit(stream)
        return found

    # --- operations --------------------------------------------------------------------------------------------------

    @rule(number=NUMBER, way=st.sampled_from(["get", "all", "stream"]), holder=st.sampled_from(sorted(INSTANCES)))
    def hold(self, number: int, way: str, holder: str) -> None:
        known = self.held.pop(number, None)
        before = None if known is None else known()
        self.held[number] = self.read(number, way, lambda one: self.holding(one, before, holder))

    def holding(self, one: Any, before: Any, holder: str) -> Any:
        if isinstance(before, self.model):
            assert one is before
        try:
            return INSTANCES[holder](one)
        except TypeError:  # slots only
            return INSTANCES["tuple"](one)

    @rule(number=NUMBER, way=st.sampled_from(["get", "all", "stream"]), part=st.sampled_from(sorted(PARTS)))
    def hold_part(self, number: int, way: str, part: str) -> None:
        self.parts.append((number, part, self.read(number, way, PARTS[part])))

    @rule(number=NUMBER, value=st.integers(1, 9))
    def change(self, number: int, value: int) -> None:
        """What is held is held no longer, once it was changed."""
        held = self.held.pop(number, None)
        if held is not None:
            held().count = value
            key = self.keys[number]
            self.rows[key] = (value, *self.rows[key][1:])

    @rule(number=NUMBER, way=st.sampled_from(["get", "all", "stream"]), value=st.integers(1, 9))
    def change_at_once(self, number: int, way: str, value: int) -> None:
        self.read(number, way, lambda one: setattr(one, "count", value))
        key = self.keys[number]
        self.rows[key] = (value, *self.rows[key][1:])

    @rule(draw=st.integers(0, 20), value=st.integers(1, 9), keep=st.booleans())
    def change_part(self, draw: int, value: int, keep: bool) -> None:
        if not self.parts:
            return
        place = draw % len(self.parts)
        number, part, change = self.parts[place] if keep else self.parts.pop(place)
        change(value)
        _, document, tags = self.rows[self.keys[number]]
        if part == "list":
            tags.append(str(value))
        elif part in ("document", "method of a document"):
            document["more"] = value
        elif part == "inside a list of a document":
            document["deep"][0].append(value)
        else:
            document["list"].append(value)

    @rule(draw=st.integers(0, 20))
    def drop(self, draw: int) -> None:
        self.held.pop(draw % 6, None)
        if self.parts:
            del self.parts[draw % len(self.parts)]

    @rule()
    def collect(self) -> None:
        gc.collect()

    @rule()
    @precondition(lambda self: len(self.inner) < 2)
    def begin(self) -> None:
        block = self.session.begin()
        self.enter(block)
        self.inner.append((block, copy.deepcopy(self.rows)))

    @rule()
    @precondition(lambda self: self.inner)
    def leave(self) -> None:
        self.exit(self.inner.pop()[0])

    @rule()
    @precondition(lambda self: self.inner)
    def leave_by_an_exception(self) -> None:
        block, self.rows = self.inner.pop()
        self.exit(block, Undo())
        self.parts.clear()  # instances have got other documents

    # --- what must hold ----------------------------------------------------------------------------------------------

    @invariant()
    def everything_is_saved(self) -> None:
        assert self.seen(self.session) == self.rows
