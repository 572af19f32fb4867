"""Character strings."""

from __future__ import annotations

from typing import ClassVar, Self

from ferrow.types.base import SQLType


class Text(SQLType):
    """`str` <-> text of any length. The NUL character is refused by PostgreSQL (DataError)."""

    __slots__ = ()
    kind = "text"
    python = str
    oid: ClassVar[int | None] = 25
    names: ClassVar[dict[str, str]] = {"postgresql": "text", "sqlite": "TEXT", "mysql": "longtext"}


class String(Text):
    """`str` <-> text of at most `length` characters. PostgreSQL enforces the length, SQLite does not by itself."""

    __slots__ = ()
    oid: ClassVar[int | None] = 1043
    names: ClassVar[dict[str, str]] = {"postgresql": "varchar", "sqlite": "VARCHAR", "mysql": "varchar"}

    def __new__(cls, length: int) -> Self:
        """Make the type; `length` is in characters, 1 to 10485760 (PostgreSQL's limit).

        Raises:
            ValueError: a length outside that range.
        """
        if isinstance(length, bool) or not isinstance(length, int) or not 1 <= length <= 10_485_760:
            msg = f"String(length={length!r}): the length is a whole number of characters from 1 to 10485760; use Text() for no limit"
            raise ValueError(msg)
        return cls._known(length)

    @property
    def length(self) -> int:
        """The greatest number of characters."""
        (length,) = self.arguments
        assert isinstance(length, int)
        return length

    def name(self, dialect: str) -> str:
        """Return `varchar(n)`."""
        return f"{super().name(dialect)}({self.length})"
