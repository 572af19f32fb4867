"""The session's calls that write and read at once, mixed with what waits for a flush."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ferrow import insert, select, update
from ferrow.errors import NoResultFound, UniqueViolation
from tests.support.machines.units import Machine, row_of

KEYS = st.integers(0, 20)
COUNTS = st.integers(0, 3)


class Direct(Machine):
    """Outside of a transaction such calls commit by themselves."""

    def settled(self) -> None:
        """Something was written by a call of its own."""
        if not self.open:
            self.committed = copy.deepcopy(self.view)
            self.log.clear()

    def flushed_before(self) -> None:
        """Whatever is pending is written; a call of its own comes then."""
        self.flushing(self.session.flush)
        self.flushed()

    def new(self, count: int) -> Any:
        self.names += 1
        return self.models.Item(name=f"n{self.names}", count=count, document={"list": [count]})

    def inserted(self, one: Any) -> None:
        self.view[one.id] = copy.deepcopy(row_of(one))
        self.rows[one.id] = copy.deepcopy(row_of(one))
        self.known[one.id] = one
        self.log_if_open("inserted", one.id, one, None)

    # --- instances ---------------------------------------------------------------------------------------------------

    @rule(count=COUNTS)
    def insert(self, count: int) -> None:
        one = self.new(count)
        assert self.flushing(lambda: self.session.insert(one)) is one
        self.flushed()
        self.inserted(one)
        self.settled()

    @rule(counts=st.lists(COUNTS, max_size=3))
    def insert_all(self, counts: list[int]) -> None:
        self.flushed_before()
        new = [self.new(count) for count in counts]
        assert self.do(self.session.insert_all(new)) == new
        for one in new:
            self.inserted(one)
        self.settled()

    @rule()
    @precondition(lambda self: self.view)
    def insert_fails(self) -> None:
        self.flushed_before()
        if not self.view:
            return
        new, taken = self.new(1), self.models.Item(name=next(iter(self.view.values()))["name"])
        if self.blocks:
            return  # the transaction would be aborted on PostgreSQL
        if not self.open:
            with pytest.raises(UniqueViolation):
                self.do(self.session.insert_all([new, taken]))
            assert new.id is taken.id is None

    def written(self, key: int, changed: dict[str, Any]) -> None:
        one = self.known[key]
        self.log_if_open("saved", key, one, self.rows[key])
        self.view[key] = self.view[key] | copy.deepcopy(changed)
        self.rows[key] = copy.deepcopy(row_of(one))

    @rule(draw=KEYS, count=COUNTS)
    def update(self, draw: int, count: int) -> None:
        self.flushed_before()
        if (key := self.pick(draw)) is None or key not in self.view:
            return
        one = self.known[key]
        self.do(self.session.update(one, count=count))
        assert one.count == count
        self.written(key, {"count": count})
        self.settled()

    @rule(draw=KEYS)
    def update_without_values(self, draw: int) -> None:
        """Nothing is pending by then, and what has not changed is not written: the row keeps what it was given behind the unit's back."""
        self.flushed_before()
        if (key := self.pick(draw)) is None or key not in self.view:
            return
        one, was = self.known[key], row_of(self.known[key])
        assert self.do(self.session.update(one)) is one
        assert row_of(one) == was
        self.settled()

    @rule(draw=KEYS, counts=st.lists(COUNTS, min_size=1, max_size=3))
    def update_all(self, draw: int, counts: list[int]) -> None:
        self.flushed_before()
        keys = [key for key in sorted(self.known) if key in self.view][: len(counts)]
        for key, count in zip(keys, counts, strict=False):
            self.known[key].count = count
        self.do(self.session.update_all([self.known[key] for key in keys], "count"))
        for key in keys:
            self.written(key, {"count": self.known[key].count})
        self.settled()

    @rule(draw=KEYS)
    def remove(self, draw: int) -> None:
        self.flushed_before()
        if (key := self.pick(draw)) is None:
            return
        one = self.known[key]
        if key not in self.view:
            with pytest.raises(NoResultFound):
                self.do(self.session.remove(one))
            return
        self.do(self.session.remove(one))
        self.log_if_open("removed", key, one, self.rows.pop(key))
        self.rows.pop(key, None)
        del self.view[key], self.known[key]
        self.settled()

    @rule(draw=KEYS, count=COUNTS, known=st.booleans())
    def upsert(self, draw: int, count: int, known: bool) -> None:
        """The row may be there, and be followed as another instance, which goes on being followed or gives way."""
        self.flushed_before()
        one = self.new(count)
        keys = sorted(self.view)
        if known and keys:
            key = keys[draw % len(keys)]
            one.name = self.view[key]["name"]
            if key in self.known:
                self.session.expunge(self.known.pop(key))
                del self.rows[key]
        self.do(self.session.upsert(one, "name"))
        self.inserted(one)
        self.settled()

    # --- rows --------------------------------------------------------------------------------------------------------

    @rule(draw=KEYS, count=COUNTS, way=st.sampled_from(["query", "bulk", "statement", "sql"]))
    def change_rows(self, draw: int, count: int, way: str) -> None:
        self.flushed_before()
        keys = sorted(self.view)
        if not keys:
            return
        key = keys[draw % len(keys)]
        item, session = self.models.Item, self.session
        if way == "query":
            assert self.do(session.query(item).filter(id=key).update(count=count)) == 1
        elif way == "bulk":
            assert self.do(session.bulk_update(item, {"count": count}, id=key)) == 1
        elif way == "statement":
            assert self.do(session.execute(update(item).filter_by(id=key).values(count=count))).rowcount == 1
        else:
            assert self.do(session.execute_raw("UPDATE items SET count = ? WHERE id = ?", [count, key])).rowcount == 1
        self.view[key]["count"] = count
        self.settled()

    @rule(draw=KEYS)
    def delete_rows(self, draw: int) -> None:
        self.flushed_before()
        keys = sorted(self.view)
        if not keys:
            return
        key = keys[draw % len(keys)]
        assert self.do(self.session.query(self.models.Item).filter(id=key).delete()) == 1
        del self.view[key]
        self.settled()

    @rule(count=COUNTS)
    def insert_rows(self, count: int) -> None:
        self.flushed_before()
        self.names += 1
        row = {"name": f"n{self.names}", "count": count, "document": {}}
        done = self.do(self.session.execute(insert(self.models.Item).values(**row, tags=[]).returning("id")))
        self.view[done.all()[0]["id"]] = row
        self.settled()

    @rule()
    def select(self) -> None:
        self.flushed_before()
        found = self.do(self.session.execute(select(self.models.Item))).scalars().all()
        assert {one.id for one in found} == {*self.view}
        for one in found:
            self.seen(one.id, one)

    # --- together again ----------------------------------------------------------------------------------------------

    @rule(draw=KEYS, partly=st.booleans())
    def refresh(self, draw: int, partly: bool) -> None:
        """Nothing is flushed, and unsaved changes of what is read are lost."""
        if (key := self.pick(draw)) is None or key in self.removed:
            return
        one, names = self.known[key], ("count", "document") if partly else ()
        if key not in self.view:
            with pytest.raises(NoResultFound):
                self.do(self.session.refresh(one, *names))
            return
        self.do(self.session.refresh(one, *names))
        self.log_if_open("reread", key, one, self.rows[key])
        for name in names or ("name", "count", "document"):
            assert getattr(one, name) == self.view[key][name]
            self.rows[key] = self.rows[key] | {name: copy.deepcopy(self.view[key][name])}

    @rule(draw=KEYS, count=COUNTS)
    def merge(self, draw: int, count: int) -> None:
        self.flushed_before()
        keys = sorted(self.view)
        if not keys:
            return
        key = keys[draw % len(keys)]
        given = self.models.Item(id=key, name=self.view[key]["name"], count=count, document={"merged": [count]})
        found = self.do(self.session.merge(given))
        assert found is not given
        if key in self.known:
            assert found is self.known[key]
        else:
            self.known[key], self.rows[key] = found, copy.deepcopy(self.view[key])
            self.log_if_open("first", key, found, None)
        assert row_of(found) == {"name": given.name, "count": count, "document": {"merged": [count]}}
        assert found.document is not given.document

    @rule(draw=KEYS)
    def expunge(self, draw: int) -> None:
        if (key := self.pick(draw)) is not None:
            self.session.expunge(self.known.pop(key))
            self.rows.pop(key)
            self.removed.pop(key, None)

    @rule(draw=KEYS)
    def expunge_what_is_new(self, draw: int) -> None:
        if self.added:
            self.session.expunge(self.added.pop(draw % len(self.added)))

    @rule(draw=KEYS)
    def is_modified(self, draw: int) -> None:
        if (key := self.pick(draw)) is not None:
            one = self.known[key]
            assert one in self.session
            assert self.session.is_modified(one) == (row_of(one) != self.rows[key])
