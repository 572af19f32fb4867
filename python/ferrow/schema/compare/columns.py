"""Columns, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of
from ferrow.schema.compare.difference import (
    ComputedDiffers,
    DefaultDiffers,
    Difference,
    ExtraColumn,
    LabelsDiffer,
    MissingColumn,
    NullabilityDiffers,
    NumberingDiffers,
    TypeDiffers,
)
from ferrow.schema.compare.family import family
from ferrow.schema.compare.written import same_text
from ferrow.schema.text import said
from ferrow.types import ListOf

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.table import Table
    from ferrow.schema.found import FoundColumn, FoundTable
    from ferrow.sql.dialect.base import Dialect

_WORD = re.compile(r"'((?:[^']|'')*)'")


def columns(table: Table, found: FoundTable, dialect: Dialect) -> Iterator[Difference]:
    """In the order of the description, then those only the database has."""
    answers = answers_of(dialect)
    there = {answers.spelled(column.name): column for column in found.columns}
    for column in table.columns:
        other = there.pop(answers.spelled(column.name), None)
        if other is None:
            yield MissingColumn(table, column, answers.obstacle(column))
        else:
            yield from _column(table, column, other, found, dialect)
    for extra in there.values():
        yield ExtraColumn(table, extra)


def _column(
    table: Table, column: Column, other: FoundColumn, found: FoundTable, dialect: Dialect
) -> Iterator[Difference]:
    answers = answers_of(dialect)
    described = (answers.identity(column) if column.autoincrement else answers.type(column)).split(" GENERATED ")[0]
    described = described.removesuffix(" AUTO_INCREMENT")
    item = column.type.item if isinstance(column.type, ListOf) else column.type
    labels: tuple[str, ...] = getattr(item, "labels", ())
    ours = family(described, bool(labels))
    theirs = family(other.type, other.enum is not None)
    if not answers.holds(theirs, ours):
        yield TypeDiffers(table, column, other, described, same_family=False)
    elif theirs == ours and not labels and answers.exact(other.type) != answers.exact(described):
        yield TypeDiffers(table, column, other, described, same_family=True)
    if labels:
        yield from _labels(table, column, labels, other, found, dialect)
    if (column.computed is None) != (other.computed is None):
        yield ComputedDiffers(table, column, other)
    # What is computed, or a key, takes no value or no NULL anyway, whatever is declared.
    elif column.nullable != other.nullable and not (column.primary_key or column.autoincrement or column.computed):
        yield NullabilityDiffers(table, column, other)
    if column.autoincrement != (other.numbered is not None) and not _also_numbered(column, other):
        yield NumberingDiffers(table, column, other)
    elif other.numbered is None and column.computed is None:
        default = None
        if column.server_default is not None:
            default = answers.default(column, said(column.server_default, dialect, f"{column!r}: server_default"))
        if not same_text(default, other.default):
            yield DefaultDiffers(table, column, other, default)


def _also_numbered(column: Column, other: FoundColumn) -> bool:
    """SQLite numbers any INTEGER PRIMARY KEY, asked or not."""
    return other.numbered == "auto" and column.primary_key


def _labels(
    table: Table, column: Column, labels: tuple[str, ...], other: FoundColumn, found: FoundTable, dialect: Dialect
) -> Iterator[Difference]:
    """The words of an enumerated type, or of the CHECK that stands for one."""
    if other.enum is not None:
        known = other.enum.labels
    else:
        name = re.escape(other.name)
        pattern = re.compile(rf'["`\[]?{name}["`\]]?\s+in\s*\((.*)\)', re.IGNORECASE | re.DOTALL)
        listed = next((match for check in found.checks if (match := pattern.fullmatch(check.sql.strip()))), None)
        if listed is None:
            return
        known = tuple(word.replace("''", "'") for word in _WORD.findall(listed.group(1)))
    missing = tuple(label for label in labels if label not in known)
    extra = tuple(label for label in known if label not in labels)
    if missing or extra:
        yield LabelsDiffer(table, column, missing, extra, addable=other.enum is not None)
