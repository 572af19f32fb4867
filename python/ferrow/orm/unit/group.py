"""The followed instances of one model, and the values their rows have."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ferrow._core import copied
from ferrow.orm.loading.keys import as_uuid, is_uuid
from ferrow.orm.watching import changing, watch_of

if TYPE_CHECKING:
    from ferrow._core import Watch
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan

Values = tuple[Any, ...]


Changes = dict[tuple[int, ...], dict[Any, Values]]
"""What instances that differ from their rows hold, by key, by the positions of the columns that do."""


class Group:
    """Instances of one model by key, and by the same keys, in the same order, what their rows hold.

    Both are compared as a whole, by the core: models of any style say nothing when an attribute is set. What nobody else holds and
    is as its row is cannot change any more, and is let go of, so that a unit which writes much does not compare it again and again.
    """

    __slots__ = (
        "_copied",
        "_key_places",
        "_places",
        "_version",
        "expunged",
        "foreign",
        "instances",
        "key",
        "kept",
        "key_names",
        "moved",
        "plan",
        "read",
        "reread",
        "snapshots",
        "unread",
        "watch",
    )

    def __init__(self, plan: Plan[Any]) -> None:
        table = plan.table
        self.plan: Plan[Any] = plan
        self.instances: dict[Any, Any] = {}
        self.snapshots: dict[Any, Values] = {}
        self.expunged: dict[Any, list[Any]] = {}
        """Instances the program has taken away whose rows may be undone yet: of a row that was read again there are several."""
        self.foreign: frozenset[str] = frozenset([key for reference in table.references for key in reference.columns])
        """The columns that relations may rest on, and by which an owner shows what refers to it."""
        if self.foreign and table.visible is not None and table.visible.deleted is not None:
            self.foreign |= {table.visible.deleted.key}
        self.moved: list[tuple[Any, frozenset[str], Values, Values]] = []
        """Instances whose foreign keys others have changed, which of them were read, and the rows before and after: for the unit to look at."""
        self.reread: list[tuple[Any, Values, Values]] = []
        """Rows that others have changed: what they are followed by, and what they held before and hold now; for the unit to look at."""
        self.kept: Set[Any] = frozenset()
        """Keys of rows that are not what has just been read, but newer."""
        self.unread: list[Any] = []
        """Keys of what was first read in what was rolled back, and not again since; for the unit to look at."""
        key = table.key_columns("following instances")
        self.key: Callable[[Any], Any] = _key_reader(key)
        self.key_names: frozenset[str] = frozenset([column.key for column in key])
        self._key_places = [table.columns.index(column) for column in key]
        keys = [column.key for column in table.columns]
        read = attrgetter(*keys)
        self.read: Callable[[Any], tuple[Any, ...]] = read if len(keys) > 1 else lambda instance: (read(instance),)
        self._copied = changing(plan)
        self.watch: Watch = watch_of(plan)
        self._version = None if table.version is None else table.columns.index(table.version)
        self._places: dict[int, Any] | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns whose values a snapshot has, in order."""
        return self.plan.table.columns

    # --- following ---------------------------------------------------------------------------------------------------

    def adopt(self, rows: list[Any], values: list[Values] | None = None, first: list[Any] | None = None) -> list[Any]:
        """Follow instances that were just read; for rows that are followed already, return the instances that are there.

        `values`: what their attributes were set to, column by column, if it is known; so that it need not be read off them.
        `first`: gets the keys of those that were not followed.
        """
        new = self.watch.adopt(rows, values, self._key_places, self.instances, self.snapshots)
        if first is not None:
            first += map(self.key, rows[:new])
        if self._places is not None:
            self._places.update([(id(row), self.key(row)) for row in rows[:new]])
        if new == len(rows):
            return rows
        return rows[:new] + [self._adopted(self.key(row), row, first) for row in rows[new:]]

    def _adopted(self, key: Any, row: Any, first: list[Any] | None) -> Any:
        known = self.instances.get(key)
        if known is None:
            self.follow(key, row)
            if first is not None:
                first.append(key)
            return row
        if known is not row and key not in self.kept:
            self._refresh(key, known, self.read(row))
        return known

    def _refresh(self, key: Any, known: Any, new: Values) -> None:
        """Give an instance what its row holds now, except where the program has changed it."""
        was, now = self.snapshots[key], self.read(known)
        mine = self.differing(now, was)
        if mine and self._version is not None:
            # What the program has decided rests on the version it had read.
            kept = self._version
            new = (*new[:kept], was[kept], *new[kept + 1 :])
        fresh = others = self.differing(new, was)
        if mine:
            fresh = [place for place in self.differing(new, now) if place not in mine]
        elif not others:
            return
        if fresh:
            self.put(known, fresh, new)
        if self.foreign and (fresh or mine) and self.foreign_at(others):
            self.moved.append((known, self.foreign_at(fresh), was, new))
        self.snapshots[key] = taken = self.taken(new)
        if others:
            self.reread.append((key, was, taken))

    def follow(self, key: Any, instance: Any, snapshot: Values | None = None) -> None:
        """Follow an instance as of now, or as of `snapshot`."""
        self.forget(key)
        if self._places is not None:
            self._places[id(instance)] = key
        self.instances[key] = instance
        self.snapshots[key] = self.watch.row(instance) if snapshot is None else snapshot

    def follow_all(self, instances: list[Any]) -> list[Any]:
        """Follow instances whose rows are new, as of now; returns their keys."""
        keys = list(map(self.key, instances))
        for key in [*self.instances.keys() & keys]:
            self.forget(key)
        if self._places is not None:
            self._places.update(zip(map(id, instances), keys, strict=True))
        self.watch.follow(keys, instances, self.instances, self.snapshots)
        return keys

    def forget(self, key: Any) -> None:
        """Stop following."""
        known = self.instances.pop(key, None)
        if known is not None:
            if (
                self._places is not None and self._places.get(id(known)) == key
            ):  # else it is followed by another one by now
                del self._places[id(known)]
            del self.snapshots[key]

    def place(self, instance: Any) -> Any:
        """The key an instance is followed by, None if it is not; its own may have been changed by the program."""
        key = self.key(instance)
        if self.instances.get(key) is instance:
            return key
        if self._places is None:
            self._places = {id(known): key for key, known in self.instances.items()}
        return self._places.get(id(instance))

    def has_any(self, instances: list[Any]) -> bool:
        """Whether one of these is followed, or a row of one of these."""
        if self._places is None:
            self._places = {id(known): key for key, known in self.instances.items()}
        return not self._places.keys().isdisjoint(map(id, instances))

    def let_go(self, keys: list[Any]) -> None:
        """Stop following those of these that are as their rows are, and that nobody can change any more."""
        self.watch.passed(self.instances, self.snapshots, self._places, keys)

    # --- comparing ---------------------------------------------------------------------------------------------------

    def taken(self, values: Values) -> Values:
        """Values as a snapshot keeps them."""
        if not self._copied:
            return values
        made = list(values)
        for place in self._copied:
            made[place] = copied(made[place])
        return tuple(made)

    def all_taken(self, rows: dict[Any, Values]) -> dict[Any, Values]:
        """The same for many."""
        return {key: self.taken(values) for key, values in rows.items()} if self._copied else rows

    def differing(self, now: Values, was: Values) -> list[int]:
        """The positions where two rows differ."""
        return self.watch.differing(now, was)

    def foreign_at(self, places: Sequence[int]) -> frozenset[str]:
        """The foreign keys among the columns at these positions."""
        return self.foreign.intersection([self.columns[place].key for place in places])

    def changed(self) -> bool:
        """Whether any instance differs from its row; if none does, those that nobody can change any more are let go of."""
        return self.watch.changed(self.instances, self.snapshots, self._places)

    def changes(self) -> Changes:
        """The instances that differ from their rows."""
        return self.watch.changes(self.instances, self.snapshots)

    def complete(self) -> None:
        """Give instances the attributes that the program has deleted: what their rows hold."""
        try:
            self.changes()
        except AttributeError:
            for key, instance in self.instances.items():
                gone = [place for place, column in enumerate(self.columns) if not hasattr(instance, column.key)]
                self.put(instance, gone, self.snapshots[key])

    def put(self, instance: Any, places: Sequence[int], values: Values) -> None:
        """Set some attributes to what a row has."""
        columns = self.columns
        self.plan.writer.put(instance, [columns[place].key for place in places], [copied(values[p]) for p in places])


def _key_reader(columns: Sequence[Column]) -> Callable[[Any], Any]:
    """What reads the key off an instance: the value, or a tuple for several columns, UUIDs as they come back."""
    found: Callable[[Any], Any] = attrgetter(*[column.key for column in columns])
    uuids = [is_uuid(column) for column in columns]
    if not any(uuids):
        return found
    if len(uuids) == 1:
        return lambda instance: value if (value := found(instance)).__class__ is not str else as_uuid(value)
    return lambda instance: tuple(
        [as_uuid(value) if uuid else value for uuid, value in zip(uuids, found(instance), strict=True)]
    )
