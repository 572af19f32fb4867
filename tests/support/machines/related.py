"""Relations, soft deletion and versions, against rows as plain dicts. After each step the rows are read, which flushes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ferrow.errors import StaleRow
from tests.support.machines.colour import Colour
from tests.support.machines.models import Label, Owner, OwnerLabel, Thing
from tests.support.machines.units import Undo

DRAW = st.integers(0, 50)
LABELS = (1, 2, 3)


class Rows:
    """What the tables hold: things as count, owner, version and whether they are marked, by id."""

    def __init__(self) -> None:
        self.owners: set[int] = set()
        self.things: dict[int, list[Any]] = {}
        self.links: set[tuple[int, int]] = set()


class Related(RuleBasedStateMachine):
    def __init__(self, colour: Colour) -> None:
        super().__init__()
        self.do, self.enter, self.exit, self.other = colour.do, colour.enter, colour.exit, colour.other
        for model in (OwnerLabel, Label, Thing, Owner):
            query = self.other.query(model)
            self.do(query.with_deleted().force_delete() if model is Thing else query.delete())
        self.do(self.other.insert_all([Label(id=key) for key in LABELS]))
        self.session = colour.session()
        self.enter(self.session)
        self.rows, self.committed = Rows(), Rows()
        self.blocks: list[tuple[Any, Rows]] = []
        self.read()

    @property
    def open(self) -> bool:
        """Whether a flush has begun a transaction: one that had nothing to write has not."""
        session = getattr(self.session, "_core", self.session)
        return session._engine.unit.link is not None

    def teardown(self) -> None:
        self.exit(self.session, Undo())
        for block, _ in self.blocks:
            self.exit(block, Undo())

    def read(self) -> None:
        """Everything, with its relations: instances that are there already are brought up to date."""
        owners = self.do(self.session.query(Owner).order_by("id").all())
        self.do(self.session.load_for(owners, "things", "labels"))
        self.owners = {one.id: one for one in owners}
        self.things = {one.id: one for one in self.do(self.session.query(Thing).with_deleted().all())}
        self.labels = {one.id: one for one in self.do(self.session.query(Label).all())}
        assert {*self.owners} == self.rows.owners
        for key, one in self.owners.items():
            visible = [
                at for at, (_, owner, _, marked) in sorted(self.rows.things.items()) if owner == key and not marked
            ]
            assert [thing.id for thing in one.things] == visible
            assert [label.id for label in one.labels] == sorted(at for owner, at in self.rows.links if owner == key)

    def written(self) -> None:
        self.do(self.session.flush())

    def at_once(self) -> None:
        """A call of its own commits by itself until a transaction has begun."""
        if not (self.open or self.blocks):
            self.committed = copy.deepcopy(self.rows)

    def pick(self, found: dict[int, Any], draw: int) -> Any:
        return found[sorted(found)[draw % len(found)]] if found else None

    def visible(self, draw: int) -> Any:
        return self.pick({key: self.things[key] for key, row in self.rows.things.items() if not row[3]}, draw)

    def owner(self, draw: int) -> Any:
        return None if draw % 4 == 0 else self.pick(self.owners, draw)

    def changed(self, thing: Any, **values: Any) -> None:
        row = self.rows.things[thing.id]
        new = [values.get("count", row[0]), values.get("owner", row[1]), row[2], values.get("marked", row[3])]
        if new != row:
            new[2] += 1
            self.rows.things[thing.id] = new

    # --- rows --------------------------------------------------------------------------------------------------------

    @rule()
    def new_owner(self) -> None:
        one = Owner()
        self.session.add(one)
        self.written()
        self.rows.owners.add(one.id)
        self.read()

    @rule(draw=DRAW, way=st.sampled_from(["object", "key", "append", "insert"]))
    def new_thing(self, draw: int, way: str) -> None:
        owner = self.owner(draw)
        key = owner and owner.id
        one = Thing(owner=owner) if way == "object" and owner else Thing(owner_id=None if way == "append" else key)
        if way == "insert":
            self.do(self.session.insert(one))
        elif way == "append" and owner:
            owner.things.append(one)
            self.written()
        else:
            key = one.owner_id if way != "object" else key
            self.session.add(one)
            self.written()
        self.rows.things[one.id] = [0, key, 1, False]
        self.at_once()
        self.read()

    @rule(draw=DRAW, count=st.integers(0, 3))
    def change(self, draw: int, count: int) -> None:
        if (one := self.visible(draw)) is not None:
            one.count = count
            self.written()
            self.changed(one, count=count)

    @rule(draw=DRAW, to=DRAW, way=st.sampled_from(["object", "key", "append", "remove"]))
    def move(self, draw: int, to: int, way: str) -> None:
        if (one := self.visible(draw)) is None:
            return
        owner = self.owner(to)
        if way == "append" and owner is not None and one not in owner.things:
            owner.things.append(one)
        elif way == "remove" and one.owner_id is not None:
            self.owners[one.owner_id].things.remove(one)
            owner = None
        elif way == "key":
            one.owner_id = owner and owner.id
        else:
            one.owner = owner
        self.written()
        self.changed(one, owner=owner and owner.id)
        assert one.owner_id == (owner and owner.id)
        for key, each in self.owners.items():  # without being read again
            assert {thing.id for thing in each.things} == {
                at for at, (_, mine, _, marked) in self.rows.things.items() if mine == key and not marked
            }
        self.read()

    @rule(draw=DRAW, way=st.sampled_from(["delete", "soft_delete", "remove", "restore"]))
    def mark(self, draw: int, way: str) -> None:
        one = self.pick(self.things, draw) if way == "restore" else self.visible(draw)
        if one is None or (way == "restore" and not self.rows.things[one.id][3]):
            return
        self.do(getattr(self.session, way)(one))
        if way == "delete":
            self.written()
        self.changed(one, marked=way != "restore")
        self.at_once()
        self.read()

    @rule(draw=DRAW)
    def force_delete(self, draw: int) -> None:
        if (one := self.pick(self.things, draw)) is not None:
            self.do(self.session.force_delete(one))
            del self.rows.things[one.id]
            self.at_once()
            self.read()

    @rule(draw=DRAW)
    def delete_owner(self, draw: int) -> None:
        """Its things are free then, and its links are gone."""
        if (one := self.pick(self.owners, draw)) is None:
            return
        self.do(self.session.delete(one))
        self.written()
        self.rows.owners.remove(one.id)
        self.rows.links = {link for link in self.rows.links if link[0] != one.id}
        free = self.do(self.session.query(Thing).with_deleted().all())
        for thing in free:
            row = self.rows.things[thing.id]
            if row[1] == one.id:
                assert thing.owner_id is None
                self.rows.things[thing.id] = [row[0], None, thing.version, row[3]]
        self.read()

    # --- links -------------------------------------------------------------------------------------------------------

    @rule(draw=DRAW, label=st.sampled_from(LABELS), way=st.sampled_from(["list", "call"]), there=st.booleans())
    def link(self, draw: int, label: int, way: str, there: bool) -> None:
        if (one := self.pick(self.owners, draw)) is None:
            return
        pair, mine = (one.id, label), self.labels[label]
        if way == "call":
            self.do((self.session.link if there else self.session.unlink)(one, "labels", mine))
        elif there != (mine in one.labels):
            (one.labels.append if there else one.labels.remove)(mine)
            self.written()
        (self.rows.links.add if there else self.rows.links.discard)(pair)
        self.at_once()
        self.read()

    @rule(draw=DRAW)
    def clear_links(self, draw: int) -> None:
        if (one := self.pick(self.owners, draw)) is not None:
            mine = {link for link in self.rows.links if link[0] == one.id}
            assert self.do(self.session.clear_links(one, "labels")) == len(mine)
            self.rows.links -= mine
            self.at_once()
            self.read()

    # --- others, and transactions ------------------------------------------------------------------------------------

    @rule(draw=DRAW, delete=st.booleans())
    @precondition(lambda self: not self.open and not self.blocks)
    def somebody_else(self, draw: int, delete: bool) -> None:
        """What rests on an old version is refused, until it is read again."""
        if (one := self.visible(draw)) is None:
            return
        assert self.do(self.other.query(Thing).filter(id=one.id).update(count=7)) == 1
        if delete:
            self.do(self.session.delete(one))
        else:
            one.count = 8
        with pytest.raises(StaleRow):
            self.do(self.session.flush())
        if delete:
            self.session.add(one)  # it is kept after all
        self.do(self.session.refresh(one))
        assert one.count == 7
        self.changed(one, count=7)
        if one.version != self.rows.things[one.id][2]:
            self.rows.things[one.id][2] = one.version  # it had that count already
        self.committed = copy.deepcopy(self.rows)

    @rule()
    @precondition(lambda self: not self.blocks)
    def commit(self) -> None:
        self.do(self.session.commit())
        self.committed = copy.deepcopy(self.rows)

    @rule()
    @precondition(lambda self: not self.blocks)
    def rollback(self) -> None:
        self.do(self.session.rollback())
        self.rows = copy.deepcopy(self.committed)
        self.read()

    @rule()
    @precondition(lambda self: len(self.blocks) < 3)
    def begin(self) -> None:
        block = self.session.begin()
        self.enter(block)
        self.blocks.append((block, copy.deepcopy(self.rows)))

    @rule(error=st.booleans())
    @precondition(lambda self: self.blocks)
    def leave(self, error: bool) -> None:
        block, before = self.blocks.pop()
        self.exit(block, Undo() if error else None)
        if error:
            self.rows = before
        if not self.blocks and not self.open:
            self.committed = copy.deepcopy(self.rows)
        self.read()

    @invariant()
    def the_rows_are_these(self) -> None:
        for session, rows in ((self.session, self.rows), (self.other, self.committed)):
            things = self.do(session.execute_raw("SELECT id, count, owner_id, version, deleted_at FROM machine_things"))
            found = {
                key: [count, owner, version, mark is not None] for key, count, owner, version, mark in things.tuples()
            }
            assert found == rows.things
            links = self.do(session.execute_raw("SELECT owner_id, label_id FROM machine_owner_labels"))
            assert {*links.tuples()} == rows.links
        for key, one in self.things.items():
            if key in self.rows.things:
                count, owner, version, marked = self.rows.things[key]
                assert (one.count, one.owner_id, one.version, one.is_deleted) == (count, owner, version, marked)
        assert self.session.new == self.session.dirty == self.session.deleted == []
