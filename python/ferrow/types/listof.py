"""Lists of values: in columns, and as parameters."""

from __future__ import annotations

from typing import Self, cast

from ferrow.types.base import SQLType


class ListOf(SQLType):
    """`list` of one type's values <-> an array (`text[]`) on PostgreSQL, JSON text on SQLite. None among them is NULL.

    In the JSON text elements are what SQLite stores of them: a boolean 0 or 1, a date its ISO text, a decimal its digits in
    quotes, bytes their hexadecimal digits. A list is ONE parameter, which is also how the right side of `in_` travels, so
    that lists of every length share one statement.
    """

    __slots__ = ()
    python = list
    ordered = False

    def __new__(cls, item: SQLType) -> Self:
        """Make the type of lists of `item`.

        Raises:
            TypeError: something that is no SQL type, or lists of lists, which have no common meaning (PostgreSQL's arrays of
                two dimensions must be rectangular): a JSON column holds those.
        """
        if not isinstance(item, SQLType) or isinstance(item, ListOf):
            msg = f"ListOf({item!r}): the elements are of one SQL type that is no list itself, as in ListOf(Text())"
            raise TypeError(msg)
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
        return {"postgresql": f"{self.item.name('postgresql')}[]", "sqlite": "JSON_TEXT", "mysql": "json"}
