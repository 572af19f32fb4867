"""What a table looks like, in a few words: what `engine.get_table_info` gives. `FoundTable` says all that the database knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ferrow.schema.found import FoundTable

ConstraintType: TypeAlias = Literal["PRIMARY KEY", "FOREIGN KEY", "UNIQUE", "CHECK"]


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column of a table that exists. `data_type` is as the database writes it; `default` is SQL text, None for none."""

    name: str
    data_type: str
    nullable: bool
    default: str | None = None
    is_primary_key: bool = False


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """An index that belongs to no constraint. Where it is over an expression, `columns` has its SQL text."""

    name: str
    columns: list[str]
    unique: bool = False


@dataclass(frozen=True, slots=True)
class ConstraintInfo:
    """A constraint. `name` is None where the database has none, as for primary keys; `columns` of a CHECK are not known: empty.

    `references_table` and `references_column` are those of a foreign key; of several columns, the first one.
    """

    name: str | None
    constraint_type: ConstraintType
    columns: list[str]
    references_table: str | None = None
    references_column: str | None = None


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table that exists."""

    name: str
    columns: list[ColumnInfo]
    indexes: list[IndexInfo]
    constraints: list[ConstraintInfo]


def info_of(found: FoundTable) -> TableInfo:
    """The same, with less."""
    columns = [
        ColumnInfo(one.name, one.type, one.nullable, one.default, one.name in found.primary_key)
        for one in found.columns
    ]
    indexes = [IndexInfo(one.name, list(one.keys), one.unique) for one in found.indexes]
    return TableInfo(found.name, columns, indexes, list(_constraints(found)))


def _constraints(found: FoundTable) -> Iterator[ConstraintInfo]:
    if found.primary_key:
        yield ConstraintInfo(None, "PRIMARY KEY", list(found.primary_key))
    for key in found.foreign_keys:
        yield ConstraintInfo(key.name, "FOREIGN KEY", list(key.columns), key.target, key.target_columns[0])
    for unique in found.uniques:
        yield ConstraintInfo(unique.name, "UNIQUE", list(unique.columns))
    for check in found.checks:
        yield ConstraintInfo(check.name, "CHECK", [])
