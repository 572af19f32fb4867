"""Any order of session operations, against a model of plain dicts: rows as the program may see them, and as it may not."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ferrow.errors import NoResultFound, UniqueViolation
from tests.support.machines.colour import Colour

Row = dict[str, Any]
FIELDS = ("name", "count", "document")


class Undo(Exception):
    """What leaves a block that is to be undone."""


def row_of(instance: Any) -> Row:
    return {field: getattr(instance, field) for field in FIELDS}


class Machine(RuleBasedStateMachine):
    """`committed` is what others see, `view` what this session sees, `rows` what was last read or written of what is followed."""

    def __init__(self, colour: Colour, models: ModuleType) -> None:
        super().__init__()
        self.do = colour.do
        self.models = models
        self.other = colour.other
        self.do(self.other.query(models.Item).delete())
        self.session = colour.session()
        colour.enter(self.session)
        self.enter, self.exit = colour.enter, colour.exit
        self.names = 0
        self.committed: dict[int, Row] = {}
        self.view: dict[int, Row] = {}
        self.rows: dict[int, Row] = {}
        self.known: dict[int, Any] = {}
        self.added: list[Any] = []
        self.removed: dict[int, Any] = {}
        self.log: list[tuple[str, int, Any, Any]] = []
        self.blocks: list[tuple[Any, int, dict[int, Row]]] = []
        self.implicit = False
        self.due: list[int] = []

    def teardown(self) -> None:
        self.exit(self.session, Undo())
        for block, _, _ in self.blocks:
            self.exit(block, Undo())

    # --- the model ---------------------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        return self.implicit or bool(self.blocks)

    def dirty(self) -> list[int]:
        return [key for key, one in self.known.items() if key not in self.removed and row_of(one) != self.rows[key]]

    def wrong(self) -> list[int]:
        """The followed rows that somebody else has deleted, which are to be written."""
        return [key for key in (*self.dirty(), *self.removed) if key not in self.view]

    def flushed(self) -> None:
        """What a flush does, in the model; its keys are known afterwards."""
        if not (self.added or self.removed or self.due):
            return
        self.implicit = self.implicit or not self.blocks
        for key in self.due:
            now = copy.deepcopy(row_of(self.known[key]))
            changed = {field: value for field, value in now.items() if value != self.rows[key][field]}
            self.log.append(("saved", key, self.known[key], self.rows[key]))
            self.view[key] = self.view[key] | copy.deepcopy(changed)
            self.rows[key] = now
        for key, one in self.removed.items():
            self.log.append(("removed", key, one, self.rows.pop(key)))
            del self.view[key], self.known[key]
        for one in self.added:
            self.log.append(("inserted", one.id, one, None))
            self.view[one.id] = copy.deepcopy(row_of(one))
            self.rows[one.id] = copy.deepcopy(row_of(one))
            self.known[one.id] = one
        self.added, self.removed = [], {}

    def log_if_open(self, kind: str, key: int, one: Any, was: Any) -> None:
        if self.open:
            self.log.append((kind, key, one, was))

    def undone(self, mark: int, view: dict[int, Row]) -> None:
        self.view = view
        first = [key for kind, key, _, _ in self.log[mark:] if kind == "first"]
        for kind, key, one, was in reversed(self.log[mark:]):
            if kind == "inserted":
                self.rows.pop(key, None)
                self.known.pop(key, None)
                assert one.id is None
            elif kind == "removed":
                self.known[key], self.rows[key] = one, was
            elif key in self.known and kind != "first":
                self.rows[key] = was
        del self.log[mark:]
        self.added, self.removed = [], {}
        self.read_again(dict.fromkeys(first))
        for key, one in self.known.items():
            assert row_of(one) == self.rows[key]

    def read_again(self, keys: Iterable[int]) -> None:
        """What was first read in what is undone is what its row is then; without one it is followed no longer."""
        for key in keys:
            if key not in self.known:
                continue
            if key in self.view:
                self.rows[key] = copy.deepcopy(self.view[key])
                self.log_if_open("first", key, self.known[key], None)
            else:
                assert self.known.pop(key) not in self.session
                del self.rows[key]

    def ended(self) -> None:
        self.implicit = False
        self.log.clear()

    def flushing(self, call: Any) -> Any:
        """Make a call that flushes first; a row that is gone is an error that changes nothing."""
        wrong = self.wrong()
        self.due = self.dirty()  # before the call: what it reads changes instances, too
        if not wrong:
            return self.do(call())
        new, opened = list(self.added), self.implicit
        with pytest.raises(NoResultFound):
            self.do(call())
        assert all(one is other for one, other in zip(self.session.new, new, strict=True))
        assert all(one.id is None for one in new)
        assert self.implicit == opened
        for key in wrong:
            self.session.expunge(self.known.pop(key))
            del self.rows[key]
            self.removed.pop(key, None)
        self.due = self.dirty()
        return self.do(call())

    def pick(self, draw: int) -> int | None:
        return sorted(self.known)[draw % len(self.known)] if self.known else None

    # --- operations --------------------------------------------------------------------------------------------------

    @rule(count=st.integers(0, 3))
    def add(self, count: int) -> None:
        self.names += 1
        one = self.models.Item(name=f"n{self.names}", count=count, document={"list": [count]})
        self.session.add(one)
        self.added.append(one)

    @rule(counts=st.lists(st.integers(0, 3), max_size=3))
    def add_all(self, counts: list[int]) -> None:
        new = []
        for count in counts:
            self.names += 1
            new.append(self.models.Item(name=f"n{self.names}", count=count))
        self.session.add_all(new)
        self.added += new

    @rule(draw=st.integers(0, 20))
    def get(self, draw: int) -> None:
        keys = sorted(self.view) or [4711]
        key = keys[draw % len(keys)]
        found = self.flushing(lambda: self.session.get(self.models.Item, key))
        self.flushed()
        assert (found is None) == (key not in self.view)
        if found is not None:
            self.seen(key, found)

    @rule()
    def query(self) -> None:
        found = self.flushing(lambda: self.session.query(self.models.Item).order_by("id").all())
        self.flushed()
        assert [one.id for one in found] == sorted(self.view)
        for one in found:
            self.seen(one.id, one)

    def seen(self, key: int, found: Any) -> None:
        """A row was read, and nothing was unsaved."""
        if key in self.known:
            assert found is self.known[key]
            self.log_if_open("reread", key, found, self.rows[key])
        else:
            self.log_if_open("first", key, found, None)
        self.known[key] = found
        self.rows[key] = copy.deepcopy(self.view[key])
        assert row_of(found) == self.rows[key]

    @rule(draw=st.integers(0, 20), count=st.integers(0, 3))
    def change(self, draw: int, count: int) -> None:
        if (key := self.pick(draw)) is not None:
            self.known[key].count = count

    @rule(draw=st.integers(0, 20))
    def rename(self, draw: int) -> None:
        if (key := self.pick(draw)) is not None:
            self.names += 1
            self.known[key].name = f"n{self.names}"

    @rule(
        draw=st.integers(0, 20), value=st.one_of(st.integers(0, 3), st.text(max_size=3).filter(lambda t: "\0" not in t))
    )
    def change_in_place(self, draw: int, value: Any) -> None:
        if (key := self.pick(draw)) is not None:
            self.known[key].document.setdefault("list", []).append(value)

    @rule(draw=st.integers(0, 20))
    def delete(self, draw: int) -> None:
        if (key := self.pick(draw)) is not None:
            self.do(self.session.delete(self.known[key]))
            self.removed[key] = self.known[key]

    @rule(draw=st.integers(0, 20))
    def keep(self, draw: int) -> None:
        if self.removed:
            key = sorted(self.removed)[draw % len(self.removed)]
            self.session.add(self.removed.pop(key))

    @rule()
    def flush(self) -> None:
        self.flushing(self.session.flush)
        self.flushed()

    @rule()
    def fail(self) -> None:
        """A flush that fails changes nothing."""
        if not self.view or self.wrong():
            return
        taken = next(iter(self.view.values()))["name"]
        if any(
            key in self.removed or row_of(one)["name"] != self.view.get(key, {}).get("name")
            for key, one in self.known.items()
        ):
            return  # the name may be free by then
        bad = self.models.Item(name=taken)
        self.session.add(bad)
        with pytest.raises(UniqueViolation):
            self.do(self.session.flush())
        self.session.expunge(bad)
        assert bad.id is None

    @rule()
    @precondition(lambda self: not self.blocks)
    def commit(self) -> None:
        self.flushing(self.session.commit)
        self.flushed()
        self.committed = copy.deepcopy(self.view)
        self.ended()

    @rule()
    @precondition(lambda self: not self.blocks)
    def rollback(self) -> None:
        self.do(self.session.rollback())
        self.undone(0, copy.deepcopy(self.committed))
        self.ended()

    @rule()
    @precondition(lambda self: len(self.blocks) < 3)
    def begin(self) -> None:
        if self.open:
            self.flushing(self.session.flush)
            self.flushed()
        block = self.session.begin()
        self.enter(block)
        self.blocks.append((block, len(self.log), copy.deepcopy(self.view)))

    @rule()
    @precondition(lambda self: self.blocks)
    def leave(self) -> None:
        self.flushing(self.session.flush)
        self.flushed()
        block, _, _ = self.blocks.pop()
        self.exit(block)
        if not self.open:
            self.committed = copy.deepcopy(self.view)
            self.ended()

    @rule()
    @precondition(lambda self: self.blocks)
    def leave_by_an_exception(self) -> None:
        block, mark, view = self.blocks.pop()
        self.exit(block, Undo())
        self.undone(mark, view)
        if not self.open:
            self.ended()

    @rule(draw=st.integers(0, 20), count=st.integers(0, 3), delete=st.booleans())
    @precondition(lambda self: not self.open)
    def somebody_else(self, draw: int, count: int, delete: bool) -> None:
        if not self.committed:
            return
        key = sorted(self.committed)[draw % len(self.committed)]
        found = self.other.query(self.models.Item).filter(id=key)
        if delete:
            assert self.do(found.delete()) == 1
            del self.committed[key], self.view[key]
        else:
            assert self.do(found.update(count=count)) == 1
            self.committed[key]["count"] = self.view[key]["count"] = count

    # --- what must hold ----------------------------------------------------------------------------------------------

    @invariant()
    def the_session_knows_what_is_pending(self) -> None:
        assert [id(one) for one in self.session.new] == [id(one) for one in self.added]
        assert [id(one) for one in self.session.deleted] == [id(one) for one in self.removed.values()]
        assert {id(one) for one in self.session.dirty} == {id(self.known[key]) for key in self.dirty()}

    @invariant()
    def others_see_what_is_committed(self) -> None:
        found = self.do(self.other.query(self.models.Item).all())
        assert {one.id: row_of(one) for one in found} == self.committed
