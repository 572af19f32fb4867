"""Lists of values, as parameters."""

from __future__ import annotations

from typing import Self, cast

from ferrow.types.base import SQLType


class ListOf(SQLType):
    """`list` of one type's values, sent as ONE parameter: an array on PostgreSQL, a JSON text on SQLite.

    This is what the right side of `in_` travels as, so that lists of every length share one statement. SQLite has no array
    columns: `name("sqlite")` raises NotSupportedError.
    """

    __slots__ = ()
    python = list
    ordered = False

    def __new__(cls, item: SQLType) -> Self:
        """Make the type of lists of `item`."""
        return cls._known(item)

    @property
    def item(self) -> SQLType:
        """The type of the elements."""
        return cast(SQLType, self.arguments[0])

    def within(self, schema: str) -> SQLType:
        """Return the list of items within `schema`."""
        return type(self)(self.item.within(schema))

    @property
    def kind(self) -> str:  # type: ignore[override]  # depends on the item; everywhere else it is one per class
        """Return `list:` and the kind of the item."""
        return f"list:{self.item.kind}"

    @property
    def names(self) -> dict[str, str]:  # type: ignore[override]  # depends on the item
        """Return the DDL names."""
        return {"postgresql": f"{self.item.name('postgresql')}[]"}
