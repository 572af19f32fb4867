"""What owners' relations were given and lost, as they are and as they are remembered; and how that is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.orm.loading.partial import COLLECTIONS, PARTIAL
from ferrow.orm.relations.tie import NOTHING, Tie
from ferrow.orm.unit.remembered import Some

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan
    from ferrow.orm.unit.remembered import Remembered


class Shifted:
    """What was taken and given, for the log. `steps` is empty if nothing was."""

    __slots__ = ("_remembered", "steps")

    def __init__(self, remembered: Remembered) -> None:
        self._remembered = remembered
        self.steps: list[tuple[Plan[Any], Tie, Any, _Step | None, _Step | None]] = []

    def knows(self, owner: Any, tie: Tie) -> bool:
        """Whether anything is known of a relation of an owner."""
        return tie.said(owner) is not NOTHING or self._remembered.was(owner, tie) is not NOTHING

    def change(self, plan: Plan[Any], tie: Tie, owner: Any, gone: dict[int, Any], came: list[Any]) -> None:
        """Take objects out of a relation of an owner, and give it others, both as it is and as it is remembered."""
        value, was = tie.said(owner), self._remembered.was(owner, tie)
        if was is NOTHING or was.__class__ is Some or value.__class__ in PARTIAL:
            came = []
        shown = None if value is NOTHING else _step(value, gone, came)
        known = None if was is NOTHING else _step(was, gone, came)
        if not (shown or known):
            return
        self.steps.append((plan, tie, owner, shown, known))
        if shown is not None:
            _show(plan, tie, owner, shown.made(value))
        if known is not None:
            self._remembered.hold(owner, tie, known.made(was))

    def undo(self) -> None:
        """All is where it was."""
        for plan, tie, owner, shown, known in reversed(self.steps):
            value, was = tie.said(owner), self._remembered.was(owner, tie)
            if shown is not None and value is not NOTHING:
                _show(plan, tie, owner, shown.unmade(value))
            if known is not None and was is not NOTHING:
                self._remembered.hold(owner, tie, known.unmade(was))


class _Step:
    """What is taken out of a value of a relation, by places, and put last."""

    __slots__ = ("put", "taken")

    def __init__(self, value: Any, gone: dict[int, Any], came: list[Any]) -> None:
        members = _members(value)
        there = {id(one) for one in members if id(one) not in gone}
        self.put = [one for one in came if id(one) not in there]
        if self.put and not _is_many(value):  # a single object takes the place of another
            self.put, gone = self.put[-1:], {id(one): one for one in members}
        self.taken = [(at, one) for at, one in enumerate(members) if id(one) in gone]

    def made(self, value: Any) -> Any:
        """The value with the change."""
        gone = {id(one) for _, one in self.taken}
        return _of(value, [*[one for one in _members(value) if id(one) not in gone], *self.put])

    def unmade(self, value: Any) -> Any:
        """The value without it."""
        put = {id(one) for one in self.put}
        members = [one for one in _members(value) if id(one) not in put]
        there = {*map(id, members)}
        for at, one in self.taken:
            if id(one) not in there:
                members.insert(at, one)
        return _of(value, members)


def _step(value: Any, gone: dict[int, Any], came: list[Any]) -> _Step | None:
    """None if nothing changes."""
    made = _Step(value, gone, came)
    return made if made.taken or made.put else None


def _is_many(value: Any) -> bool:
    return isinstance(value, tuple) or value.__class__ in COLLECTIONS


def _members(value: Any) -> list[Any]:
    return list(value) if _is_many(value) else [] if value is None else [value]


def _of(value: Any, members: list[Any]) -> Any:
    """A relation's value with other objects: the same list or set, if it is one."""
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
    if tie.said(owner) is not value:
        plan.writer.attach(owner, tie.key, value)
