"""What can differ, all of it: about tables here, about columns and keys in the files beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from ferrow.schema.compare.about import About
from ferrow.schema.compare.column_difference import (
    ComputedDiffers,
    DefaultDiffers,
    ExtraColumn,
    LabelsDiffer,
    MissingColumn,
    NullabilityDiffers,
    NumberingDiffers,
    TypeDiffers,
)
from ferrow.schema.compare.key_difference import (
    ChangedForeignKey,
    ChangedIndex,
    ExtraCheck,
    ExtraForeignKey,
    ExtraIndex,
    ExtraUnique,
    MissingCheck,
    MissingForeignKey,
    MissingIndex,
    MissingUnique,
)

if TYPE_CHECKING:
    from ferrow.schema.found import FoundTable

__all__ = [
    "ChangedForeignKey",
    "ChangedIndex",
    "ComputedDiffers",
    "DefaultDiffers",
    "Difference",
    "ExtraCheck",
    "ExtraColumn",
    "ExtraForeignKey",
    "ExtraIndex",
    "ExtraUnique",
    "LabelsDiffer",
    "MissingCheck",
    "MissingColumn",
    "MissingForeignKey",
    "MissingIndex",
    "MissingTable",
    "MissingUnique",
    "NotATable",
    "NullabilityDiffers",
    "NumberingDiffers",
    "PrimaryKeyDiffers",
    "TypeDiffers",
]


@dataclass(frozen=True, slots=True)
class MissingTable(About):
    """The database has no such table."""

    def __str__(self) -> str:
        return f"the table {self.table.name!r} is missing"


@dataclass(frozen=True, slots=True)
class NotATable(About):
    """What has this name is a view."""

    found: FoundTable
    conflicts: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.table.name!r} is a {self.found.kind}"


@dataclass(frozen=True, slots=True)
class PrimaryKeyDiffers(About):
    """Other columns are the primary key."""

    found: tuple[str, ...]

    def __str__(self) -> str:
        described = ", ".join(column.name for column in self.table.primary_key) or "none"
        return f"the primary key is ({', '.join(self.found) or 'none'}) in the database and ({described}) in {self.table.label}"


Difference: TypeAlias = (
    MissingTable | NotATable | MissingColumn | ExtraColumn | TypeDiffers | NullabilityDiffers | DefaultDiffers | ComputedDiffers
    | NumberingDiffers | PrimaryKeyDiffers | MissingIndex | ChangedIndex | ExtraIndex | MissingUnique | ExtraUnique
    | MissingForeignKey | ChangedForeignKey | ExtraForeignKey | MissingCheck | ExtraCheck | LabelsDiffer
)  # fmt: skip
