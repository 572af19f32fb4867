"""What must be unique, what refers to where, and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of
from ferrow.schema.compare.difference import (
    ChangedForeignKey,
    Difference,
    ExtraCheck,
    ExtraForeignKey,
    ExtraUnique,
    MissingCheck,
    MissingForeignKey,
    MissingUnique,
)
from ferrow.schema.compare.written import same_text
from ferrow.schema.index import indexes_of
from ferrow.schema.reference import target_of
from ferrow.schema.table import check_name, check_texts

if TYPE_CHECKING:
    from ferrow.model.table import Table
    from ferrow.schema.found import FoundForeignKey, FoundTable
    from ferrow.sql.dialect.base import Dialect


def described_uniques(table: Table) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], bool]]:
    """Attributes, names and nulls_not_distinct of what the description holds to be unique, primary key and indexes apart."""
    for column in table.columns:
        if column.unique and table.primary_key != (column,):
            yield (column.key,), (column.name,), False
    for unique in table.uniques:
        names = tuple(table.column(key).name for key in unique.columns)
        yield unique.columns, names, unique.nulls_not_distinct


def uniques(table: Table, found: FoundTable, dialect: Dialect) -> Iterator[Difference]:
    """Constraints and unique indexes alike keep a promise."""
    spelled = answers_of(dialect).spelled
    kept = {frozenset(map(spelled, unique.columns)) for unique in found.uniques}
    kept |= {
        frozenset(map(spelled, index.keys))
        for index in found.indexes
        if index.unique and index.where is None and not index.expressions and index.valid
    }
    kept.add(frozenset(map(spelled, found.primary_key)))
    promised = set()
    for keys, names, nulls in described_uniques(table):
        promised.add(frozenset(map(spelled, names)))
        if frozenset(map(spelled, names)) not in kept:
            yield MissingUnique(table, names, keys, nulls)
    promised |= {
        frozenset(spelled(table.column(key).name) for key in index.columns)
        for index in indexes_of(table)
        if index.unique
    }
    for unique in found.uniques:
        if frozenset(map(spelled, unique.columns)) not in promised:
            yield ExtraUnique(table, unique)


def references(table: Table, found: FoundTable, dialect: Dialect) -> Iterator[Difference]:
    """Foreign keys are known by their columns and where they lead."""
    spelled = answers_of(dialect).spelled

    def place(key: FoundForeignKey) -> tuple[tuple[str, ...], str]:
        return tuple(map(spelled, key.columns)), spelled(key.target)

    there = {place(key): key for key in found.foreign_keys}
    for reference in table.references:
        names = tuple(table.column(key).name for key in reference.columns)
        other = there.pop((tuple(map(spelled, names)), spelled(target_of(table, reference)[1])), None)
        if other is None:
            yield MissingForeignKey(table, reference, names)
        elif (_does(reference.ondelete), _does(reference.onupdate)) != (_does(other.ondelete), _does(other.onupdate)):
            yield ChangedForeignKey(table, reference, other)
    for extra in there.values():
        yield ExtraForeignKey(table, extra)


def _does(action: str | None) -> str | None:
    """RESTRICT is NO ACTION that does not wait for the end of the statement; MariaDB does not know one from the other."""
    return None if action in ("RESTRICT", "NO ACTION") else action


def checks(table: Table, found: FoundTable, dialect: Dialect) -> Iterator[Difference]:
    """Conditions are known by their names; those without are only counted, as databases write them in words of their own."""
    spelled = answers_of(dialect).spelled
    named = {spelled(name): check for check in table.checks if (name := check_name(table, check, dialect)) is not None}
    there = {spelled(check.name) for check in found.checks if check.name is not None}
    for name, described in named.items():
        if name not in there:
            yield MissingCheck(table, described, name)
    texts = check_texts(table, dialect)
    others = [check for check in found.checks if check.name is None or spelled(check.name) not in named]
    unknown = [check for check in others if not any(same_text(text, check.sql) for text in texts)]
    for check in unknown[: max(0, len(others) - (len(texts) - len(named)))]:
        yield ExtraCheck(table, check)
