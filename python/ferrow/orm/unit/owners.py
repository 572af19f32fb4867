"""Whose what is pending is, where begin() blocks and other tasks share a unit: a rollback forgets what its own block was to write, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from ferrow.engine.context import Link

T = TypeVar("T")


class Owners:
    """By the id of what is pending, the transaction that it is to be written in; none for what is the unit's own.

    What is added in a block belongs to it, and so does what is pending when it begins, unless somebody is writing that already. Of what is
    flushed elsewhere the block is no owner any more.
    """

    __slots__ = ("_flushing", "_links")

    def __init__(self) -> None:
        self._links: dict[int, Link] = {}
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

    def flush(self, link: Link | None, pending: Iterable[int]) -> None:
        """Code in `link` is about to have this written, until `flushed`."""
        for key in pending if self._links else ():
            owner = self._links.pop(key, None)
            while owner is not None and (link is None or not link.inside(owner)):
                owner = owner.parent
            if owner is not None:
                self._links[key] = owner
        self._flushing.append(link)

    def flushed(self, link: Link | None) -> None:
        """It was, or has failed."""
        self._flushing.remove(link)

    def flushed_beside(self, link: Link) -> bool:
        """Whether somebody who is not in `link` is having written what is pending."""
        return any(one is None or not one.inside(link) for one in self._flushing)

    def kept(self, pending: dict[int, T], link: Link) -> dict[int, T]:
        """What of it stays when `link` is rolled back."""
        links = self._links
        return {key: one for key, one in pending.items() if key not in links or not links[key].inside(link)}

    def forget(self) -> None:
        """All blocks have ended."""
        self._links.clear()
