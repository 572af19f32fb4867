"""Whose what is pending is, where begin() blocks and other tasks share a unit: a rollback forgets what its own block was to write, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from ferrow.engine.context import Link

T = TypeVar("T")


class Lent(NamedTuple):
    """What was pending elsewhere and was written in `link`, or deleted there."""

    instance: Any
    owner: Link | None
    link: Link
    removing: bool


Before: TypeAlias = "dict[int, tuple[Link | None, Lent | None]]"
"""By the id of what is being written, whose it was, and what was known of it."""


class Owners:
    """By the id of what is pending, the transaction that it is to be written in; none for what is the unit's own.

    What is added in a block belongs to it, and so does what is pending when one begins that is in no transaction of the unit, unless somebody
    is writing that already. Of what is flushed elsewhere the block is no owner any more; and what is flushed in a block that does not own it is
    pending again if that is rolled back.
    """

    __slots__ = ("_flushing", "_gone", "_lending", "_lent", "_links")

    def __init__(self) -> None:
        self._links: dict[int, Link] = {}
        self._lent: dict[int, Lent] = {}
        self._lending: list[Before] = []
        self._gone: set[int] = set()  # what of that a rollback has forgotten since
        self._flushing: list[Link | None] = []  # where flushes were asked for that are not done

    def note(self, instance: object, link: Link | None) -> None:
        """It was added, or is to be deleted, by code in `link`."""
        if link is None:
            self._links.pop(id(instance), None)
        else:
            self._links[id(instance)] = link

    def begin(self, link: Link, pending: Iterable[int]) -> None:
        """A block begins while this is pending; it takes nothing of one that it is not in."""
        for key in () if self._flushing else pending:
            owner = self._links.get(key)
            if owner is None or link.inside(owner):
                self._links[key] = link

    def lend(self, link: Link | None, added: dict[int, Any], removed: dict[int, Any], *, visits: bool) -> Before:
        """This is about to be written in `link`. Gives what it was, for `written` and `unwritten`.

        `visits`: that is in a transaction of another session, which even its owner may be rolled back with.
        """
        before: Before = {}
        for removing, pending in ((False, added), (True, removed)):
            for key, one in pending.items():
                owner = asked = self._links.pop(key, None)
                before[key] = asked, self._lent.get(key)
                while owner is not None and (link is None or not link.inside(owner)):
                    owner = owner.parent
                if owner is not None:
                    self._links[key] = owner
                if link is not None and (visits or owner is not link):
                    self._lent[key] = Lent(one, asked, link, removing)
        self._lending.append(before)
        return before

    def written(self, pending: Iterable[int], before: Before) -> None:
        """This was written, and what the flush itself has added: it is nobody's."""
        for key in pending:
            owner = self._links.pop(key, None)
            before.setdefault(key, (owner, None))

    def undone(self, link: Link) -> None:
        """`link` is rolled back. What it owned and somebody is just writing elsewhere is not pending again if that fails."""
        for before in self._lending:
            self._gone.update([key for key, (asked, _) in before.items() if asked is not None and asked.inside(link)])

    def gone(self, before: Before) -> list[int]:
        """What of this a rollback has forgotten meanwhile."""
        return [key for key in before if key in self._gone]

    def unwritten(self, before: Before) -> None:
        """This was not written after all, and is what it was `before`."""
        for key, (asked, lent) in before.items():
            if lent is None:
                self._lent.pop(key, None)
            else:
                self._lent[key] = lent
            owner = _open(asked)
            if owner is not None:
                self._links[key] = owner

    def flush(self, link: Link | None) -> None:
        """Code in `link` is about to have written what is pending, until `flushed`."""
        self._flushing.append(link)

    def flushed(self, link: Link | None) -> None:
        """It was, or has failed."""
        self._flushing.remove(link)
        if not self._flushing:
            self._lending.clear()
            self._gone.clear()

    def flushed_beside(self, link: Link) -> bool:
        """Whether somebody who is not in `link` is having written what is pending."""
        return any(one is None or not one.inside(link) for one in self._flushing)

    def kept(self, pending: dict[int, T], link: Link) -> dict[int, T]:
        """What of it stays when `link` is rolled back."""
        return {key: one for key, one in pending.items() if not self.owned(key, link)}

    def owned(self, key: int, link: Link) -> bool:
        """Whether it is to be written in `link`."""
        owner = self._links.get(key)
        return owner is not None and owner.inside(link)

    def given_back(self, link: Link) -> list[Lent]:
        """What was written in `link`, which is rolled back, though it belongs elsewhere. What `link` has lent nobody gives back to it."""
        lent = [one for one in self._lent.values() if one.owner is None or not one.owner.inside(link)]
        return self._given_back(lent, link)

    def taken(self, link: Link) -> list[Lent]:
        """What was written in `link`, a transaction of another session, which is rolled back: that owns nothing, nor has what was begun in it."""
        return self._given_back([*self._lent.values()], link)

    def _given_back(self, lent: list[Lent], link: Link) -> list[Lent]:
        found = [one for one in lent if one.link.inside(link)]
        self._lent = {id(one.instance): one for one in lent if not one.link.inside(link)}
        for one in found:
            self.note(one.instance, _open(one.owner))
        return found

    def left(self, link: Link) -> None:
        """A block that was in no other one has ended: what was pending in it is written, or forgotten."""
        self._links = {key: owner for key, owner in self._links.items() if not owner.inside(link)}
        self._lent = {key: one for key, one in self._lent.items() if not one.link.inside(link)}

    def expunge(self, instance: object) -> None:
        """It is not to be pending again."""
        self._lent.pop(id(instance), None)

    def expunge_all(self) -> None:
        """Nothing is to be pending again."""
        self._lent.clear()

    def forget(self) -> None:
        """All blocks have ended."""
        self._links.clear()
        self._lent.clear()


def _open(owner: Link | None) -> Link | None:
    """What it is to be written in, once its own block has ended."""
    while owner is not None and owner.ended:
        owner = owner.parent
    return owner
