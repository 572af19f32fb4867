"""Indexes: by name, and where nobody gave one, by what they are over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ferrow.schema.answers import answers_of
from ferrow.schema.compare.constraints import described_uniques
from ferrow.schema.compare.difference import ChangedIndex, Difference, ExtraIndex, MissingIndex
from ferrow.schema.index import index_name, indexes_of

if TYPE_CHECKING:
    from ferrow.model.index import Index
    from ferrow.model.table import Table
    from ferrow.schema.found import FoundIndex, FoundTable
    from ferrow.sql.dialect.base import Dialect


def indexes(
    table: Table, found: FoundTable, dialect: Dialect, naming: Mapping[str, str] | None = None
) -> Iterator[Difference]:
    """Those the description asks for, then those only the database has.

    The texts of conditions and of expressions are not compared: no database gives back what it was given. An index whose
    condition changes is to get another name.
    """
    answers = answers_of(dialect)
    there = {answers.spelled(index.name): index for index in found.indexes}
    known: set[str] = set()
    for place, index in enumerate(described := indexes_of(table)):
        if index in described[:place] or not answers.has_method(index.method):
            continue
        name = index_name(table, index, dialect, naming)
        other = there.get(answers.spelled(name))
        if other is not None:
            known.add(answers.spelled(name))
            if not _same(table, index, other, dialect, closely=True):
                yield ChangedIndex(table, index, name, other)
        elif index.name is not None:
            yield MissingIndex(table, index, name)
        else:
            like = [one for one in there if _same(table, index, there[one], dialect, closely=False)]
            known.update(like)
            if not like and not _by_constraint(table, index, found, dialect):
                yield MissingIndex(table, index, name)
    promised = {frozenset(map(answers.spelled, names)) for _, names, _ in described_uniques(table)}
    for name, one in there.items():
        keeps_promise = one.unique and frozenset(map(answers.spelled, one.keys)) in promised
        if name not in known and not keeps_promise:
            yield ExtraIndex(table, one)


def _same(table: Table, index: Index, other: FoundIndex, dialect: Dialect, *, closely: bool) -> bool:
    answers = answers_of(dialect)
    names = [answers.spelled(table.column(key).name) for key in index.columns]
    plain = [answers.spelled(key) for place, key in enumerate(other.keys) if place not in other.expressions]
    descending = frozenset(place for place, key in enumerate(index.columns) if key in index.descending)
    if (
        names != plain
        or len(other.expressions) != len(index.sql)
        or (index.where is None) != (other.where is None)
        or (index.unique != other.unique if closely else index.unique and not other.unique)
        or not other.valid
    ):
        return False
    if index.sql and not closely:
        return False  # one expression is not another
    if answers.covers and (
        (index.method or "btree") != other.method
        or tuple(table.column(key).name for key in index.include) != other.include
        or index.nulls_not_distinct != other.nulls_not_distinct
    ):
        return False
    # Read backwards, an index in the other direction is the same.
    return descending == other.descending or len(names) == 1


def _by_constraint(table: Table, index: Index, found: FoundTable, dialect: Dialect) -> bool:
    """Whether a unique constraint, which is an index as well, does what it is for."""
    if index.sql or index.where is not None or index.include or (index.method or "btree") != "btree":
        return False
    spelled = answers_of(dialect).spelled
    names = [spelled(table.column(key).name) for key in index.columns]
    return any([*map(spelled, unique.columns)] == names for unique in found.uniques)
