"""What can differ, each as a value that says so in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from ferrow.schema.found import FoundCheck, FoundColumn, FoundForeignKey, FoundIndex, FoundTable, FoundUnique

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.constraint import CheckConstraint
    from ferrow.model.index import Index
    from ferrow.model.reference import ForeignKeyConstraint
    from ferrow.model.table import Table


@dataclass(frozen=True, slots=True)
class _About:
    """`table` is the description that was compared."""

    table: Table

    conflicts: ClassVar[bool] = False
    """Whether programs that believe the description will fail, and nothing that could be added helps."""


@dataclass(frozen=True, slots=True)
class MissingTable(_About):
    """The database has no such table."""

    def __str__(self) -> str:
        return f"the table {self.table.name!r} is missing"


@dataclass(frozen=True, slots=True)
class NotATable(_About):
    """What has this name is a view."""

    found: FoundTable
    conflicts: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.table.name!r} is a {self.found.kind}"


@dataclass(frozen=True, slots=True)
class MissingColumn(_About):
    """The table lacks a column. `obstacle` says why it cannot be added to a table that may have rows, None if it can."""

    column: Column
    obstacle: str | None = None

    @property
    def conflicts(self) -> bool:  # type: ignore[override]  # depends on the column
        """Whether it cannot simply be added."""
        return self.obstacle is not None

    def __str__(self) -> str:
        return f"column {self.column.name!r} is missing" + (
            f" and cannot be added: {self.obstacle}" if self.obstacle else ""
        )


@dataclass(frozen=True, slots=True)
class ExtraColumn(_About):
    """The table has a column the description does not know. `required`: rows without a value for it are refused."""

    found: FoundColumn

    @property
    def required(self) -> bool:
        """Whether an INSERT that leaves it out fails."""
        column = self.found
        return not column.nullable and column.default is None and column.numbered is None and column.computed is None

    def __str__(self) -> str:
        return f"column {self.found.name!r} is in the database only" + (" and takes no NULL" if self.required else "")


@dataclass(frozen=True, slots=True)
class TypeDiffers(_About):
    """A column has another type. `same_family`: values still fit (another length, another size)."""

    column: Column
    found: FoundColumn
    described: str
    same_family: bool

    @property
    def conflicts(self) -> bool:  # type: ignore[override]  # depends on the types
        """Whether it holds other values."""
        return not self.same_family

    def __str__(self) -> str:
        return f"column {self.column.name!r} is {self.found.type} in the database and {self.described} in {self.table.label}"


@dataclass(frozen=True, slots=True)
class NullabilityDiffers(_About):
    """A column takes NULL and should not, or the other way round."""

    column: Column
    found: FoundColumn
    conflicts: ClassVar[bool] = True

    def __str__(self) -> str:
        words = ("NULL", "NOT NULL")
        return (
            f"column {self.column.name!r} is {words[not self.found.nullable]} in the database and "
            f"{words[not self.column.nullable]} in {self.table.label}"
        )


@dataclass(frozen=True, slots=True)
class DefaultDiffers(_About):
    """The server fills a column in another way. `described` is SQL text, None for no default."""

    column: Column
    found: FoundColumn
    described: str | None

    def __str__(self) -> str:
        return (
            f"column {self.column.name!r} has the default {self.found.default or 'NULL'} in the database and "
            f"{self.described or 'none'} in {self.table.label}"
        )


@dataclass(frozen=True, slots=True)
class ComputedDiffers(_About):
    """A column is computed and should not be, or the other way round."""

    column: Column
    found: FoundColumn

    def __str__(self) -> str:
        computed = self.found.computed
        here = f"computed of {computed}" if computed is not None else "not computed"
        return f"column {self.column.name!r} is {here} in the database, and {'not' if computed is not None else 'computed'} in {self.table.label}"


@dataclass(frozen=True, slots=True)
class NumberingDiffers(_About):
    """The server numbers the rows in a column and should not, or the other way round."""

    column: Column
    found: FoundColumn

    def __str__(self) -> str:
        here = "is numbered" if self.found.numbered else "is not numbered"
        return f"column {self.column.name!r} {here} by the database, and {'not' if self.found.numbered else 'should be'} in {self.table.label}"


@dataclass(frozen=True, slots=True)
class PrimaryKeyDiffers(_About):
    """Other columns are the primary key."""

    found: tuple[str, ...]

    def __str__(self) -> str:
        described = ", ".join(column.name for column in self.table.primary_key) or "none"
        return f"the primary key is ({', '.join(self.found) or 'none'}) in the database and ({described}) in {self.table.label}"


@dataclass(frozen=True, slots=True)
class MissingIndex(_About):
    """The table lacks an index, called `name`."""

    index: Index
    name: str

    def __str__(self) -> str:
        return f"index {self.name!r} is missing"


@dataclass(frozen=True, slots=True)
class ChangedIndex(_About):
    """An index of this name is over something else, unique or not, or was never completed."""

    index: Index
    name: str
    found: FoundIndex

    def __str__(self) -> str:
        here = "UNIQUE " if self.found.unique else ""
        return f"index {self.name!r} is {here}({', '.join(self.found.keys)}) in the database, and another one in {self.table.label}"


@dataclass(frozen=True, slots=True)
class ExtraIndex(_About):
    """The database has an index the description does not know."""

    found: FoundIndex

    def __str__(self) -> str:
        return f"index {self.found.name!r} is in the database only"


@dataclass(frozen=True, slots=True)
class MissingUnique(_About):
    """Nothing holds these columns to be unique: `columns` are their names in the database, `keys` the attributes."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    nulls_not_distinct: bool = False

    def __str__(self) -> str:
        return f"nothing makes ({', '.join(self.columns)}) unique in the database"


@dataclass(frozen=True, slots=True)
class ExtraUnique(_About):
    """The database holds columns to be unique, and the description does not know."""

    found: FoundUnique

    def __str__(self) -> str:
        return f"({', '.join(self.found.columns)}) is unique in the database only"


@dataclass(frozen=True, slots=True)
class MissingForeignKey(_About):
    """The table lacks a foreign key."""

    reference: ForeignKeyConstraint
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"the foreign key ({', '.join(self.columns)}) to {self.reference.table!r} is missing"


@dataclass(frozen=True, slots=True)
class ChangedForeignKey(_About):
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
class ExtraForeignKey(_About):
    """The database has a foreign key the description does not know."""

    found: FoundForeignKey

    def __str__(self) -> str:
        return f"the foreign key ({', '.join(self.found.columns)}) to {self.found.target!r} is in the database only"


@dataclass(frozen=True, slots=True)
class MissingCheck(_About):
    """The table lacks a named CHECK."""

    check: CheckConstraint
    name: str

    def __str__(self) -> str:
        return f"the check {self.name!r} is missing"


@dataclass(frozen=True, slots=True)
class ExtraCheck(_About):
    """The database has a CHECK the description does not know."""

    found: FoundCheck

    def __str__(self) -> str:
        return f"the check {self.found.name or self.found.sql!r} is in the database only"


@dataclass(frozen=True, slots=True)
class LabelsDiffer(_About):
    """An enumeration has other words. `missing` are those the database does not know yet, `extra` those only it knows.

    `addable`: the database can be told of the missing ones.
    """

    column: Column
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    addable: bool

    @property
    def conflicts(self) -> bool:  # type: ignore[override]  # depends on the database
        """Whether values of the description are refused for good."""
        return bool(self.missing) and not self.addable

    def __str__(self) -> str:
        parts = [f"lacks the label(s) {', '.join(map(repr, self.missing))}"] if self.missing else []
        parts += [f"has the label(s) {', '.join(map(repr, self.extra))} too"] if self.extra else []
        return f"column {self.column.name!r} {' and '.join(parts)} in the database"


Difference: TypeAlias = (
    MissingTable | NotATable | MissingColumn | ExtraColumn | TypeDiffers | NullabilityDiffers | DefaultDiffers | ComputedDiffers
    | NumberingDiffers | PrimaryKeyDiffers | MissingIndex | ChangedIndex | ExtraIndex | MissingUnique | ExtraUnique
    | MissingForeignKey | ChangedForeignKey | ExtraForeignKey | MissingCheck | ExtraCheck | LabelsDiffer
)  # fmt: skip
