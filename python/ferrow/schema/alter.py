"""What brings a table that exists nearer to its description without losing anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ferrow.model.index import Index
from ferrow.schema.answers import answers_of
from ferrow.schema.column import column_text
from ferrow.schema.compare.difference import (
    ChangedIndex,
    Difference,
    LabelsDiffer,
    MissingColumn,
    MissingIndex,
    MissingTable,
    MissingUnique,
)
from ferrow.schema.ddl import create_table
from ferrow.schema.enum import create_type, enumerations
from ferrow.schema.index import create_index, drop_index
from ferrow.schema.reference import add_reference, inline_reference
from ferrow.schema.table import table_name

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.reference import ForeignKeyConstraint
    from ferrow.model.table import Table
    from ferrow.sql.dialect.base import Dialect


def additions(
    differences: Iterable[Difference], dialect: Dialect, *, naming: Mapping[str, str] | None = None
) -> list[str]:
    """The statements for those of the differences that something can be added for; nothing for the others.

    A changed index is dropped and created, which loses no row. `naming` as for `create_indexes`.
    """
    statements: list[str] = []
    for one in differences:
        if isinstance(one, MissingTable):
            statements += create_table(one.table, dialect, indexes_if_not_exist=False, naming=naming)
        elif isinstance(one, MissingColumn) and one.obstacle is None:
            statements += add_column(one.table, one.column, dialect)
        elif isinstance(one, MissingIndex):
            statements.append(create_index(one.table, one.index, dialect, if_not_exists=False, naming=naming))
        elif isinstance(one, ChangedIndex):
            statements.append(drop_index(one.table, one.found.name, dialect))
            statements.append(create_index(one.table, one.index, dialect, if_not_exists=False, naming=naming))
        elif isinstance(one, MissingUnique):
            index = Index(*one.keys, unique=True, nulls_not_distinct=one.nulls_not_distinct)
            statements.append(create_index(one.table, index, dialect, if_not_exists=False, naming=naming))
        elif isinstance(one, LabelsDiffer) and one.addable:
            statements += answers_of(dialect).add_labels(one.column, one.missing)
    return statements


def add_column(table: Table, column: Column, dialect: Dialect) -> list[str]:
    """ALTER TABLE ... ADD COLUMN, with the type it needs before and its foreign key.

    UNIQUE is left out: comparing says that it is missing, and an index keeps it.
    """
    answers = answers_of(dialect)
    types = [
        kind for kind in enumerations([table]) if kind is column.type or kind is getattr(column.type, "item", None)
    ]
    statements = [create_type(kind, dialect, if_not_exists=True) for kind in types] if answers.creates_types else []
    text = f"ALTER TABLE {table_name(table, dialect)} ADD COLUMN {column_text(column, dialect, unique=False)}"
    references = [key for key in table.references if key.columns == (column.key,)]
    if answers.adds_foreign_keys:
        statements.append(text)
        statements += [add_reference(table, key, dialect, if_not_exists=False) for key in references]
    else:
        statements.append(" ".join([text, *_inline(table, references, dialect)]))
    return statements


def _inline(table: Table, references: list[ForeignKeyConstraint], dialect: Dialect) -> list[str]:
    return [inline_reference(table, key, dialect) for key in references]
