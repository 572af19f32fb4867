"""Words of a fixed list."""

from __future__ import annotations

import enum
from typing import ClassVar, Self, cast

from ferrow.identifier import check_identifier, quoted_table
from ferrow.types.base import SQLType
from ferrow.types.text import Text

_LONGEST = 63  # bytes of a label; PostgreSQL's limit


class Enum(SQLType):
    """`str` <-> one of `labels`, which are in order: an enumerated type on PostgreSQL, text with a CHECK on SQLite.

    `create_all` creates the type, in `schema` or else in that of the table, and `drop_all` drops it when no table needs it any more.
    """

    __slots__ = ()
    kind = "text"
    python = str
    names: ClassVar[dict[str, str]] = {"sqlite": "TEXT", "mysql": "varchar(255)"}

    def __new__(
        cls, name: str | type[enum.Enum], labels: tuple[str, ...] | list[str] | None = None, schema: str | None = None
    ) -> Self:
        """Make the type, of a name and labels or of a Python enumeration, whose values are the labels.

        Raises:
            ValueError: no labels, one given twice, or one that is longer than 63 bytes.
            ProgrammingError: a name that no type can have.
        """
        if isinstance(name, type):
            labels = [member.value for member in name] if labels is None else labels
            name = name.__name__.lower()
        check_identifier(name, "type")
        return cls._known(name, checked_labels(name, labels or ()), schema)

    @property
    def type_name(self) -> str:
        """The type's name in the database."""
        return cast(str, self.arguments[0])

    @property
    def labels(self) -> tuple[str, ...]:
        """The words, in order."""
        return cast("tuple[str, ...]", self.arguments[1])

    @property
    def schema(self) -> str | None:
        """The schema the type is in; None: the default one."""
        return cast("str | None", self.arguments[2])

    def name(self, dialect: str) -> str:
        """Return the type's own name on PostgreSQL."""
        return quoted_table(self.type_name, self.schema) if dialect == "postgresql" else super().name(dialect)

    def within(self, schema: str) -> Self:
        """Return the type in the schema of its table, unless it says another one."""
        return type(self)(self.type_name, self.labels, schema) if self.schema is None else self

    def __repr__(self) -> str:
        place = "" if self.schema is None else f", schema={self.schema!r}"
        return f"Enum({self.type_name!r}, {list(self.labels)!r}{place})"


class TextEnum(Text):
    """`str` <-> one of `labels`, as text with a CHECK on every database."""

    __slots__ = ()

    def __new__(cls, labels: tuple[str, ...] | list[str]) -> Self:
        """Make the type. Raises ValueError as `Enum` does."""
        return cls._known(checked_labels("TextEnum", labels))

    @property
    def labels(self) -> tuple[str, ...]:
        """The words."""
        return cast("tuple[str, ...]", self.arguments[0])


def checked_labels(name: str, labels: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The labels as a tuple, each of which PostgreSQL takes."""
    known = tuple(labels)
    for label in known:
        if not isinstance(label, str) or "\0" in label or len(label.encode("utf-8", "surrogatepass")) > _LONGEST:
            msg = f"{label!r} cannot be a label of {name}: labels are texts of at most {_LONGEST} bytes without NUL"
            raise ValueError(msg)
    if not known or len(set(known)) < len(known):
        msg = f"the labels of {name} must be at least one, and different: {list(known)!r}"
        raise ValueError(msg)
    return known
