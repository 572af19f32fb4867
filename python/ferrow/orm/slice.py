"""What pagination gives: `Page` by number, `Slice` by cursor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic

from ferrow.orm.generic import M


class Slice(Generic[M]):
    """Some rows of a query in its order, and the way to those beside them.

    Attributes:
        items: the instances.
        next: the cursor of the slice after this one, None if this is the last.
        previous: the cursor of the slice before this one, None if this is the first.
    """

    __slots__ = ("items", "next", "previous")

    def __init__(self, items: list[M], next: str | None, previous: str | None) -> None:
        self.items: list[M] = items
        self.next: str | None = next
        self.previous: str | None = previous

    def __iter__(self) -> Iterator[M]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<Slice of {len(self.items)}, next={self.next!r}, previous={self.previous!r}>"

    def _repr_html_(self) -> str:
        """The instances as a table, for notebooks."""
        from ferrow.model.notebook import instances

        return instances(self.items, repr(self)[1:-1])


class Page(Generic[M]):
    """One page of a query.

    Attributes:
        items: the instances.
        number: of the page, from 1 on.
        size: rows on a full page.
        total: rows of the whole query, as of the moment the items were read.
    """

    __slots__ = ("items", "number", "size", "total")

    def __init__(self, items: list[M], number: int, size: int, total: int) -> None:
        self.items: list[M] = items
        self.number: int = number
        self.size: int = size
        self.total: int = total

    @property
    def pages(self) -> int:
        """How many pages there are; 0 without rows."""
        return -(-self.total // self.size)

    @property
    def has_next(self) -> bool:
        """Whether there is a page after this one."""
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before this one."""
        return self.number > 1

    def __iter__(self) -> Iterator[M]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<Page {self.number} of {self.pages}: {len(self.items)} of {self.total}>"

    def _repr_html_(self) -> str:
        """The instances as a table, for notebooks."""
        from ferrow.model.notebook import instances

        return instances(self.items, repr(self)[1:-1])
