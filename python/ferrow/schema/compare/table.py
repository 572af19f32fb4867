"""A description beside what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of
from ferrow.schema.compare.columns import columns
from ferrow.schema.compare.constraints import checks, references, uniques
from ferrow.schema.compare.difference import Difference, MissingTable, NotATable, PrimaryKeyDiffers
from ferrow.schema.compare.indexes import indexes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ferrow.model.table import Table
    from ferrow.schema.found import FoundTable
    from ferrow.sql.dialect.base import Dialect


def compare(
    table: Table, found: FoundTable | None, dialect: Dialect, *, naming: Mapping[str, str] | None = None
) -> list[Difference]:
    """What `table` says and the database does not do, and what the database has and `table` does not say.

    `naming` says what indexes without a name are called, where the class has no `__naming__`.
    """
    if found is None:
        return [MissingTable(table)]
    if found.kind != "table":
        return [NotATable(table, found)]
    return [
        *columns(table, found, dialect),
        *_key(table, found, dialect),
        *uniques(table, found, dialect),
        *indexes(table, found, dialect, naming),
        *references(table, found, dialect),
        *checks(table, found, dialect),
    ]


def _key(table: Table, found: FoundTable, dialect: Dialect) -> list[Difference]:
    spelled = answers_of(dialect).spelled
    described = {spelled(column.name) for column in table.primary_key}
    return [] if described == {*map(spelled, found.primary_key)} else [PrimaryKeyDiffers(table, found.primary_key)]
