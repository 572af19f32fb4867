"""What can differ about a column, each as a value that says so in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ferrow.schema.compare.about import About

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.schema.found import FoundColumn


@dataclass(frozen=True, slots=True)
class MissingColumn(About):
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
class ExtraColumn(About):
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
class TypeDiffers(About):
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
class NullabilityDiffers(About):
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
class DefaultDiffers(About):
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
class ComputedDiffers(About):
    """A column is computed and should not be, or the other way round."""

    column: Column
    found: FoundColumn

    def __str__(self) -> str:
        computed = self.found.computed
        here = f"computed of {computed}" if computed is not None else "not computed"
        return f"column {self.column.name!r} is {here} in the database, and {'not' if computed is not None else 'computed'} in {self.table.label}"


@dataclass(frozen=True, slots=True)
class NumberingDiffers(About):
    """The server numbers the rows in a column and should not, or the other way round."""

    column: Column
    found: FoundColumn

    def __str__(self) -> str:
        here = "is numbered" if self.found.numbered else "is not numbered"
        return f"column {self.column.name!r} {here} by the database, and {'not' if self.found.numbered else 'should be'} in {self.table.label}"


@dataclass(frozen=True, slots=True)
class LabelsDiffer(About):
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
