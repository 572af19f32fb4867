"""What was written, in order, so that it can be undone in memory when the database has undone it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan
    from ferrow.orm.relations.undo import Undo
    from ferrow.orm.unit.group import Group, Values
    from ferrow.orm.unit.remembered import Remembered


class Inserted:
    """An instance got a row. `keys` are the attributes the server gave, `before` what they were."""

    __slots__ = ("before", "group", "instance", "keys")

    def __init__(self, group: Group, instance: Any, keys: Sequence[str], before: Sequence[Any]) -> None:
        self.group = group
        self.instance = instance
        self.keys = keys
        self.before = before

    def undo(self) -> None:
        """It has none any more: without its key it can be inserted again."""
        key = self.group.place(self.instance)
        if key is not None:
            self.group.forget(key)
        self.group.plan.writer.put(self.instance, self.keys, self.before)


class Saved:
    """The row of an instance was changed. `keys` and `before`: attributes that were set by that."""

    __slots__ = ("before", "group", "instance", "key", "keys", "was")

    def __init__(
        self, group: Group, key: Any, instance: Any, was: Values, keys: Sequence[str] = (), before: Sequence[Any] = ()
    ) -> None:
        self.group = group
        self.key = key
        self.instance = instance
        self.was = was
        self.keys = keys
        self.before = before

    def undo(self) -> None:
        """The row is as it was; the program's changes to the instance are unsaved again."""
        place = self.group.place(self.instance)
        if place is None:
            return  # it was expunged
        if place != self.key:
            self.group.forget(place)
            self.group.follow(self.key, self.instance, self.was)
        else:
            self.group.snapshots[place] = self.was
        if self.keys:
            self.group.plan.writer.put(self.instance, self.keys, self.before)


class Removed:
    """The row of a followed instance was deleted."""

    __slots__ = ("group", "instance", "key", "was")

    def __init__(self, group: Group, key: Any, instance: Any, was: Values) -> None:
        self.group = group
        self.key = key
        self.instance = instance
        self.was = was

    def undo(self) -> None:
        """It is there again."""
        self.group.follow(self.key, self.instance, self.was)


class Marked:
    """The row of an instance was marked as deleted. `keys` and `before`: attributes that were set by that."""

    __slots__ = ("before", "instance", "keys", "plan")

    def __init__(self, plan: Plan[Any], instance: Any, keys: Sequence[str], before: Sequence[Any]) -> None:
        self.plan = plan
        self.instance = instance
        self.keys = keys
        self.before = before

    def undo(self) -> None:
        """It is not any more."""
        self.plan.writer.put(self.instance, self.keys, self.before)


class Applied:
    """Keys were set from related objects, and what relations hold was remembered anew."""

    __slots__ = ("_before", "_remembered", "_undo")

    def __init__(self, undo: Undo, remembered: Remembered, before: Any) -> None:
        self._undo = undo
        self._remembered = remembered
        self._before = before

    def undo(self) -> None:
        """The keys are what they were."""
        self._undo.back()
        self._remembered.back(self._before)


Entry = Inserted | Saved | Removed | Marked | Applied


class Log(list[Entry]):
    """Entries in order."""

    def undo(self, mark: int) -> None:
        """Undo all entries from `mark` on, the last first."""
        for entry in reversed(self[mark:]):
            entry.undo()
        del self[mark:]
