"""The followed instances of one model, and the values their rows have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, count
from operator import attrgetter, ne
from sys import getrefcount
from typing import TYPE_CHECKING, Any, NamedTuple

from ferrow.orm.unit.copies import changes_in_place, copied, same
from ferrow.sql import Expr

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.plan import Plan

Values = tuple[Any, ...]


class Change(NamedTuple):
    """An instance that differs from its row: `places` are the positions of the columns."""

    key: Any
    instance: Any
    now: Values
    was: Values
    places: tuple[int, ...]


class Group:
    """Instances of one model by key, and by the same keys, in the same order, what their rows hold.

    Both are compared as a whole: usually nothing has changed, and nothing is faster than finding that out by two lists.
    """

    __slots__ = ("_copied", "_places", "_version", "instances", "key", "plan", "read", "snapshots")

    def __init__(self, plan: Plan[Any]) -> None:
        table = plan.table
        self.plan = plan
        self.instances: dict[Any, Any] = {}
        self.snapshots: dict[Any, Values] = {}
        self.key = attrgetter(*[column.key for column in table.key_columns("following instances")])
        keys = [column.key for column in table.columns]
        read = attrgetter(*keys)
        self.read = read if len(keys) > 1 else lambda instance: (read(instance),)
        self._copied = [place for place, column in enumerate(table.columns) if changes_in_place(column)]
        self._version = None if table.version is None else table.columns.index(table.version)
        self._places: dict[int, Any] | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns whose values a snapshot has, in order."""
        return self.plan.table.columns

    # --- following ---------------------------------------------------------------------------------------------------

    def adopt(self, rows: list[Any]) -> list[Any]:
        """Follow instances that were just read; for rows that are followed already, return the instances that are there."""
        keys = list(map(self.key, rows))
        if self.instances.keys().isdisjoint(keys) and len(set(keys)) == len(keys):
            if self._places is not None:
                self._places.update(zip(map(id, rows), keys, strict=True))
            self.instances.update(zip(keys, rows, strict=True))
            self.snapshots.update(zip(keys, self._taken(rows), strict=True))
            return rows
        return [self._adopted(key, row) for key, row in zip(keys, rows, strict=True)]

    def _adopted(self, key: Any, row: Any) -> Any:
        known = self.instances.get(key)
        if known is None:
            self.follow(key, row)
            return row
        if known is not row:
            self._refresh(key, known, self.read(row))
        return known

    def _refresh(self, key: Any, known: Any, new: Values) -> None:
        """Give an instance what its row holds now, except where the program has changed it."""
        was, now = self.snapshots[key], self.read(known)
        mine = set(self.differing(now, was))
        if mine and self._version is not None:
            # What the program has decided rests on the version it had read.
            kept = self._version
            new = (*new[:kept], was[kept], *new[kept + 1 :])
        fresh = [place for place in self.differing(new, now) if place not in mine]
        if fresh:
            self.put(known, fresh, new)
        self.snapshots[key] = self.taken(new)

    def follow(self, key: Any, instance: Any, snapshot: Values | None = None) -> None:
        """Follow an instance as of now, or as of `snapshot`."""
        self.forget(key)
        if self._places is not None:
            self._places[id(instance)] = key
        self.instances[key] = instance
        self.snapshots[key] = self.taken(self.read(instance)) if snapshot is None else snapshot

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

    def held(self, key: Any) -> bool:
        """Whether an instance differs from its row, or somebody else has it."""
        instance = self.instances.get(key)
        # Known here by two names, and to getrefcount by a third; what more there is, is the program's.
        return instance is not None and (
            getrefcount(instance) > 3 or bool(self.differing(self.read(instance), self.snapshots[key]))
        )

    # --- comparing ---------------------------------------------------------------------------------------------------

    def taken(self, values: Values) -> Values:
        """Values as a snapshot keeps them."""
        if not self._copied:
            return values
        made = list(values)
        for place in self._copied:
            made[place] = copied(made[place])
        return tuple(made)

    def _taken(self, rows: list[Any]) -> Iterable[Values]:
        values = map(self.read, rows)
        return map(self.taken, values) if self._copied else values

    def differing(self, now: Values, was: Values) -> list[int]:
        """The positions where two rows differ."""
        if not self._copied:
            try:
                # At the speed of C; what is the same object is the same, even if it is not equal to itself.
                return [place for place in compress(count(), map(ne, now, was)) if now[place] is not was[place]]
            except TypeError:  # an expression that was assigned has no truth
                pass
        found = [
            place
            for place, (one, other) in enumerate(zip(now, was, strict=True))
            if one is not other and (isinstance(one, Expr) or place in self._copied or one != other)
        ]
        if self._copied:
            found = [place for place in found if place not in self._copied or not same(now[place], was[place])]
        return found

    def changed(self) -> bool:
        """Whether any instance differs from its row."""
        return next(self.changes(), None) is not None

    def changes(self) -> Iterator[Change]:
        """The instances that differ from their rows."""
        now = list(map(self.read, self.instances.values()))
        was = list(self.snapshots.values())
        rows = zip([*self.instances], [*self.instances.values()], now, was, strict=True)
        if not self._copied:
            try:
                if now == was:
                    return
                # Column by column: usually all changes are in one of them.
                pairs = zip(zip(*now, strict=True), zip(*was, strict=True), strict=True)
                columns = [place for place, (ours, theirs) in enumerate(pairs) if ours != theirs]
            except TypeError:  # an expression that was assigned has no truth
                columns = []
            if len(columns) == 1:
                (at,) = places = tuple(columns)
                for key, instance, values, before in rows:
                    if values[at] is not before[at] and values[at] != before[at]:
                        yield Change(key, instance, values, before, places)
                return
        for key, instance, values, before in rows:
            found = self.differing(values, before)
            if found:
                yield Change(key, instance, values, before, tuple(found))

    def put(self, instance: Any, places: Sequence[int], values: Values) -> None:
        """Set some attributes to what a row has."""
        columns = self.columns
        self.plan.writer.put(instance, [columns[place].key for place in places], [copied(values[p]) for p in places])
