"""What an UPDATE of one followed instance says: that much of it is written, not what is assigned while it is under way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.orm.unit.group import Group, Values
    from ferrow.orm.unit.unit import Unit


class Sent:
    """`keys` are the attributes that were sent or came back, `now` a row that has them. `looked`: a flush has just written what had changed."""

    __slots__ = ("_group", "_instance", "_place", "keys", "looked", "now")

    def __init__(self, unit: Unit, instance: Any) -> None:
        self._place = unit.place(instance)
        self._group: Group | None = None if self._place is None else unit.groups[type(instance)]
        self._instance = instance
        self.keys: set[str] = set()
        self.now: Values | None = None
        self.looked: bool = False

    def changed(self) -> tuple[Column, ...] | None:
        """The columns that differ from the row, without the key; None if the instance is not followed, so that nobody knows."""
        group = self._group
        if group is None:
            return None
        differing = group.differing(group.read(self._instance), group.snapshots[self._place])
        return tuple([group.columns[place] for place in differing if not group.columns[place].primary_key])

    def note(self, columns: Iterable[Column]) -> None:
        """These are what the attributes are at this moment."""
        if self._group is None:
            return
        keys = {column.key for column in columns}
        row = self._group.watch.row(self._instance)
        self.now = row if self.now is None else merged(self._group, row, self.now, keys)
        self.keys |= keys


def merged(group: Group, new: Values, old: Values, keys: Iterable[str]) -> Values:
    """One row with the values that another one has for some attributes."""
    return tuple(
        [mine if column.key in keys else his for column, mine, his in zip(group.columns, new, old, strict=True)]
    )
