"""What was written, and seen to have been, in order, so that it can be undone in memory when the database has undone it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan
    from ferrow.orm.relations.undo import Undo
    from ferrow.orm.unit.group import Group, Values
    from ferrow.orm.unit.remembered import Remembered


_MANY = 1_000


class Inserted:
    """Instances got rows. `names` are the attributes the server gave, `before` what they were.

    `keys` are what they are followed by. `instances` themselves are None where nothing is done for those that nobody holds any more.
    """

    __slots__ = ("before", "group", "instances", "keys", "names")

    def __init__(
        self,
        group: Group,
        keys: Sequence[Any],
        instances: Sequence[Any] | None,
        names: Sequence[str],
        before: Sequence[Any],
    ) -> None:
        self.group: Group = group
        self.keys: Sequence[Any] = keys
        self.instances: Sequence[Any] | None = instances
        self.names: Sequence[str] = names
        self.before: Sequence[Any] = before

    def undo(self) -> None:
        """They have none any more: without its key an instance can be inserted again."""
        group, put = self.group, self.group.plan.writer.put
        if self.instances is None:
            for key, before in zip(self.keys, self.before, strict=True):
                instance = group.instances.get(key)
                for one in group.expunged.pop(key, ()):
                    put(one, self.names, before)
                if instance is not None:
                    group.forget(key)
                    put(instance, self.names, before)
            return
        for instance, before in zip(self.instances, self.before, strict=True):
            place = group.place(instance)
            if place is not None:
                group.forget(place)
            put(instance, self.names, before)


class Saved:
    """Rows of instances were changed.

    `keys` is what the instances were followed by, `now` what they are followed by since, `was` what the rows held. `names` and
    `before`: attributes that were set by that. `instances`: as in `Inserted`.
    """

    __slots__ = ("before", "group", "instances", "keys", "names", "now", "was")

    def __init__(
        self,
        group: Group,
        keys: Sequence[Any],
        now: Sequence[Any],
        instances: Sequence[Any] | None,
        was: Sequence[Values],
        names: Sequence[str] = (),
        before: Sequence[Any] = (),
    ) -> None:
        self.group: Group = group
        self.keys: Sequence[Any] = keys
        self.now: Sequence[Any] = now
        self.instances: Sequence[Any] | None = instances
        self.was: Sequence[Values] = was
        self.names: Sequence[str] = names
        self.before: Sequence[Any] = before

    def undo(self) -> None:
        """The rows are as they were; the program's changes to the instances are unsaved again."""
        group = self.group
        for number, (key, now, was) in enumerate(zip(self.keys, self.now, self.was, strict=True)):
            instance = group.instances.get(now)
            if instance is None:
                continue  # it was expunged, or let go of
            if now == key:
                group.snapshots[now] = was
            else:
                group.forget(now)
                group.follow(key, instance, was)
            if self.names:
                group.plan.writer.put(instance, self.names, self.before[number])


class Reread:
    """The row of a followed instance held something else when it was read again: what this transaction wrote, or others have."""

    __slots__ = ("group", "key", "now", "was")

    def __init__(self, group: Group, key: Any, was: Values, now: Values) -> None:
        self.group: Group = group
        self.key: Any = key
        self.was: Values = was
        self.now: Values = now

    def undo(self) -> None:
        """Nobody knows whether it still does. So what is assigned from now on is written, even if it is what was read."""
        group = self.group
        instance = group.instances.get(self.key)
        if instance is None:
            return
        mine = group.differing(group.read(instance), self.now)
        group.snapshots[self.key] = self.was
        group.put(instance, [place for place in group.differing(self.now, self.was) if place not in mine], self.was)


class First:
    """Rows were read that were not followed before: what this transaction wrote, maybe. `keys` are what they are followed by."""

    __slots__ = ("group", "keys")

    def __init__(self, group: Group, keys: list[Any]) -> None:
        self.group: Group = group
        self.keys: list[Any] = keys

    def add(self, keys: list[Any]) -> None:
        """More of them. Those that were let go of since are forgotten now and then, as streams read without end."""
        self.keys += keys
        if len(self.keys) > 2 * len(self.group.instances) + _MANY:
            self.keys = [key for key in dict.fromkeys(self.keys) if key in self.group.instances]

    def undo(self) -> None:
        """What they hold nobody knows: they are to be read again."""
        self.group.unread += self.keys


class Removed:
    """The row of a followed instance was deleted."""

    __slots__ = ("group", "instance", "key", "was")

    def __init__(self, group: Group, key: Any, instance: Any, was: Values) -> None:
        self.group: Group = group
        self.key: Any = key
        self.instance: Any = instance
        self.was: Values = was

    def undo(self) -> None:
        """It is there again."""
        self.group.follow(self.key, self.instance, self.was)


class Marked:
    """The row of an instance was marked as deleted. `keys` and `before`: attributes that were set by that."""

    __slots__ = ("before", "instance", "keys", "plan")

    def __init__(self, plan: Plan[Any], instance: Any, keys: Sequence[str], before: Sequence[Any]) -> None:
        self.plan: Plan[Any] = plan
        self.instance: Any = instance
        self.keys: Sequence[str] = keys
        self.before: Sequence[Any] = before

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
        if self._before is not None:
            self._remembered.back(self._before)

    def follows_another(self) -> None:
        """It is undone only with one before it, which knows what relations held before both."""
        self._before = None


class Entry(Protocol):
    """Something that was written."""

    def undo(self) -> None:
        """It was not."""
        ...


class Log(list[Entry]):
    """Entries in order, of one transaction. `marked`: how far they are what a block before has done."""

    __slots__ = ("marked",)

    def __init__(self) -> None:
        super().__init__()
        self.marked: int = 0

    def mark(self) -> Mark:
        """Where it stands."""
        self.marked = len(self)
        return Mark(self, self.marked)

    def undo(self, mark: int = 0) -> None:
        """Undo all entries from `mark` on, the last first."""
        for entry in reversed(self[mark:]):
            entry.undo()
        del self[mark:]


class Mark:
    """Where the log of a transaction stood when a block in it began."""

    __slots__ = ("_at", "log")

    def __init__(self, log: Log, at: int) -> None:
        self.log: Log = log
        self._at = at

    def undo(self) -> None:
        """Undo all entries since."""
        self.log.undo(self._at)
