"""Changes to the relations of owners, to their values and to what is remembered of them, which can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.orm.loading.partial import COLLECTIONS, PARTIAL
from ferrow.orm.relations.tie import NOTHING, Tie
from ferrow.orm.unit.remembered import Some

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.remembered import Remembered


class RelationChanges:
    """A list of changes for the log; `steps` is empty if nothing was changed."""

    __slots__ = ("_remembered", "steps")

    def __init__(self, remembered: Remembered) -> None:
        self._remembered = remembered
        self.steps: list[tuple[Plan[Any], Tie, Any, _Change | None, _Change | None]] = []

    def knows(self, owner: Any, tie: Tie) -> bool:
        """Whether a relation of an owner is loaded or remembered."""
        return tie.value(owner) is not NOTHING or self._remembered.was(owner, tie) is not NOTHING

    def change(self, plan: Plan[Any], tie: Tie, owner: Any, gone: dict[int, Any], came: list[Any]) -> None:
        """Remove `gone` from a relation of an owner and append `came`, in its value and in what is remembered."""
        value, was = tie.value(owner), self._remembered.was(owner, tie)
        if was is NOTHING or was.__class__ is Some or value.__class__ in PARTIAL:
            came = []
        shown = None if value is NOTHING else _change(value, gone, came)
        known = None if was is NOTHING else _change(was, gone, came)
        if not (shown or known):
            return
        self.steps.append((plan, tie, owner, shown, known))
        if shown is not None:
            _show(plan, tie, owner, shown.applied(value))
        if known is not None:
            self._remembered.hold(owner, tie, known.applied(was))

    def undo(self) -> None:
        """Restore the former members, in their places."""
        for plan, tie, owner, shown, known in reversed(self.steps):
            value, was = tie.value(owner), self._remembered.was(owner, tie)
            if shown is not None and value is not NOTHING:
                _show(plan, tie, owner, shown.undone(value))
            if known is not None and was is not NOTHING:
                self._remembered.hold(owner, tie, known.undone(was))


class _Change:
    """Members removed from a value of a relation, by position, and members appended to it."""

    __slots__ = ("added", "removed")

    def __init__(self, value: Any, gone: dict[int, Any], came: list[Any]) -> None:
        members = _members(value)
        there = {id(one) for one in members if id(one) not in gone}
        self.added = [one for one in came if id(one) not in there]
        if self.added and not _is_many(value):  # a single object is replaced
            self.added, gone = self.added[-1:], {id(one): one for one in members}
        self.removed = [(at, one) for at, one in enumerate(members) if id(one) in gone]

    def applied(self, value: Any) -> Any:
        """The value with the change."""
        gone = {id(one) for _, one in self.removed}
        return _with_members(value, [*[one for one in _members(value) if id(one) not in gone], *self.added])

    def undone(self, value: Any) -> Any:
        """The value without it."""
        added = {id(one) for one in self.added}
        members = [one for one in _members(value) if id(one) not in added]
        there = {*map(id, members)}
        for at, one in self.removed:
            if id(one) not in there:
                members.insert(at, one)
        return _with_members(value, members)


def _change(value: Any, gone: dict[int, Any], came: list[Any]) -> _Change | None:
    """The change, or None if nothing would change."""
    change = _Change(value, gone, came)
    return change if change.removed or change.added else None


def _is_many(value: Any) -> bool:
    return isinstance(value, tuple) or value.__class__ in COLLECTIONS


def _members(value: Any) -> list[Any]:
    return list(value) if _is_many(value) else [] if value is None else [value]


def _with_members(value: Any, members: list[Any]) -> Any:
    """A relation's value with other members: the same list or set, if it is one."""
    if not _is_many(value):
        return members[-1] if members else None
    if isinstance(value, list):
        value[:] = members
    elif isinstance(value, set):
        value.clear()
        value.update(members)
    else:
        value = type(value)(members)
    return value


def _show(plan: Plan[Any], tie: Tie, owner: Any, value: Any) -> None:
    if tie.value(owner) is not value:
        plan.writer.attach(owner, tie.key, value)
