"""What can differ about indexes and constraints, each as a value that says so in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ferrow.schema.compare.about import About

if TYPE_CHECKING:
    from ferrow.model.constraint import CheckConstraint
    from ferrow.model.index import Index
    from ferrow.model.reference import ForeignKeyConstraint
    from ferrow.schema.found import FoundCheck, FoundForeignKey, FoundIndex, FoundUnique


@dataclass(frozen=True, slots=True)
class MissingIndex(About):
    """The table lacks an index, called `name`."""

    index: Index
    name: str

    def __str__(self) -> str:
        return f"index {self.name!r} is missing"


@dataclass(frozen=True, slots=True)
class ChangedIndex(About):
    """An index of this name is over something else, unique or not, or was never completed."""

    index: Index
    name: str
    found: FoundIndex

    def __str__(self) -> str:
        here = "UNIQUE " if self.found.unique else ""
        return f"index {self.name!r} is {here}({', '.join(self.found.keys)}) in the database, and another one in {self.table.label}"


@dataclass(frozen=True, slots=True)
class ExtraIndex(About):
    """The database has an index the description does not know."""

    found: FoundIndex

    def __str__(self) -> str:
        return f"index {self.found.name!r} is in the database only"


@dataclass(frozen=True, slots=True)
class MissingUnique(About):
    """Nothing holds these columns to be unique: `columns` are their names in the database, `keys` the attributes."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    nulls_not_distinct: bool = False

    def __str__(self) -> str:
        return f"nothing makes ({', '.join(self.columns)}) unique in the database"


@dataclass(frozen=True, slots=True)
class ExtraUnique(About):
    """The database holds columns to be unique, and the description does not know."""

    found: FoundUnique

    def __str__(self) -> str:
        return f"({', '.join(self.found.columns)}) is unique in the database only"


@dataclass(frozen=True, slots=True)
class MissingForeignKey(About):
    """The table lacks a foreign key."""

    reference: ForeignKeyConstraint
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"the foreign key ({', '.join(self.columns)}) to {self.reference.table!r} is missing"


@dataclass(frozen=True, slots=True)
class ChangedForeignKey(About):
    """A foreign key does something else when the row it refers to is deleted or gets another key."""

    reference: ForeignKeyConstraint
    found: FoundForeignKey

    def __str__(self) -> str:
        def words(ondelete: str | None, onupdate: str | None) -> str:
            return f"ON DELETE {ondelete or 'NO ACTION'} ON UPDATE {onupdate or 'NO ACTION'}"

        return (
            f"the foreign key ({', '.join(self.found.columns)}) is {words(self.found.ondelete, self.found.onupdate)} in the "
            f"database and {words(self.reference.ondelete, self.reference.onupdate)} in {self.table.label}"
        )


@dataclass(frozen=True, slots=True)
class ExtraForeignKey(About):
    """The database has a foreign key the description does not know."""

    found: FoundForeignKey

    def __str__(self) -> str:
        return f"the foreign key ({', '.join(self.found.columns)}) to {self.found.target!r} is in the database only"


@dataclass(frozen=True, slots=True)
class MissingCheck(About):
    """The table lacks a named CHECK."""

    check: CheckConstraint
    name: str

    def __str__(self) -> str:
        return f"the check {self.name!r} is missing"


@dataclass(frozen=True, slots=True)
class ExtraCheck(About):
    """The database has a CHECK the description does not know."""

    found: FoundCheck

    def __str__(self) -> str:
        return f"the check {self.found.name or self.found.sql!r} is in the database only"
